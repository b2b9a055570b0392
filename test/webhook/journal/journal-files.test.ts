import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type OpenFile, systemFiles, writeAll } from "../../../src/webhook/journal/journal-files.ts";

const folder = mkdtempSync(join(tmpdir(), "twilio-events-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the names in a folder", () => {
  test("are brought to the disk", async () => {
    await expect(systemFiles.syncFolder(folder)).resolves.toBeUndefined();
  });

  test.skipIf(process.platform === "win32")("are left alone where there is no such thing", async () => {
    await expect(systemFiles.syncFolder("/dev/null")).resolves.toBeUndefined();
  });

  test("of a folder that has gone are told as an error", async () => {
    await expect(systemFiles.syncFolder(join(folder, "gone"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

/** A file that takes so many bytes at each write. */
function fileTaking(...counts: readonly number[]): { readonly file: OpenFile; readonly written: () => string } {
  const left = [...counts];
  let text = "";
  const file = {
    async write(bytes: Buffer) {
      const count = Math.min(bytes.length, left.shift() ?? 0);
      text += bytes.toString("utf8", 0, count);
      return count;
    },
  } as OpenFile;
  return { file, written: () => text };
}

describe("bytes to be written", () => {
  test("are written to the last, however few are taken at a time", async () => {
    const { file, written } = fileTaking(1, 2, 100);
    await writeAll(file, Buffer.from("a line\n"));
    expect(written()).toBe("a line\n");
  });

  test("that are not taken at all are an error, not a wait without end", async () => {
    const { file } = fileTaking(3, 0);
    await expect(writeAll(file, Buffer.from("a line\n"))).rejects.toMatchObject({ code: "EIO" });
  });
});
