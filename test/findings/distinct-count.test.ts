import { describe, expect, test } from "vitest";
import { createDistinct, createHashList } from "../../src/findings/distinct-count.ts";

const ids = (count: number, prefix = "VW") => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe("a set of ids", () => {
  test("tells which are new, however many there are", () => {
    const distinct = createDistinct();
    const all = ids(20_000);
    expect(all.filter((id) => distinct.add(id))).toEqual(all);
    expect(all.filter((id) => distinct.add(id))).toEqual([]);
  });

  test("remembers at least the latest million", () => {
    const distinct = createDistinct();
    const million = 1 << 20;
    for (let id = 0; id < million * 2 - 1; id++) distinct.add(`VW${id}`);
    // The older million and the newer one are both there, each looked up in its own table.
    expect([0, million - 1, million, million * 2 - 2].filter((id) => distinct.add(`VW${id}`))).toEqual([]);
    // One more makes the newer million the older one: what came before is forgotten, and new again.
    expect([million * 2 - 1, million * 2 - 1, million, 0].map((id) => distinct.add(`VW${id}`))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe("a list of ids, made elsewhere", () => {
  test("counts all, and hands over those that the set is to be asked about", () => {
    const list = createHashList();
    for (const id of ["a", "a", "b", "a"]) list.add(id);
    const { hashes, came } = list.take();
    expect([came, hashes.count]).toEqual([4, 3]);
    expect(createDistinct().merge(hashes)).toBe(2);
  });

  test("begins anew when it was taken", () => {
    const list = createHashList();
    list.add("a");
    list.take();
    expect(list.take()).toMatchObject({ came: 0, hashes: { count: 0 } });
  });

  test("merged part by part is what one set makes of all", () => {
    const distinct = createDistinct();
    distinct.add("VW5");
    let fresh = 0;
    for (const part of [ids(3000), ids(2000), ids(10, "AC")]) {
      const list = createHashList();
      for (const id of part) list.add(id);
      fresh += distinct.merge(list.take().hashes);
    }
    expect(fresh).toBe(3009);
    expect(distinct.add("VW2999")).toBe(false);
  });
});
