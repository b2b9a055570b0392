import { describe, expect, test } from "vitest";
import { open } from "./opened.ts";
import { readBytes, readText } from "./read.ts";

const event = (id: string, note = "a"): string =>
  `{"specversion":"1.0","type":"com.twilio.voice.x","id":"${id}","data":{"note":"${note}"}}`;

describe("a line that is too long to be kept", () => {
  test("is handed on as it comes, if it is a list", () => {
    const { reader, pieces } = open();
    const push = (size: number): number => {
      reader.push(Buffer.from(`${event("VW1")},`.repeat(Math.ceil(size / event("VW1,").length))));
      return pieces.length;
    };
    reader.push(Buffer.from("["));
    expect(push(1_040_000)).toBe(0);
    const first = push(10_000);
    expect(first).toBeGreaterThan(12_000);
    expect(push(100_000)).toBe(first);
    expect(push(50_000)).toBeGreaterThan(first);
  });

  test("is kept as long as it may be a record", () => {
    const { reader, pieces } = open();
    reader.push(Buffer.from(`{"a":"${" ".repeat(2_000_000)}`));
    reader.push(Buffer.from(`"}\n[${"{},".repeat(400_000)}`));
    expect(pieces[0]).toMatchObject({ kind: "json", document: { spans: undefined } });
    expect(pieces.length).toBeGreaterThan(390_000);
  });

  const note = "ö€😀".repeat(40);
  const items = Array.from({ length: 4000 }, (_, index) => event(`VW${index}`, note));

  test.each([10_000, 100_000, 512 * 1024])(
    "of a list is read in parts, whose characters are whole: chunks of %i bytes",
    async (size) => {
      const { found, faults, counts } = await readBytes(
        Buffer.from(`${event("VWa")}\n[${items.join(",")}]\n${event("VWz")}\n`),
        size,
      );
      expect(faults).toEqual([]);
      expect(found).toHaveLength(items.length + 2);
      expect(found.every(({ value, id }) => /^VW[az]$/.test(String(id)) || JSON.stringify(value).includes(note))).toBe(
        true,
      );
      const bytes = (text: string): number => Buffer.byteLength(text);
      const first = bytes(`${event("VWa")}\n`);
      const at = items.slice(0, 3500).join(",");
      expect(found[3501]).toMatchObject({ line: 2, column: at.length + 3, offset: first + bytes(at) + 2 });
      expect(found.at(-1)).toMatchObject({
        id: "VWz",
        line: 3,
        column: 1,
        offset: first + bytes(`[${items.join(",")}]\n`),
      });
      expect(counts.lines).toBe(3);
    },
  );

  test("of objects one after the other is read", async () => {
    const { found, faults } = await readBytes(Buffer.from(items.join("")), 300_000);
    expect([found.length, faults, found[2000]?.line]).toEqual([4000, [], 1]);
  });

  test("of one value is read whole, up to the size of a record", async () => {
    const one = `{"note":"${"a".repeat(3_000_000)}","in":${event("VW1")}}`;
    const { found, faults } = await readBytes(Buffer.from(`${one}\n${event("VW2")}\n`), 100_000);
    expect(faults).toEqual([]);
    expect(found.map(({ id, path, line, column }) => [id, path, line, column])).toEqual([
      ["VW1", "in", 1, one.indexOf('"in":') + 6],
      ["VW2", "", 2, 1],
    ]);
  });

  test("beyond the size of a record is named, and hides nothing", async () => {
    const start = event("VW1").slice(0, -3);
    const { found, faults } = await readBytes(
      Buffer.from(`${start}${"a".repeat(17 * 1024 * 1024)}"}}\n${event("VW2")}\n`),
      512 * 1024,
    );
    expect(faults).toMatchObject([{ problem: expect.stringContaining("larger than 16 MiB"), line: 1 }]);
    expect(found.map(({ id, line }) => [id, line])).toEqual([["VW2", 2]]);
  });

  test("beyond the size of a record is named when it comes at once too", async () => {
    const objects = `${event("VW1")},`.repeat(10);
    const text = `{"a":[${objects}{}],"b":"${"a".repeat(16 * 1024 * 1024)}"}\n${event("VW2")}\n`;
    const { found, faults } = await readText(text);
    expect(faults).toMatchObject([{ problem: expect.stringContaining("larger than 16 MiB"), line: 1 }]);
    expect(found).toHaveLength(11);
  });

  test("of bytes that begin no character hides nothing", async () => {
    const start = Buffer.from(`[${items.slice(0, 3000).join(",")},`);
    const bytes = Buffer.concat([start, Buffer.alloc(700_000, 0x80), Buffer.from(`\n${event("VWz")}\n`)]);
    const { found } = await readBytes(bytes, 100_000);
    expect(found).toHaveLength(3001);
    expect(found.at(-1)).toMatchObject({ id: "VWz", line: 2, offset: bytes.length - event("VWz").length - 1 });
  });

  test("ends with its newline, also where that comes by itself", async () => {
    const first = `[${items.slice(0, 3000).join(",")},${event("VWx").slice(0, -4)}`;
    const { found, faults } = await readBytes(Buffer.from(`${first}\n${event("VWz")}\n`), Buffer.byteLength(first));
    expect(faults).toMatchObject([{ problem: "the line ends inside a string: it is cut off", line: 1 }]);
    expect(found.at(-1)).toMatchObject({ id: "VWz", line: 2, column: 1 });
  });

  test("ends at the end of the input too", async () => {
    const { found, faults } = await readBytes(Buffer.from(`[${items.join(",")}]`), 100_000);
    expect([found.length, faults]).toEqual([4000, []]);
  });
});
