import { beforeEach, describe, expect, test } from "vitest";
import { createRequestHandler, type ReceivedRequest } from "../../../src/features/listen/handle-request.ts";
import type { SignatureState, WebhookRequest } from "../../../src/webhook/webhook-request.ts";

/** A record in memory whose lines reach the disk when the test says so. */
function createKeeper() {
  const waiting: { line: Buffer; settle(failure?: Error): void }[] = [];
  return {
    waiting,
    append: (line: Buffer) =>
      new Promise<{ offset: number }>((resolve, reject) => {
        waiting.push({ line, settle: (failure) => (failure ? reject(failure) : resolve({ offset: 7 })) });
      }),
  };
}

let journal: ReturnType<typeof createKeeper>;
let rejected: ReturnType<typeof createKeeper>;
let shown: ReceivedRequest[];
let seen: Set<string>;
let signature: SignatureState;
let hasRoom: boolean;

beforeEach(() => {
  journal = createKeeper();
  rejected = createKeeper();
  shown = [];
  seen = new Set();
  signature = "ok";
  hasRoom = true;
});

const inbox = (options: Partial<Parameters<typeof createRequestHandler>[1]> = {}, isRecorded = true) =>
  createRequestHandler(
    {
      journal: isRecorded ? journal : undefined,
      rejected,
      recentIds: { has: (id) => seen.has(id), add: (id) => void seen.add(id) },
    },
    { respond: 204, ...options },
    () => signature,
    (arrival) => {
      shown.push(arrival);
      return hasRoom;
    },
  );

const delivery = (...ids: readonly string[]): WebhookRequest => ({
  receivedAt: 0,
  method: "POST",
  url: "/",
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify(ids.map((id) => ({ specversion: "1.0", id })))),
});

const junk: WebhookRequest = { ...delivery(), body: Buffer.from("junk") };

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The answer, or "waits" where there is none yet. */
async function now<T>(promise: Promise<T>): Promise<T | "waits"> {
  await turn();
  return Promise.race([promise, turn().then(() => "waits" as const)]);
}

const outcomes = () => shown.map(({ outcome }) => outcome);

describe("a request", () => {
  test("is answered when its line is on disk, and not before", async () => {
    const answer = inbox().handle(delivery("a"));
    expect(await now(answer)).toBe("waits");
    expect(shown).toEqual([]);
    journal.waiting[0]?.settle();
    expect(await answer).toEqual({ status: 204 });
    expect(shown).toMatchObject([{ outcome: "taken", answer: 204, offset: 7, line: journal.waiting[0]?.line }]);
  });

  test("that cannot be recorded is to come again, and is no second delivery then", async () => {
    const { handle: take } = inbox();
    const answer = take(delivery("a"));
    await turn();
    journal.waiting[0]?.settle(new Error("the disk is full"));
    expect(await answer).toEqual({ status: 503, retryAfter: 5 });
    expect(shown).toMatchObject([{ outcome: "lost", answer: 503, reason: "the disk is full" }]);
    const again = take(delivery("a"));
    await turn();
    journal.waiting[1]?.settle();
    expect(await again).toEqual({ status: 204 });
    expect(outcomes()).toEqual(["lost", "taken"]);
  });

  test("that holds junk or a bad signature is recorded and answered like any other", async () => {
    signature = "bad";
    const answer = inbox().handle(junk);
    await turn();
    journal.waiting[0]?.settle();
    expect(await answer).toEqual({ status: 204 });
    expect(JSON.parse(journal.waiting[0]?.line.toString() ?? "")).toMatchObject({ sig: "bad", body: "junk" });
  });

  test("that is neither recorded nor shown is to come again", async () => {
    hasRoom = false;
    const { handle: take } = inbox({}, false);
    expect(await take(delivery("a"))).toEqual({ status: 503, retryAfter: 5 });
    hasRoom = true;
    expect(await take(delivery("a"))).toEqual({ status: 204 });
    expect(outcomes()).toEqual(["taken", "taken"]);
  });

  test("waits with its answer for the delay, until there is haste", async () => {
    const { handle: take, hurry } = inbox({ respond: 200, respondDelay: 3600 }, false);
    const answer = take(delivery("a"));
    expect(await now(answer)).toBe("waits");
    hurry();
    expect(await answer).toEqual({ status: 200 });
  });
});

describe("a second delivery", () => {
  test("is answered alike, and not recorded", async () => {
    const { handle: take } = inbox();
    const first = take(delivery("a"));
    await turn();
    journal.waiting[0]?.settle();
    await first;
    expect(await take(delivery("a"))).toEqual({ status: 204 });
    expect(journal.waiting.length).toBe(1);
    expect(outcomes()).toEqual(["taken", "again"]);
  });

  test("waits for the first one's way to the disk", async () => {
    const { handle: take } = inbox();
    const answers = [take(delivery("a")), take(delivery("a")), take(delivery("a"))];
    await turn();
    expect(journal.waiting.length).toBe(1);
    journal.waiting[0]?.settle();
    expect(await Promise.all(answers)).toEqual([{ status: 204 }, { status: 204 }, { status: 204 }]);
    expect(outcomes().sort()).toEqual(["again", "again", "taken"]);
  });

  test("is recorded when the first one did not get there", async () => {
    const { handle: take } = inbox();
    const first = take(delivery("a"));
    const others = [take(delivery("a")), take(delivery("a"))];
    await turn();
    journal.waiting[0]?.settle(new Error("the disk is full"));
    expect(await first).toEqual({ status: 503, retryAfter: 5 });
    await turn();
    expect(journal.waiting.length).toBe(2);
    journal.waiting[1]?.settle();
    expect(await Promise.all(others)).toEqual([{ status: 204 }, { status: 204 }]);
    expect(outcomes().sort()).toEqual(["again", "lost", "taken"]);
  });

  test("of some of its events is recorded: the others are new", async () => {
    seen.add("a");
    const answer = inbox().handle(delivery("a", "b"));
    await turn();
    journal.waiting[0]?.settle();
    expect(await answer).toEqual({ status: 204 });
    expect(outcomes()).toEqual(["taken"]);
  });

  test("is recorded where that is asked for", async () => {
    seen.add("a");
    const answer = inbox({ keepDuplicates: true }).handle(delivery("a"));
    await turn();
    journal.waiting[0]?.settle();
    await answer;
    expect(outcomes()).toEqual(["taken"]);
  });

  test.each(["bad", "missing", "unverifiable"] as const)(
    "is not one of a request whose signature is %s, before or after",
    async (state) => {
      const { handle: take } = inbox();
      signature = state;
      const forged = take(delivery("a"));
      await turn();
      journal.waiting[0]?.settle();
      await forged;
      signature = "ok";
      const real = take(delivery("a"));
      await turn();
      journal.waiting[1]?.settle();
      await real;
      signature = state;
      const forgedAgain = take(delivery("a"));
      await turn();
      journal.waiting[2]?.settle();
      await forgedAgain;
      expect(outcomes()).toEqual(["taken", "taken", "taken"]);
    },
  );
});

describe("where it is asked for", () => {
  const reject = true;

  test.each([
    ["junk", "ok", junk, 400, "it is not JSON"],
    ["a bad signature", "bad", delivery("a"), 403, "its signature is bad"],
    ["a missing one", "missing", delivery("a"), 403, "its signature is missing"],
    ["JSON that none covers", "unverifiable", delivery("a"), 403, "its signature is unverifiable"],
  ] as const)("%s is turned away, once its bytes are on disk", async (_, state, request, status, reason) => {
    signature = state;
    const answer = inbox({ reject }).handle(request);
    expect(await now(answer)).toBe("waits");
    rejected.waiting[0]?.settle();
    expect(await answer).toEqual({ status });
    expect(journal.waiting).toEqual([]);
    expect(JSON.parse(rejected.waiting[0]?.line.toString() ?? "")).toMatchObject({ rejected: reason, sig: state });
    expect(shown).toMatchObject([{ outcome: "rejected", answer: status, reason }]);
  });

  test("a form and JSON without an event are not", async () => {
    const { handle: take } = inbox({ reject }, false);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect(await take({ ...junk, headers })).toEqual({ status: 204 });
    expect(await take({ ...junk, body: Buffer.from("{}") })).toEqual({ status: 204 });
  });

  test("503 makes Twilio try again", async () => {
    signature = "bad";
    const answer = inbox({ reject: 503 }).handle(delivery("a"));
    await turn();
    rejected.waiting[0]?.settle();
    expect(await answer).toEqual({ status: 503, retryAfter: 5 });
  });

  test("what cannot be kept is not turned away, but to come again", async () => {
    const answer = inbox({ reject }).handle(junk);
    await turn();
    rejected.waiting[0]?.settle(new Error("the disk is full"));
    expect(await answer).toEqual({ status: 503, retryAfter: 5 });
  });
});

describe("what the door refused", () => {
  test("is kept where Twilio may have sent it, with its length", async () => {
    const refusal = inbox().handleRejected({ status: 413, reason: "large", isKept: true, request: junk, length: 9 });
    await turn();
    expect(JSON.parse(rejected.waiting[0]?.line.toString() ?? "")).toMatchObject({ rejected: "large", length: 9 });
    rejected.waiting[0]?.settle(new Error("the disk is full"));
    await refusal;
    expect(shown).toMatchObject([{ outcome: "rejected", answer: 413, reason: "large" }]);
  });

  test("is only shown where a browser sent it", async () => {
    await inbox().handleRejected({ status: 403, reason: "a page", isKept: false, request: junk });
    expect(rejected.waiting).toEqual([]);
    expect(outcomes()).toEqual(["rejected"]);
  });
});
