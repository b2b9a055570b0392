import { expect, test } from "vitest";
import { createEventStore } from "../../src/calls/event-store.ts";

const source = { input: "log", line: 1, column: 1, offset: 0, path: "" };
const kept = (text: string) => ({ kind: "event" as const, text, source });

test("events are given back as they came, in their order", () => {
  const evidence = createEventStore(1000);
  for (const text of ["one", "zwö"]) evidence.add(1, kept(text), false);
  expect(evidence.of(1)).toEqual([kept("one"), kept("zwö")]);
  expect([evidence.size(1), evidence.size(2)]).toEqual([7, 0]);
  expect(evidence.of(2)).toEqual([]);
});

test("one that is too long is left where it stands, and its call is kept", () => {
  const evidence = createEventStore(1e6);
  evidence.add(1, kept("x".repeat(65_537)), true);
  evidence.add(1, kept("short"), false);
  expect(evidence.of(1)).toEqual([kept("short")]);
});

test("where there is no room calls go of which nothing wrong is known, then the oldest, and none comes back", () => {
  const evidence = createEventStore(100);
  evidence.add(1, kept("a".repeat(40)), true);
  evidence.add(2, kept("b".repeat(40)), false);
  evidence.add(3, kept("c".repeat(40)), true);
  expect([1, 2, 3].map((draft) => evidence.size(draft))).toEqual([40, 0, 40]);
  evidence.add(2, kept("b"), true);
  expect(evidence.of(2)).toEqual([]);
  evidence.add(4, kept("d".repeat(40)), true);
  expect([1, 3, 4].map((draft) => evidence.size(draft))).toEqual([0, 40, 40]);
});
