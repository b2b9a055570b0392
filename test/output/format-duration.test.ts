import { expect, test } from "vitest";
import { formatDuration } from "../../src/output/format-duration.ts";
import { share } from "../../src/output/html/bars.ts";

const hour = 3_600_000;

test.each([
  [80, "80 ms"],
  [47 * hour + 59 * 60_000, "47 h 59 min"],
  [48 * hour, "2 days"],
  [500 * hour, "21 days"],
])("%i ms are shown as %s", (ms, shown) => {
  expect(formatDuration(ms)).toBe(shown);
});

test.each([
  [0, 0, "0 %"],
  [1, 2000, "< 0.1 %"],
  [1, 20, "5.0 %"],
  [1, 3, "33 %"],
  [3, 3, "100 %"],
])("%i of %i is %s", (part, whole, shown) => {
  expect(share(part, whole)).toBe(shown);
});
