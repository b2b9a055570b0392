import { afterEach, describe, expect, test, vi } from "vitest";
import { OutputError } from "../../../src/errors.ts";
import { createDisplay, type Display } from "../../../src/features/listen/display.ts";
import type { ReceivedRequest } from "../../../src/features/listen/handle-request.ts";
import type { OutputItem } from "../../../src/output/items.ts";

const desks: Display[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
});

interface Around {
  readonly isRecorded?: boolean;
  readonly maxEvents?: number;
  /** What stands in the way of the result. */
  readonly failure?: Error;
  /** No event is in what comes. */
  readonly isBarren?: boolean;
}

/** A desk with what it shows, what it says, and the lines that it judged. */
function openDesk({ isRecorded = true, maxEvents, failure, isBarren }: Around = {}) {
  const shown: OutputItem[] = [];
  const said: string[] = [];
  const lines: number[] = [];
  const desk = createDisplay(
    { stderr: { isTerminal: false, columns: undefined, write: async (text) => void said.push(String(text)) } },
    {
      redactor: undefined,
      add: (item) => void shown.push(item),
      async flush() {
        if (failure !== undefined) throw failure;
      },
    },
    { name: isRecorded ? "night.ndjson" : undefined, lines: 0 },
    {
      find(arrival, line) {
        lines.push(line);
        const item = { kind: "arrival", answer: arrival.answer } as never;
        return isBarren
          ? { events: [], count: 0 }
          : { events: [{ read: undefined as never, findings: [], item }], count: 1 };
      },
      add: () => undefined,
      sweep: () => undefined,
    },
    maxEvents,
  );
  desks.push(desk);
  return { desk, shown, said, lines };
}

const arrival = (
  change: Partial<ReceivedRequest> = {},
  headers: Readonly<Record<string, string>> = {},
): ReceivedRequest => ({
  request: { receivedAt: 0, method: "POST", url: "/hooks", headers, body: Buffer.from("{}"), signature: "none" },
  outcome: "taken",
  answer: 204,
  ...change,
});

const forwarded = { kind: "forwarded", at: 0, what: "POST /hooks", ms: 5, status: 200 } as const;

describe("where the reader is slow", () => {
  test("and what comes is on disk, the rest is counted and its lines with it", async () => {
    const { desk, shown, lines } = openDesk();
    for (let count = 0; count < 10_000; count++) expect(desk.show(arrival())).toBe(true);
    expect(desk.show(arrival())).toBe(true);
    expect(desk.show(arrival({ outcome: "again" }))).toBe(true);
    desk.forwarded(forwarded);
    expect(desk.stats).toMatchObject({ taken: 10_001, again: 1, unshown: 3 });
    await vi.waitFor(() => expect(shown).toHaveLength(10_000), { timeout: 30_000 });
    desk.show(arrival());
    await desk.close();
    // The line that was not shown is one of the record all the same.
    expect(lines.at(-1)).toBe(10_002);
  });

  test("and nothing else keeps what comes, it is refused", () => {
    const { desk } = openDesk({ isRecorded: false });
    for (let count = 0; count < 10_000; count++) desk.show(arrival());
    expect(desk.show(arrival())).toBe(false);
    expect(desk.stats).toMatchObject({ taken: 10_000, unshown: 0 });
  });
});

describe("where the reader has gone", () => {
  const gone = new OutputError("the output cannot be written: write EPIPE", true);

  test("what comes is recorded all the same", async () => {
    const { desk, shown } = openDesk({ failure: gone });
    desk.show(arrival());
    await vi.waitFor(() => expect(shown).toHaveLength(1));
    desk.show(arrival());
    desk.forwarded(forwarded);
    await desk.close();
    expect(shown).toHaveLength(1);
    expect(desk.stats.taken).toBe(2);
  });

  test("and nothing is recorded, listening ends", async () => {
    const { desk } = openDesk({ failure: gone, isRecorded: false });
    desk.show(arrival());
    await expect(desk.ended).rejects.toBe(gone);
  });

  test("a full disk ends it too", async () => {
    const full = new OutputError("the output cannot be written: no space left on the device", false);
    const { desk } = openDesk({ failure: full });
    desk.show(arrival());
    await expect(desk.ended).rejects.toBe(full);
  });
});

test("after as many events as were asked for, no more are shown", async () => {
  const { desk, shown } = openDesk({ maxEvents: 2 });
  for (let count = 0; count < 4; count++) desk.show(arrival());
  desk.forwarded(forwarded);
  await desk.ended;
  await desk.close();
  expect(shown).toHaveLength(2);
  expect(desk.stats.taken).toBe(4);
});

describe("what is said", () => {
  test("tells why a request was turned away, and of one without an event", async () => {
    const { desk, said } = openDesk({ isBarren: true });
    desk.show(arrival({ outcome: "rejected", answer: 403, reason: "no signature" }, { "content-type": "text/plain" }));
    desk.show(arrival({ outcome: "lost", answer: 503 }));
    desk.show(arrival());
    await desk.close();
    expect(said).toEqual([
      "twilio-events: answered 403 to POST /hooks (text/plain, 2 bytes): no signature\n",
      "twilio-events: answered 503 to POST /hooks (no content type, 2 bytes): \n",
      "twilio-events: no event in POST /hooks (no content type, 2 bytes)\n",
    ]);
    expect(desk.stats.barren).toBe(1);
  });

  test("is counted where it comes fast, and told once a second and at the end", async () => {
    const { desk, said } = openDesk();
    for (let count = 0; count < 15; count++) desk.report(`trouble ${count}`);
    expect(said).toHaveLength(10);
    await vi.waitFor(() => expect(said.at(-1)).toBe("twilio-events: and 5 more of such notices\n"), {
      timeout: 30_000,
    });
    for (let count = 0; count < 12; count++) desk.report("more trouble");
    await desk.close();
    expect(said.at(-1)).toBe("twilio-events: and 2 more of such notices\n");
  });
});
