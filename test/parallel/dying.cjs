// A thread that reads nothing: it ends at its second work, by an error, or by itself where it is told to.
const { parentPort, workerData } = require("node:worker_threads");

let works = 0;
parentPort.on("message", ({ kind, part, range }) => {
  if (kind !== "read") return;
  works += 1;
  if (works === 2) {
    if (workerData.name === "extract") process.exit(9);
    throw new Error("out of luck");
  }
  parentPort.postMessage({ kind: "end", part, reached: range.end, problem: undefined });
});
