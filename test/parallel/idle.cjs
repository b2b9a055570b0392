// A thread that reads nothing: each work is one empty batch.
const { parentPort } = require("node:worker_threads");

parentPort.on("message", ({ kind, work, range }) => {
  if (kind !== "read") return;
  parentPort.postMessage({ kind: "batch", work, batch: undefined, tally: {} });
  parentPort.postMessage({ kind: "end", work, reached: range.end, problem: undefined });
});
