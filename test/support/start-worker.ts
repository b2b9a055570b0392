import { Worker } from "node:worker_threads";

/**
 * Starts a TypeScript file as a worker thread. Threads of Node.js 20 don't inherit `--import tsx`, so the thread loads
 * tsx itself.
 */
export function startWorker(url: string, workerData: object): Worker {
  const tsx = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const code = `import(${tsx}).then(({ register }) => { register(); return import(${JSON.stringify(url)}); });`;
  return new Worker(code, { eval: true, workerData });
}
