import { arch, cpus, totalmem, type } from "node:os";

/** The machine that this runs on, in words. */
export function machine() {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} cores (${cores[0]?.model.trim()}), ${memory} GB of memory, ${type()} ${arch()}, Node.js ${process.versions.node}`;
}
