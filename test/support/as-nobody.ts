/** The user "nobody" of Linux and macOS. */
const NOBODY = 65_534;

/** Does the work without root's permission to read everything. Other users do it as themselves. */
export async function asNobody<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
