import fc from "fast-check";
import { expect, test } from "vitest";
import { createColumns } from "../../../src/calls/store/columns.ts";
import { createInternTable, createTexts } from "../../../src/calls/store/intern.ts";
import { createSids, SID_INTS } from "../../../src/calls/store/sids.ts";

const digits = (characters: string, length: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: length, maxLength: length });

/** SIDs as Twilio writes them, and whatever else may stand in their place. */
const sid = fc.oneof(
  digits("0123456789abcdef", 32).map((rest) => `CA${rest}`),
  digits("0123456789abcdefABCDEF", 32).map((rest) => `VW${rest}`),
  digits("0123456789abcdef", 31).map((rest) => `CA${rest}`),
  fc.string({ maxLength: 40 }),
  fc.constant(undefined),
);

test("SIDs come out as they went in, and compare as their texts do", () => {
  fc.assert(
    fc.property(fc.array(sid, { maxLength: 60 }), (sids) => {
      const slab = createColumns({ ints: SID_INTS, floats: 0 });
      const column = createSids(slab, 0, createTexts());
      const records = sids.map((text) => {
        const record = slab.allocate();
        column.load(text);
        column.store(record);
        return record;
      });
      expect(records.map((record) => column.get(record))).toEqual(sids);
      for (const [index, one] of records.entries()) {
        const other = records[records.length - 1 - index] ?? one;
        const [first, second] = [column.get(one), column.get(other)];
        expect(column.isSame(one, other)).toBe(first === second);
        expect(Math.sign(column.compare(one, other))).toBe(
          (first ?? "") === (second ?? "") ? 0 : (first ?? "") < (second ?? "") ? -1 : 1,
        );
        expect(column.load(first)).toBe(column.load(column.get(one)));
        expect(column.isLoaded(one)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  `CA${"0f".repeat(16)}`,
  `ca${"0f".repeat(16)}`,
  `CA${"0F".repeat(16)}`,
  `CA${"é".repeat(32)}`,
  `CA${"~".repeat(32)}`,
  `@@${"0".repeat(32)}`,
  `[[${"0".repeat(32)}`,
  `{{${"0".repeat(32)}`,
  `C_${"0".repeat(32)}`,
  "CA1",
  "",
  undefined,
])("%s comes out as it went in", (text) => {
  const slab = createColumns({ ints: SID_INTS, floats: 0 });
  const column = createSids(slab, 0, createTexts());
  const [record, twin, another] = [slab.allocate(), slab.allocate(), slab.allocate()];
  const hash = column.load(text);
  for (const each of [record, twin]) column.store(each);
  expect(column.get(record)).toBe(text);
  expect(column.isLoaded(twin)).toBe(true);
  expect([column.isSame(record, twin), column.compare(record, twin)]).toEqual([true, 0]);
  if (text !== undefined) expect(column.hash(record)).toBe(hash);
  column.load(`CA${"1".repeat(32)}`);
  column.store(another);
  expect([column.isSame(record, another), column.isLoaded(record)]).toEqual([false, false]);
});

test("a record that was given back is used again, and the others keep what they hold", () => {
  const slab = createColumns({ ints: 1, floats: 1 });
  const records = Array.from({ length: 5000 }, (_, value) => {
    const record = slab.allocate();
    slab.setInt(record, 0, value);
    slab.setFloat(record, 0, value / 2);
    return record;
  });
  expect(new Set(records).size).toBe(5000);
  const freed = records.filter((_, index) => index % 3 === 0);
  for (const record of freed) slab.free(record);
  const again = freed.map(() => slab.allocate());
  expect(new Set(again)).toEqual(new Set(freed));
  for (const [value, record] of records.entries()) {
    if (value % 3 !== 0) expect([slab.int(record, 0), slab.float(record, 0)]).toEqual([value, value / 2]);
  }
});

test("a shared value stays as long as one record uses it", () => {
  const shared = createInternTable<string>();
  const make = (key: string): string => key.toUpperCase();
  const slot = shared.take("a", make);
  expect(shared.take("a", make)).toBe(slot);
  shared.release(slot);
  expect(shared.at(slot)).toBe("A");
  shared.release(slot);
  expect(shared.at(slot)).toBeUndefined();
  const many = Array.from({ length: 10_000 }, (_, index) => shared.take(`k${index}`, make));
  expect(many.map((each) => shared.at(each))).toEqual(many.map((_, index) => `K${index}`));
});
