import { describe, expect, test } from "vitest";
import { type FormatName, openRenderer } from "../../../src/output/formats/index.ts";
import { type TableContent, tableItem } from "../../../src/output/table-item.ts";
import type { Screen } from "../../../src/output/terminal/screen.ts";
import { cpuSince } from "../../cpu.ts";
import { pipe } from "../hostile.ts";

const types: TableContent = {
  columns: ["type", "status", "sinks"],
  rows: [
    ["status-callback.call.answered", "available", "webhook, kinesis, segment"],
    ["webhook.status-callback.call.answered", "deprecated", "webhook, kinesis"],
    ["média.北京"],
  ],
  value: [],
};

const terminal: Screen = { ...pipe, width: 80, terminal: true };

async function print(item: TableContent, screen: Screen, name: FormatName = "pretty"): Promise<string> {
  const renderer = await openRenderer(name, screen);
  return `\n${renderer.render(tableItem(item))}${renderer.end()}`;
}

describe("a table", () => {
  test("has borders on a terminal", async () => {
    expect(await print(types, { ...terminal, width: 100 })).toMatchInlineSnapshot(`
      "
      ┌───────────────────────────────────────┬────────────┬───────────────────────────┐
      │ type                                  │ status     │ sinks                     │
      ├───────────────────────────────────────┼────────────┼───────────────────────────┤
      │ status-callback.call.answered         │ available  │ webhook, kinesis, segment │
      │ webhook.status-callback.call.answered │ deprecated │ webhook, kinesis          │
      │ média.北京                            │            │                           │
      └───────────────────────────────────────┴────────────┴───────────────────────────┘
      "
    `);
  });

  test("has its widest columns cut to fit", async () => {
    expect(await print(types, { ...terminal, width: 60 })).toMatchInlineSnapshot(`
      "
      ┌───────────────────────────────────────┬─────────┬────────┐
      │ type                                  │ status  │ sinks  │
      ├───────────────────────────────────────┼─────────┼────────┤
      │ status-callback.call.answered         │ availa… │ webho… │
      │ webhook.status-callback.call.answered │ deprec… │ webho… │
      │ média.北京                            │         │        │
      └───────────────────────────────────────┴─────────┴────────┘
      "
    `);
    expect(await print(types, { ...terminal, width: 60, ascii: true })).toMatchInlineSnapshot(`
      "
      +---------------------------------------+---------+--------+
      | type                                  | status  | sinks  |
      +---------------------------------------+---------+--------+
      | status-callback.call.answered         | avai... | web... |
      | webhook.status-callback.call.answered | depr... | web... |
      | m\\u{E9}dia.\\u{5317}\\u{4EAC}           |         |        |
      +---------------------------------------+---------+--------+
      "
    `);
  });

  test("is aligned and whole on a pipe", async () => {
    expect(await print(types, { ...pipe, width: 40 })).toMatchInlineSnapshot(`
      "
      type                                   status      sinks
      status-callback.call.answered          available   webhook, kinesis, segment
      webhook.status-callback.call.answered  deprecated  webhook, kinesis
      média.北京
      "
    `);
  });

  test("has a header in bold", async () => {
    const output = await print(types, { ...terminal, color: true });
    expect(output.split("\u001b[1m")).toHaveLength(1 + 3);
  });
});

describe("a big table takes no more than three seconds", () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => [
    `status-callback.call.${i}`,
    "available",
    "webhook, kinesis",
  ]);
  const big: TableContent = { ...types, rows, value: rows };

  test.each([
    ["pretty", terminal],
    ["pretty", pipe],
    ["compact", pipe],
    ["ndjson", pipe],
    ["json", pipe],
  ] as const)("%s", async (name, screen) => {
    const start = process.cpuUsage();
    const output = await print(big, screen, name);
    expect(cpuSince(start)).toBeLessThan(12_000);
    expect(output).toContain("call.99999");
  });

  test.each([
    ["a megabyte", "x".repeat(1_000_000)],
    ["a megabyte of blanks", `${" ".repeat(1_000_000)}x`],
    ["100,000 newlines", "\n".repeat(100_000)],
    ["a megabyte of wide characters", "漢".repeat(350_000)],
  ])("one cell of %s", async (_, cell) => {
    for (const screen of [terminal, pipe]) {
      const start = process.cpuUsage();
      await print({ ...types, rows: [[cell], ...rows.slice(0, 499)] }, screen);
      expect(cpuSince(start)).toBeLessThan(4_000);
    }
  });
});
