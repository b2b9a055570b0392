import { createHash } from "node:crypto";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { GzipError, openText } from "../../src/input/gunzip.ts";
import { readBytes } from "./read.ts";

/** A line that packs badly, each another one. */
const line = (index: number): string => `${index} ${createHash("sha512").update(String(index)).digest("hex")}\n`;
const lines = (count: number): string => Array.from({ length: count }, (_, index) => line(index)).join("");

/** What is read of the bytes, in chunks of `size`, and what is said at the end. */
async function opened(bytes: Buffer, size = bytes.length): Promise<{ text: string; says: string | undefined }> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }
  let text = "";
  try {
    for await (const chunk of (await openText(chunks())).chunks) text += chunk.toString("latin1");
  } catch (error) {
    if (!(error instanceof GzipError)) throw error;
    return { text, says: error.message };
  }
  return { text, says: undefined };
}

const whole = lines(3000);
const packed = gzipSync(whole);
const before = "the gzip data is damaged or cut off here; what came before it was read";

describe("gzip", () => {
  test.each([1000, 16 * 1024, 100_000, packed.length])("in chunks of %i bytes is read whole", async (size) => {
    expect(await opened(packed, size)).toEqual({ text: whole, says: undefined });
  });

  test("of several members, in itself, and with zeros behind it is read whole", async () => {
    const members = Buffer.concat([gzipSync("one\n"), gzipSync("two\n"), Buffer.alloc(1000)]);
    expect(await opened(gzipSync(members), 7)).toEqual({ text: "one\ntwo\n", says: undefined });
  });

  test("with a wrong checksum is read whole, and named", async () => {
    const wrong = Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8, 1)]);
    expect(await opened(wrong, 50_000)).toEqual({ text: whole, says: before });
  });

  test.each([0.2, 0.5, 0.9])("damaged at %d of its length is read up to there", async (share) => {
    const at = Math.floor(packed.length * share);
    const wrong = Buffer.from(packed);
    wrong.fill(0xff, at, at + 300);
    const sound = gunzipSync(packed.subarray(0, at), { finishFlush: constants.Z_SYNC_FLUSH }).toString("latin1");
    const { text, says } = await opened(wrong, 40_000);
    expect(says).toBe(before);
    expect(text.startsWith(sound)).toBe(true);
    expect(sound.length).toBeGreaterThan(whole.length * share - 1000);
  });

  test.each([1, 9, 5000])("whose last %i bytes are missing is read up to there", async (missing) => {
    const cut = packed.subarray(0, -missing);
    const sound = gunzipSync(cut, { finishFlush: constants.Z_SYNC_FLUSH }).toString("latin1");
    expect(await opened(cut, 30_000)).toEqual({ text: sound, says: before });
  });

  test("of more than is kept says what it lost where it is damaged", async () => {
    const most = Buffer.concat(
      Array.from({ length: 17 * 16 }, (_, index) =>
        createHash("shake256", { outputLength: 65_536 }).update(String(index)).digest(),
      ),
    );
    const wrong = gzipSync(most, { level: 0 });
    wrong[wrong.length - 5] = ~(wrong.at(-5) ?? 0);
    const { text, says } = await opened(wrong, 512 * 1024);
    expect(says).toBe("the gzip data is damaged or cut off here; what came before it was read, but for the last 16 kB");
    expect(most.length - text.length).toBeLessThan(17 * 1024);
  });

  test.each([5, 100, 512 * 1024])("with text behind it, in chunks of %i bytes, is no silent end", async (size) => {
    for (const zeros of [0, 10, 300]) {
      const bytes = Buffer.concat([gzipSync("one\n"), Buffer.alloc(zeros), Buffer.from("two\n")]);
      expect(await opened(bytes, size)).toEqual({ text: "one\n", says: before });
    }
  });
});

test("what is wrong is reported where the text ends", async () => {
  const { faults } = await readBytes(Buffer.concat([gzipSync("one\ntwo"), Buffer.from("three\n")]));
  expect(faults).toMatchObject([{ rule: "json-syntax", line: 2, column: 4, offset: 7 }]);
});

test("an input that fails at its start is read up to there", async () => {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from("{}\n");
    throw new Error("no more");
  }
  const read: string[] = [];
  const { chunks: text } = await openText(chunks());
  await expect(async () => {
    for await (const chunk of text) read.push(chunk.toString());
  }).rejects.toThrow("no more");
  expect(read).toEqual(["{}\n"]);
});
