import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cpuSince } from "../cpu.ts";
import { bundleProgram, loadProgram, run } from "../fuzz/run-in-process.js";
import { begin, start } from "../support/spawn.js";
import { createOracle } from "./terminal-emulator.js";
import { listenTrials, mistakeTrials, payloadTrials, randomTrials } from "./terminal-trials.js";

// Some of each here; `npm run torture` runs all.

describe("the emulator tells", () => {
  const acting: Readonly<Record<string, string>> = {
    "a style": "\u001b[31mred\n",
    "a style that is not ours": "\u001b[5mblink\n",
    "hidden text": "\u001b[8mhidden\u001b[28m\n",
    "a title": "\u001b]0;pwned\u0007\n",
    "a title by C1": "\u009d0;pwned\u009c\n",
    "the clipboard": "\u001b]52;c;cm0=\u0007\n",
    "a link": "\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007\n",
    "a color query": "\u001b]10;?\u0007\n",
    "a cursor report": "\u001b[6n\n",
    "device attributes": "\u001b[c\n",
    "a settings request": '\u001bP$q"p\u001b\\\n',
    "the bell": "\u0007\n",
    "a cleared screen": "\u001b[2J\n",
    "a line erased above": "\u001b[1A\u001b[2K\n",
    "the other screen": "\u001b[?1049h\n",
    "mouse reports": "\u001b[?1003h\n",
    "bracketed paste": "\u001b[?2004h\n",
    "insert mode": "\u001b[4h\n",
    "no wraparound": "\u001b[?7l\n",
    "line drawing": "\u001b(0lqqk\n",
    "a full reset": "\u001bc\n",
    "a line written over": "error\rvalid\n",
    backspaces: "rm\b\bls\n",
    "a string without end": "\u001b_G\n",
  };

  test.each(Object.entries(acting))("%s", async (_, text) => {
    const oracle = createOracle();
    expect(await oracle.effectOf(`before\n${text}after\n`)).toBeDefined();
    oracle.dispose();
  });

  test.each(["plain\n", "\u001b[31mred\u001b[39m and \u001b[1mbold\u001b[22m\n", "a\tb\né 漢 🎉\n", "\\u{1B}[31m\n"])(
    "nothing of %j",
    async (text) => {
      const oracle = createOracle();
      expect(await oracle.effectOf(text)).toBeUndefined();
      oracle.dispose();
    },
  );
});

describe("no text acts on the terminal", { timeout: 300_000 }, () => {
  test("payloads, from each place, through each command, in each format", async () => {
    const { payloads, places, wrong } = await payloadTrials({ step: 29 });
    expect(wrong).toEqual([]);
    expect(payloads).toBeGreaterThanOrEqual(56);
    expect(places).toBeGreaterThanOrEqual(60);
  });

  test("random texts", async () => {
    expect((await randomTrials({ inputs: 1000 })).wrong).toEqual([]);
  });

  test("payloads in error messages and names of files", async () => {
    expect((await mistakeTrials({ step: 16 })).wrong).toEqual([]);
  });

  test("payloads in requests to a listener", async () => {
    expect((await listenTrials({ step: 27 })).wrong).toEqual([]);
  });
});

describe("tables", { timeout: 120_000 }, () => {
  let folder = "";
  const catalogue = (name: string, types: readonly object[]): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ types }));
    return path;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "twilio-events-table-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const available = (type: string) => ({ type, status: "available" });

  test.each(["pretty", "compact", "ndjson"])("of 100,000 rows take little time and memory: %s", async (format) => {
    const rows = Array.from({ length: 100_000 }, (_, at) => available(`com.twilio.voice.made.${at}`));
    const { code, stdout, peak, cpuMs } = await start(["types", "-f", format, "--types", catalogue("many.json", rows)]);
    expect(code).toBe(0);
    expect(stdout).toContain("made.99999");
    expect(peak).toBeLessThan(200_000_000);
    expect(cpuMs).toBeLessThan(3_000);
  });

  test("of 100,000 calls take little memory, and the first rows come before the last are made", async () => {
    const calls = function* (): Generator<Buffer> {
      const call = readFileSync("samples/calls/busy.ndjson", "utf8");
      for (let at = 0; at < 100_000; at++) {
        const digits = at.toString(16).padStart(8, "0");
        yield Buffer.from(call.replaceAll(/(CA|VW)[0-9a-f]{8}/g, `$1${digits}`));
      }
    };
    const { child, ended } = begin(["timeline"], { input: calls(), waits: true });
    if (child.stdout === null) throw new Error("no pipe");
    let rows = 0;
    let pieces = 0;
    for await (const piece of child.stdout) {
      pieces++;
      rows += String(piece).split("\n").length - 1;
    }
    const { code, peak } = await ended;
    expect(code).toBe(0);
    expect(rows).toBeGreaterThan(100_000);
    expect(pieces).toBeGreaterThan(100);
    expect(peak).toBeLessThan(250_000_000);
  });

  /** What cli-table3 would take as its own: a cell that is an object. */
  const cell = { content: "x", colSpan: 1_000_000, rowSpan: 1_000_000, href: "https://evil.example", hAlign: "right" };

  test("get no object as a cell", async () => {
    const program = loadProgram(await bundleProgram(folder));
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
  ])("bear a cell of %s", async (_, text) => {
    const program = loadProgram(await bundleProgram(folder));
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
