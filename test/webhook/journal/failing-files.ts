import { type Files, type OpenFile, systemFiles } from "../../../src/webhook/journal/journal-files.ts";

/** A call to the file system that is about to be made. */
export interface Call {
  /** Counted from 1. */
  readonly number: number;
  readonly name: keyof OpenFile | keyof Files;
  readonly path: string;
}

/** An error code to fail with, or how many of so many bytes a write takes. */
export type Fault = string | ((bytes: number) => number);

/**
 * The real file system, with a look at each call before it is made and after it succeeded. `before` may answer with a
 * fault: then nothing is done on disk, but for the bytes that a short write takes and the closing of what is to be closed.
 */
export function watchFiles(
  before: (call: Call) => Fault | undefined | Promise<Fault | undefined>,
  after: (call: Call) => void = () => undefined,
): Files {
  let number = 0;

  async function call<Result>(name: Call["name"], path: string, make: () => Promise<Result>): Promise<Result> {
    number += 1;
    const call: Call = { number, name, path };
    const fault = await before(call);
    if (typeof fault === "string") throw Object.assign(new Error(`${fault}: ${name}`), { code: fault });
    const result = await make();
    after(call);
    return result;
  }

  const watch = (path: string, file: OpenFile): OpenFile => ({
    read: (into, position) => call("read", path, () => file.read(into, position)),
    async write(bytes) {
      number += 1;
      const present: Call = { number, name: "write", path };
      const fault = await before(present);
      if (typeof fault === "string") throw Object.assign(new Error(`${fault}: write`), { code: fault });
      const length = fault === undefined ? bytes.length : fault(bytes.length);
      const written = length === 0 ? 0 : await file.write(bytes.subarray(0, length));
      after(present);
      return written;
    },
    datasync: () => call("datasync", path, () => file.datasync()),
    truncate: (size) => call("truncate", path, () => file.truncate(size)),
    stat: () => call("stat", path, () => file.stat()),
    async close() {
      // As close(2): what fails to close is closed nevertheless.
      await file.close();
      await call("close", path, async () => undefined);
    },
  });

  return {
    open: async (path, flags, mode) => watch(path, await call("open", path, () => systemFiles.open(path, flags, mode))),
    stat: (path) => call("stat", path, () => systemFiles.stat(path)),
    link: (from, to) => call("link", to, () => systemFiles.link(from, to)),
    rename: (from, to) => call("rename", to, () => systemFiles.rename(from, to)),
    unlink: (path) => call("unlink", path, () => systemFiles.unlink(path)),
    syncFolder: (path) => call("syncFolder", path, () => systemFiles.syncFolder(path)),
  };
}
