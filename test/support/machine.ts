import { arch, cpus, totalmem, type } from "node:os";

/** Describes this machine. */
export function machine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} cores (${cores[0]?.model.trim()}), ${memory} GB of memory, ${type()} ${arch()}, Node.js ${process.versions.node}`;
}
