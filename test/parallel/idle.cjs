// A thread that reads nothing: each work is one empty batch.
const { parentPort } = require("node:worker_threads");

parentPort.on("message", ({ kind, part, range }) => {
  if (kind !== "read") return;
  parentPort.postMessage({ kind: "result", part, result: undefined, stats: {} });
  parentPort.postMessage({ kind: "end", part, reached: range.end, problem: undefined });
});
