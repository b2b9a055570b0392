import { describe, expect, test } from "vitest";
import type { Forwarding } from "../../../src/features/listen/forward-requests.ts";
import { coverageOf, keptLine, readyLines } from "../../../src/features/listen/messages.ts";
import type { RecordFile } from "../../../src/features/listen/record-requests.ts";

type Ready = Parameters<typeof readyLines>[0];

const journal = { path: "/tmp/night.ndjson", size: 2048, recovered: { movedBytes: 0 } };
const record = { name: "night.ndjson", journal, lines: 3 } as unknown as RecordFile;
const torn = { ...record, journal: { ...journal, recovered: { movedBytes: 1234 } }, lines: 0 } as unknown as RecordFile;
const none = { name: undefined, journal: undefined, lines: 0 } as unknown as RecordFile;
const forwarding: Forwarding = {
  target: "http://127.0.0.1:3000/hooks",
  health: "takes connections",
  start: "from where the last run ended",
  counts: { delivered: 12, failing: 0, "given up": 0, unreadable: 0 },
  isBehind: () => false,
  stop: async () => undefined,
};
const publicUrl = new URL("https://abc.example.com/hooks");

const ready = (change: Partial<Ready>): string =>
  readyLines({
    origin: "http://127.0.0.1:4319",
    options: { host: "127.0.0.1", path: "/" },
    record: none,
    signatures: { isChecked: false, stateOf: () => "none", findings: () => [], failures: () => 0 },
    forwarding: undefined,
    isRedacted: false,
    width: 100,
    ...change,
  });

const checked: Ready["signatures"] = { isChecked: true, stateOf: () => "ok", findings: () => [], failures: () => 0 };

test("what is said when the listener is ready", async () => {
  const host = { host: "0.0.0.0", path: "/hooks" };
  const all = [
    ready({}),
    ready({ record, signatures: checked, forwarding, options: { host: "127.0.0.1", path: "/hooks", publicUrl } }),
    ready({ record: torn, signatures: checked, forwarding: { ...forwarding, start: "" } }),
    ready({ origin: "http://0.0.0.0:4319", options: host, isRedacted: true, width: 20 }),
    ready({ origin: "http://[::1]:4319", record, forwarding, isRedacted: true }),
    ready({ record, isRedacted: true }),
  ];
  await expect(all.join("\n")).toMatchFileSnapshot("listen-ready.txt");
});

describe("at the end", () => {
  const takings = { taken: 12, again: 0, rejected: 0, lost: 0, unshown: 0, barren: 0 };

  test.each([
    [takings, none, undefined, "Took 12 requests: 12 new."],
    [{ ...takings, taken: 1 }, record, undefined, "Took 1 request: 1 recorded in night.ndjson."],
    [
      { taken: 1200, again: 3, rejected: 2, lost: 1, unshown: 40, barren: 5 },
      record,
      undefined,
      "Took 1,206 requests: 1,200 recorded in night.ndjson, 3 delivered again, 5 without an event, 2 turned away, " +
        "1 answered 503, 40 not shown, for want of time.",
    ],
    [
      takings,
      record,
      forwarding,
      "Took 12 requests: 12 recorded in night.ndjson. 12 handed on to http://127.0.0.1:3000/hooks.",
    ],
    [
      takings,
      record,
      { ...forwarding, counts: { delivered: 5, failing: 4, "given up": 2, unreadable: 1 }, isBehind: () => true },
      "Took 12 requests: 12 recorded in night.ndjson. 5 handed on to http://127.0.0.1:3000/hooks, " +
        "4 answered with a failure, 2 given up (replay sends them again), 1 line unreadable, the rest when you listen again.",
    ],
  ])("%j", (took, kept, handedOn, sentence) => {
    expect(coverageOf(took, kept, handedOn)).toBe(sentence);
  });

  test("what the app has not taken is told by its file", () => {
    expect(keptLine(record)).toBe(
      "twilio-events: what your app has not taken is in /tmp/night.ndjson; replay sends it\n",
    );
  });
});
