import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cpuSince } from "../cpu.ts";
import { bundleProgram, loadProgram, type Program, run } from "../fuzz/run-in-process.ts";

// `npm run harden tables` makes tables of 100,000 rows.

describe("tables", { timeout: 120_000 }, () => {
  let folder = "";
  const catalogue = (name: string, types: readonly object[]): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ types }));
    return path;
  };
  let program: Program;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "twilio-events-table-"));
    program = loadProgram(await bundleProgram(folder));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const available = (type: string) => ({ type, status: "available" });

  /** A cell that cli-table3 would read as options. */
  const cell = { content: "x", colSpan: 1_000_000, rowSpan: 1_000_000, href: "https://evil.example", hAlign: "right" };

  test("don't use an object as a cell", async () => {
    const schemas = join(folder, "Voice.WebhookEvent");
    mkdirSync(schemas);
    writeFileSync(join(schemas, "9.json"), JSON.stringify({ description: cell, type: "object" }));
    const path = catalogue("objects.json", [
      { ...available("com.twilio.voice.x"), description: cell, schema_id: cell },
    ]);
    for (const argv of [
      ["types", "--types", path],
      ["schema", "--schemas", folder],
      ["schema", "--schemas", folder, "--diff", "Voice.WebhookEvent/2", "Voice.WebhookEvent/9"],
    ]) {
      const { stdout, cpuMs } = await timed(() => run(program, argv, [], { columns: 100 }));
      expect(program.leak(stdout, new RegExp(`\\n|${program.ownColors.source}`, "g"))).toBeUndefined();
      expect(stdout).not.toContain("evil.example");
      expect(cpuMs).toBeLessThan(1_000);
    }
  });

  test.each([
    ["a megabyte", "x".repeat(1_000_000)],
    ["100,000 newlines", "\n".repeat(100_000)],
    ["100,000 escapes", "\u001b[31m".repeat(100_000)],
    ["a megabyte of combining marks", `a${"\u0301".repeat(500_000)}`],
  ])("render a cell of %s in little time", async (_, text) => {
    const path = catalogue("large.json", [available(`com.twilio.voice.${text}`)]);
    for (const columns of [100, undefined]) {
      const { code, cpuMs } = await timed(() => run(program, ["types", "--types", path], [], { columns }));
      expect(code).toBe(0);
      expect(cpuMs).toBeLessThan(2_000);
    }
  });

  async function timed<Result>(work: () => Promise<Result>): Promise<Result & { readonly cpuMs: number }> {
    const start = process.cpuUsage();
    const result = await work();
    return { ...result, cpuMs: cpuSince(start) };
  }
});
