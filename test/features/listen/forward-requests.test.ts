import { expect, test } from "vitest";
import { itemOf, wordsOf } from "../../../src/features/listen/forward-requests.ts";
import type { ForwardResult } from "../../../src/webhook/forward/forwarder.ts";
import { noResponse } from "../../../src/webhook/network-error.ts";

const sid = `CA${"0f".repeat(16)}`;
const request = (body: string) => ({
  receivedAt: 0,
  method: "POST",
  url: "/hooks",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: Buffer.from(body),
  signature: "none" as const,
});
const form = request(`CallSid=${sid}&CallStatus=ringing`);
const answered = (status: number) => ({ status, ms: 12, head: "out of luck", digest: "", retryAfterMs: undefined });

const forwarded = (change: Partial<ForwardResult>): ForwardResult =>
  ({ verdict: "delivered", offset: 0, tries: 1, request: form, outcome: answered(200), ...change }) as ForwardResult;

test.each<readonly [string, Partial<ForwardResult>, object | undefined]>([
  ["an answer", {}, { what: `POST /hooks ${sid}`, ms: 12, status: 200 }],
  ["what tells no call", { request: request("ping") }, { what: "POST /hooks", status: 200 }],
  [
    "a failure, with the beginning of the answer",
    { verdict: "failing", outcome: answered(500) as never },
    { status: 500, head: "out of luck" },
  ],
  ["a second try", { tries: 2 }, { what: `POST /hooks ${sid} (try 2)` }],
  [
    "the last try",
    { tries: 6, verdict: "given up", outcome: noResponse("refused", 3) },
    {
      what: `POST /hooks ${sid} (try 6, given up; it is in the record)`,
      ms: 3,
      problem: "refuses connections; is the app running there?",
    },
  ],
  ["a line that cannot be read", { verdict: "unreadable", request: undefined, outcome: undefined }, undefined],
])("%s", (_, change, expected) => {
  const item = itemOf(forwarded(change), 1);
  if (expected === undefined) expect(item).toBeUndefined();
  else expect(item).toMatchObject({ at: 1, ...expected });
});

test("the beginning of an answer is shown only where it is no success", () => {
  expect(itemOf(forwarded({}), 1)).not.toHaveProperty("head");
});

test("it is said when the target goes and comes back, and where there is trouble", () => {
  const target = "http://127.0.0.1:3000/";
  expect(wordsOf({ kind: "down", problem: noResponse("refused", 3) } as never, target)).toBe(
    `${target} refuses connections; is the app running there?; what comes is kept and handed on later`,
  );
  expect(wordsOf({ kind: "up" } as never, target)).toBe(`${target} answers again`);
  expect(wordsOf({ kind: "trouble", words: "the cursor cannot be written" }, target)).toBe(
    "the cursor cannot be written",
  );
});
