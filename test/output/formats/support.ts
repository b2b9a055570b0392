import fc from "fast-check";
import { rules } from "../../../src/findings/rules.ts";
import type { Format } from "../../../src/output/items.ts";
import type { LocatedFinding } from "../../../src/output/located-finding.ts";
import type { RunInfo } from "../../../src/output/run-info.ts";
import { cpuSince } from "../../cpu.ts";
import { call, fault, numbers, payloads, pipe, places, source } from "../hostile.ts";
import { type ItemData, toItem } from "../item-data.ts";

/** A run over files of the names that inputs have, but for `-`. */
const about: RunInfo = {
  tool: { name: "twilio-events", version: "1.2.3" },
  rules: Object.entries(rules).map(([name, { severity, summary, help }]) => ({ name, severity, says: summary, help })),
  fileOf: (path) => (path === "-" ? undefined : { path, isInside: !path.startsWith("/") }),
};

/** An event with one finding, by what differs. */
export const event = (change: Partial<LocatedFinding>, id = "EZ1", input = source.input): ItemData => ({
  kind: "event",
  event: { ...call, id },
  source: { ...source, input },
  valid: false,
  findings: [{ ...fault, ...change }],
});

/** What ends a run. */
export const end: ItemData = { kind: "summary", summary: numbers, coverage: "Read all." };

/** All that the format prints of the items. */
export function print(format: Format, items: Iterable<ItemData>): string {
  const renderer = format(pipe, about);
  let text = "";
  for (const item of items) text += renderer.render(toItem(item));
  return text + renderer.end();
}

/** Every payload in every place. */
export const hostile = Object.values(places).flatMap((place) => Object.values(payloads).map(place));

/** What the names of GitHub, Markdown and XML do to a text, alone and together. */
const markup = fc
  .array(
    fc.oneof(
      fc.constantFrom("::", "%0A", "%25", ":", ",", "\r\n", "\n::error::", "##[set-output name=a;]", "=", "%"),
      fc.constantFrom("`", "``", "|", "\\|", "\\", "@all", "[a](https://b)", "](", "<b>", "<!--", "&lt;", "~~~", "```"),
      fc.constantFrom("]]>", "\ufffe", "\uffff", '"', "'", "{0}", "{", "}", "\\u{1B}", "\ud800", "/", "%2F", "é", "🎉"),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

/** Checks items with such text in any of their places. */
export const everywhere = (check: (item: ItemData, text: string) => void, numRuns = 2000): void =>
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(places)), markup, (place, text) => {
      check(place(text), text);
    }),
    { numRuns },
  );

/** The CPU milliseconds that the format takes for so many findings, and the longest piece that it writes at a time. */
export function strain(format: Format, findings: number): { readonly ms: number; readonly longest: number } {
  const renderer = format(pipe, about);
  const start = process.cpuUsage();
  let longest = 0;
  for (let i = 0; i < findings; i++) {
    longest = Math.max(longest, renderer.render(toItem(event({ line: i + 1 }, `EZ${i}`))).length);
  }
  longest = Math.max(longest, renderer.end().length);
  return { ms: cpuSince(start), longest };
}
