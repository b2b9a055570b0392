import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRecentIds, fillRecentIds, type RecentIds } from "../../../src/features/listen/recent-ids.ts";
import { systemFiles } from "../../../src/webhook/journal/journal-files.ts";
import { type RecordedRequest, toRecordLine } from "../../../src/webhook/webhook-request.ts";
import { watchFiles } from "../../webhook/journal/failing-files.ts";
import { open, requestsIn, temporaryFolder } from "../../webhook/journal/journal-lines.ts";

const folder = temporaryFolder();
let files = 0;
const fresh = (): string => join(folder, `${++files}.ndjson`);

const HOUR = 3_600_000;
const now = Date.parse("2026-11-23T12:00:00Z");

/** The same in the simplest way: all that was added, the latest last. */
function model(capacity: number, windowMs: number): RecentIds {
  const added: { readonly id: string; readonly time: number }[] = [];
  const has = (id: string, at: number): boolean => {
    const latest = added.findLast((each) => each.id === id);
    return latest !== undefined && at - latest.time <= windowMs;
  };
  return {
    windowMs,
    has,
    add(id, at) {
      if (has(id, at)) return;
      if (added.length === capacity) added.shift();
      added.push({ id, time: at });
    },
    addOlder(id, time) {
      if (added.length === capacity) return false;
      if (!added.some((each) => each.id === id)) added.unshift({ id, time });
      return true;
    },
  };
}

describe("ids that were seen", () => {
  test("count exactly as long and as many as told, whatever the order and the clock", () => {
    const step = fc.record({
      kind: fc.constantFrom("has", "add", "add", "addOlder"),
      id: fc.nat(40).map(String),
      // Clocks are set back, too.
      time: fc.integer({ min: -3, max: 10 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (steps, capacity) => {
        const seen = createRecentIds({ capacity, windowMs: 20 });
        const expected = model(capacity, 20);
        let clock = 1000;
        for (const { kind, id, time } of steps) {
          clock += time;
          if (kind === "add") {
            seen.add(id, clock);
            expected.add(id, clock);
          }
          if (kind === "addOlder") expect(seen.addOlder(id, clock)).toBe(expected.addOlder(id, clock));
          expect(seen.has(id, clock)).toBe(expected.has(id, clock));
        }
        for (let id = 0; id <= 40; id += 1) expect(seen.has(`${id}`, clock)).toBe(expected.has(`${id}`, clock));
      }),
      { numRuns: 2000 },
    );
  });

  test("are a million and those of four hours, unless told otherwise", { timeout: 30_000 }, () => {
    const seen = createRecentIds();
    for (let id = 0; id < 1_000_001; id += 1) seen.add(`EZ${id}`, now);
    expect([0, 1, 1_000_000, 1_000_001].map((id) => seen.has(`EZ${id}`, now + 4 * HOUR))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(seen.has("EZ1", now + 4 * HOUR + 1)).toBe(false);
  });
});

describe("a record's ids, from its end", () => {
  const event = (id: string, age: number, more: Partial<RecordedRequest> = {}): Buffer =>
    toRecordLine({
      receivedAt: now - age,
      method: "POST",
      url: "/",
      headers: { "content-type": "application/json" },
      signature: "ok",
      body: Buffer.from(JSON.stringify([{ specversion: "1.0", id }])),
      ...more,
    });

  const always = (): boolean => true;
  const known = (seen: RecentIds, ids: readonly string[]): string[] => ids.filter((id) => seen.has(id, now));

  test("count from the time they were recorded, if the caller counts their requests", async () => {
    const path = fresh();
    const lines = [
      event("old", 4 * HOUR + 1),
      event("a", 4 * HOUR),
      event("bad", HOUR, { signature: "bad" }),
      "no record\n",
      event("b", 2 * HOUR),
      event("two", HOUR, { body: Buffer.from('[{"specversion":"1.0","id":"c"},{"specversion":"1.0","id":"d"}]') }),
      event("", 0, { headers: { "ce-id": "e" }, body: Buffer.from("{}") }),
    ];
    writeFileSync(path, lines.join(""));
    const seen = createRecentIds();
    await fillRecentIds(seen, path, now, ({ signature }) => signature === "ok");
    const ids = ["old", "a", "bad", "b", "two", "c", "d", "e"];
    expect(known(seen, ids)).toEqual(["a", "b", "c", "d", "e"]);
    // Four hours after it was recorded.
    expect(ids.filter((id) => seen.has(id, now + 2 * HOUR))).toEqual(["b", "c", "d", "e"]);
  });

  test("are the latest ones where there are too many, and what comes afterwards pushes out the oldest", async () => {
    const path = fresh();
    writeFileSync(path, Array.from({ length: 100 }, (_, index) => event(String(index), 100 - index)).join(""));
    const seen = createRecentIds({ capacity: 10 });
    await fillRecentIds(seen, path, now, always);
    const all = Array.from({ length: 100 }, (_, index) => String(index));
    expect(known(seen, all)).toEqual(all.slice(90));
    seen.add("new", now);
    expect(known(seen, [...all, "new"])).toEqual([...all.slice(91), "new"]);
  });

  test("are not looked for further back than they can count", async () => {
    const path = fresh();
    const old = event("old", 5 * HOUR);
    writeFileSync(path, old);
    truncateSync(path, 4_000_000_000);
    writeFileSync(
      path,
      Buffer.concat([Buffer.from("\n"), old, event("late", HOUR), event("slow", 4 * HOUR + 1000), event("a", 0)]),
      {
        flag: "a",
      },
    );
    let reads = 0;
    const watched = watchFiles(({ name }) => {
      reads += name === "read" ? 1 : 0;
      return undefined;
    });
    const seen = createRecentIds();
    await fillRecentIds(seen, path, now, always, watched);
    expect(reads).toBeLessThan(3);
    // One that took its time stands behind later ones, and ends nothing.
    expect(known(seen, ["old", "late", "slow", "a"])).toEqual(["late", "a"]);
  });

  test("are none where there is no record; a fault of the disk is told", async () => {
    const seen = createRecentIds({ capacity: 10 });
    await fillRecentIds(seen, fresh(), now, always);
    const path = fresh();
    writeFileSync(path, event("a", 0));
    const failing = watchFiles(({ name }) => (name === "read" ? "EIO" : undefined));
    await expect(fillRecentIds(seen, path, now, always, failing)).rejects.toMatchObject({ code: "EIO" });
    expect(known(seen, ["a"])).toEqual([]);
    await fillRecentIds(seen, path, now, always, systemFiles);
    expect(known(seen, ["a"])).toEqual(["a"]);
  });

  test("tell 10,000 deliveries with 30 % repeats, over restarts: each event is recorded once", {
    timeout: 30_000,
  }, async () => {
    const path = fresh();
    const [events, repeats] = [7000, 3000];
    const deliveries = Array.from({ length: events }, (_, index) => String(index));
    const places = fc.sample(fc.tuple(fc.nat(events - 1), fc.nat(events + repeats)), { numRuns: repeats, seed: 3 });
    for (const [id, place] of places) deliveries.splice(place, 0, String(id));
    expect(deliveries).toHaveLength(events + repeats);
    let duplicates = 0;
    for (let from = 0; from < deliveries.length; from += 1000) {
      const journal = await open(path);
      const seen = createRecentIds();
      await fillRecentIds(seen, path, now, always);
      // As many at once as a listener may have.
      for (let first = from; first < from + 1000; first += 50) {
        const present = deliveries.slice(first, first + 50);
        const unseen = [...new Set(present)].filter((id) => !seen.has(id, now));
        duplicates += present.length - unseen.length;
        await Promise.all(unseen.map((id) => journal.append(event(id, 0)).then(() => seen.add(id, now))));
      }
      await journal.close();
    }
    const recorded = requestsIn(path).map(({ body }) => JSON.parse(body.toString())[0].id);
    expect(recorded).toHaveLength(events);
    expect(new Set(recorded).size).toBe(events);
    expect(duplicates).toBe(repeats);
  });
});
