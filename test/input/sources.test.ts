import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readFile } from "../../src/input/sources.ts";

const folder = mkdtempSync(join(tmpdir(), "twilio-events-file-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "bytes");

test("a file comes whole, in order, in chunks of at most the size", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 64 }), async (bytes, chunkSize) => {
      writeFileSync(path, bytes);
      const chunks: Buffer[] = [];
      for await (const chunk of readFile(path, chunkSize)) chunks.push(chunk);
      expect(Buffer.concat(chunks)).toEqual(Buffer.from(bytes));
      expect(chunks.filter(({ length }) => length === 0 || length > chunkSize)).toEqual([]);
    }),
  );
});

test("a chunk that was given stays as it was", async () => {
  writeFileSync(path, "abcdef");
  const chunks: Buffer[] = [];
  for await (const chunk of readFile(path, 2)) chunks.push(chunk);
  expect(chunks.map(String)).toEqual(["ab", "cd", "ef"]);
});

test("who stops early leaves no error behind, and the next reader starts anew", async () => {
  writeFileSync(path, "abcdef");
  for await (const chunk of readFile(path, 2)) {
    expect(String(chunk)).toBe("ab");
    break;
  }
  const again = readFile(path, 6);
  expect(String((await again.next()).value)).toBe("abcdef");
});

test.each([
  ["that is not there", join(folder, "nothing"), "ENOENT"],
  ["that is a folder", folder, "EISDIR"],
])("a file %s fails with the code of the system", async (_, name, code) => {
  await expect(readFile(name, 64).next()).rejects.toMatchObject({ code });
});
