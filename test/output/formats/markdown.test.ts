import { describe, expect, test } from "vitest";
import { rules } from "../../../src/findings/rules.ts";
import { markdown } from "../../../src/output/formats/markdown.ts";
import { fault, places, source } from "../hostile.ts";
import type { ItemData } from "../item-data.ts";
import { end, event, everywhere, print, strain } from "./support.ts";

describe("markdown", () => {
  /** The text without its code, as CommonMark finds it: a run of backticks up to the next of the same length. */
  const bare = (text: string): string =>
    text.replaceAll(/^(`{3,})\w*\n.*?\n\1$/gms, "").replaceAll(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/gs, "");

  test("groups findings by rule, the worst first, and tells of each where", () => {
    const other = event({ severity: "warning", rule: "response-slow", pointer: "", message: "slow" }, "EZ2");
    expect(print(markdown, [other, event({}), event({}, "EZ3"), end])).toMatchInlineSnapshot(`
      "## 1 event: invalid, 1 call

      | events | valid | invalid | calls | duplicates | errors | warnings | infos | inputs |
      | --- | --- | --- | --- | --- | --- | --- | --- | --- |
      | 1 | 0 | 1 | 1 | 0 | 1 | 0 | 0 | 1 |

      \`Read all.\`

      ### \`schema\`: 2 errors

      data breaks the schema version it names

      - \`must be an integer, found a string\`: \`events.ndjson:3:412\`, at \`/data/response/responseCode\`, event \`com.twilio.voice.status-callback.call.answered\` \`EZ1\` \`CA1\`
      - \`must be an integer, found a string\`: \`events.ndjson:3:412\`, at \`/data/response/responseCode\`, event \`com.twilio.voice.status-callback.call.answered\` \`EZ3\` \`CA1\`

      ### \`response-slow\`: 1 warning

      the server took long to answer

      - \`slow\`: \`events.ndjson:3:412\`, event \`com.twilio.voice.status-callback.call.answered\` \`EZ2\` \`CA1\`
      "
    `);
  });

  test("has nothing from outside but as code", () => {
    const canary = "@all [a](https://b.example) <b>x</b> www.c.example #1 **d** ~~e~~ ![f](g)";
    // The words of pages are our own, which may hold links.
    for (const [where, place] of Object.entries(places).filter(([name]) => !name.startsWith("page "))) {
      const text = print(markdown, [place(canary)]);
      expect(bare(text), where).not.toMatch(/@all|b\.example|<b>|www|#1|\*\*d|~~e/);
    }
    everywhere((item, text) => {
      if (item.kind === "page") return;
      const output = bare(print(markdown, [item]));
      if (/@all|https:/.test(text)) expect(output).not.toMatch(/@all|https:/);
    });
  });

  test("keeps every row of a table in its columns", () => {
    const pipes = "a|b\\|c\\\\|@all";
    for (const place of Object.values(places)) {
      const rows = print(markdown, [place(pipes)])
        .split("\n")
        .filter((line) => line.startsWith("| "));
      const columns = rows.map((line) => line.split("|").length);
      expect(new Set(columns).size).toBeLessThanOrEqual(1);
    }
  });

  test("fits a comment, whatever was found", () => {
    const long = "x".repeat(5000);
    const items = Object.keys(rules).flatMap((rule) =>
      Array.from({ length: 50 }, (_, i) => event({ rule, message: `${i}${long}`, pointer: `/${long}` }, long, long)),
    );
    const shown = Array.from({ length: 300 }, () => "`".repeat(400)).join("\n");
    const bodies: ItemData[] = Array.from({ length: 50 }, () => ({
      ...{ kind: "body", event: { id: long }, source, charset: "utf-8", bytes: 1, body: "twiml" },
      ...{ text: shown, shown, findings: [{ ...fault, message: long }] },
    }));
    const text = print(markdown, [...items, ...bodies, end]);
    expect(text.length).toBeGreaterThan(30_000);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/\d+ more rules with findings\n/);
    expect(bare(text)).not.toContain("xxx");
  });

  test("takes 10,000 findings in a second or two, and holds back a part of them", () => {
    const { ms, longest } = strain(markdown, 10_000);
    expect(ms).toBeLessThan(4_000);
    expect(longest).toBeLessThan(1_000_000);
  });
});
