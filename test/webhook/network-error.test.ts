import { expect, test } from "vitest";
import { mayHaveArrived, toNoResponse } from "../../src/webhook/network-error.ts";

const coded = (code: unknown) => Object.assign(new Error("no luck"), { code });

test.each([
  [coded("ECONNREFUSED"), "refused", "refuses connections; is the app running there?", false],
  [coded("EPIPE"), "reset", "closed the connection without an answer", true],
  [coded("HPE_INVALID_CONSTANT"), "protocol", "answered something that is not HTTP", true],
  [coded("DEPTH_ZERO_SELF_SIGNED_CERT"), "tls", expect.stringContaining("(DEPTH_ZERO_SELF_SIGNED_CERT)"), false],
  [coded("EHOSTUNREACH"), "unreachable", "cannot be reached (EHOSTUNREACH)", false],
  [coded("toString"), "unreachable", "cannot be reached (toString)", false],
  [coded(7), "unreachable", "cannot be reached", false],
  [new Error("no luck"), "unreachable", "cannot be reached", false],
  ["no luck", "unreachable", "cannot be reached", false],
])("%o is %s", (error, problem, words, mayHave) => {
  const told = toNoResponse(error, 5);
  expect(told).toEqual({ problem, ms: 5, words });
  expect(mayHaveArrived(told)).toBe(mayHave);
});
