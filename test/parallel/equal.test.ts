import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { assert, asyncProperty, constantFrom, integer } from "fast-check";
import { describe, expect, test } from "vitest";
import { run } from "../cli/harness.ts";
import { allSamples, both, fileOf } from "./inputs.ts";

const ndjson = readFileSync("samples/calls/forwarded.ndjson", "utf8");
const lines = ndjson.trimEnd().split("\n");
const pretty = lines.map((line) => JSON.stringify(JSON.parse(line), null, 2));
const samples = fileOf("samples.log", allSamples());

const formats = {
  validate: ["pretty", "pretty --verbose", "compact", "json", "ndjson"],
  timeline: ["pretty", "pretty --all --verbose", "compact", "json", "ndjson", "markdown --no-redact", "mermaid"],
} as const;

const views = Object.entries(formats).flatMap(([command, names]) => names.map((name) => `${command} -f ${name}`));

describe("output is byte for byte that of one thread", { timeout: 60_000 }, () => {
  test.each([...views, "extract"].map((view, at) => ({ view, jobs: 2 + (at % 4), range: 1000 * 5 ** (at % 3) })))(
    "all samples: $view, $jobs threads, $range bytes",
    async ({ view, jobs, range }) => {
      const [alone, spread] = await both(`${view} ${samples}`, jobs, range);
      expect(spread).toEqual(alone);
    },
  );

  test.each(["event", "batch", "ndjson", "kinesis", "lambda", "cloudwatch", "docker", "cri"])(
    "sample --form %s",
    async (form) => {
      const { stdout } = await run(`twilio-events sample --calls 30 --seed 7 --form ${form}`);
      const file = fileOf(`form-${form}`, stdout);
      for (const view of ["validate -f ndjson", "timeline -f json"]) {
        const [alone, spread] = await both(`${view} ${file}`, 3, 5000);
        expect(alone.stdout).not.toBe("");
        expect(spread).toEqual(alone);
      }
    },
  );

  const odd: Readonly<Record<string, string | Buffer>> = {
    "no byte": "",
    "one line": `${lines[0]}\n`,
    "one line without its end": `${lines[0]}`,
    "no newline at the end": ndjson.trimEnd(),
    "CR and LF": ndjson.replaceAll("\n", "\r\n"),
    "marks of byte order": lines.map((line) => `\ufeff${line}\n`).join(""),
    "blank lines": ndjson.replaceAll("\n", "\n\n\n"),
    "NUL padding": Buffer.from(`${ndjson}${"\0".repeat(9000)}\n${ndjson}${"\0".repeat(3000)}`),
    "broken lines": lines
      .map((line, at) => `${at % 3 === 1 ? line.slice(0, 300) : line}\n`)
      .join("")
      .repeat(4),
    "events over lines": `${pretty.join("\n")}\n`,
    "an array over lines": `[\n${pretty.join(",\n")}\n]\n`,
    "an array with an event a line": `[\n${lines.join(",\n")}\n]\n`,
    "an array on one line": `[${lines.join(",").repeat(9)}]`.replaceAll("}{", "},{"),
    "a value that never ends": `${ndjson}{"log": [\n${ndjson.repeat(3)}`,
    "an event that never ends": `${ndjson}${pretty[0]?.slice(0, 400)}\n${ndjson.repeat(3)}`,
    "console.log of objects": `${pretty
      .join("\n")
      .replaceAll(/"(\w+)":/g, "$1:")
      .replaceAll('"', "'")}\n${ndjson}`,
    "no ASCII": ndjson.replaceAll("outbound", "ausgehend ä 日本"),
    "bytes that are no UTF-8": Buffer.from(ndjson.replaceAll("outbound", "ausgehend ä"), "latin1"),
    "docker's parts of lines": lines
      .flatMap((line) => [line.slice(0, 500), `${line.slice(500)}\n`])
      .map((log) => `${JSON.stringify({ log, stream: "stdout", time: "2025-08-24T13:50:43.871Z" })}\n`)
      .join(""),
    "Kubernetes' parts of lines": lines
      .flatMap((line) => [`P ${line.slice(0, 500)}`, `F ${line.slice(500)}`])
      .map((part) => `2025-08-24T13:50:43.871Z stdout ${part}\n`)
      .join(""),
    gzip: gzipSync(ndjson.repeat(50), { level: 0 }),
    "gzip that is cut off": gzipSync(ndjson.repeat(50), { level: 0 }).subarray(0, 60_000),
    "UTF-16": Buffer.from(`\ufeff${ndjson.repeat(3)}`, "utf16le"),
    "no event": "nothing to see here\n".repeat(2000),
  };

  test.each(Object.keys(odd))("%s", async (name) => {
    const file = fileOf(`odd-${name.replaceAll(/\W/g, "-")}.json`, odd[name] ?? "");
    for (const view of ["validate -f json", "validate -f ndjson", "timeline --all"]) {
      const [alone, spread] = await both(`${view} ${file}`, 2, 2000);
      expect(spread).toEqual(alone);
    }
  });

  test("several inputs, one of them missing, one packed", async () => {
    const packed = fileOf("packed.gz", gzipSync(ndjson));
    const small = fileOf("small.ndjson", `${lines[1]}\n`);
    const inputs = [small, packed, samples, fileOf("none.json", "{}"), "missing.json", small];
    for (const view of ["validate", "validate -f ndjson", "timeline -f json", "extract"]) {
      const [alone, spread] = await both(`${view} ${inputs.join(" ")}`, 2, 30_000);
      expect(alone.code).toBe(2);
      expect(spread).toEqual(alone);
    }
  });

  test.each([
    "validate --limit 5",
    "validate --max-warnings 3",
    "validate --fail-on warning --rule sid-format=error",
    "validate --rule json-syntax=off -f compact",
    "validate --type *.completed -f ndjson",
    "validate --since 2025-08-24T13:00Z --status completed",
    "validate --schemas test/cli/input/schemas --types test/cli/input/types.json -f json",
    "extract --limit 3",
    "timeline --limit 20",
    "timeline --status completed -f json",
    "timeline --sort findings --rule call-open=off",
  ])("%s", async (line) => {
    const [alone, spread] = await both(`${line} ${samples}`, 3, 10_000);
    expect(spread).toEqual(alone);
  });

  test("one call, by a part of its SID, and its legs, which only their first event names", async () => {
    const { stdout } = await run("twilio-events sample forwarded --calls 2 --seed 3");
    const isOf = (sid: string) => (line: string) => line.includes(`"sid":"${sid}"`);
    const [leg = "", parent = ""] = /"sid":"(CA\w+)".*"ParentCallSid":"(CA\w+)"/.exec(stdout)?.slice(1) ?? [];
    const told = stdout
      .trimEnd()
      .split("\n")
      .filter((line) => isOf(leg)(line) || isOf(parent)(line));
    const first = told.find(isOf(leg));
    const others = (await run("twilio-events sample busy --calls 8 --seed 9")).stdout;
    const apart = told.map((line) => (line === first ? line : line.replace(/"ParentCallSid":"CA\w+",?/, "")));
    const file = fileOf("legs.ndjson", apart.map((line) => `${line}\n${others}`).join(""));
    for (const range of [1000, 4000, 20_000]) {
      const [alone, spread] = await both(`timeline -f json --call ${parent.slice(0, 12)} ${file}`, 3, range);
      expect(
        JSON.parse(alone.stdout)
          .calls.map(({ sid }: { readonly sid: string }) => sid)
          .sort(),
      ).toEqual([leg, parent].sort());
      expect(spread).toEqual(alone);
    }
  });

  test("however the file is cut", async () => {
    const files = ["events over lines", "broken lines", "docker's parts of lines", "console.log of objects"].map(
      (name) => fileOf(`cut-${name.replaceAll(/\W/g, "-")}`, odd[name] ?? ""),
    );
    await assert(
      asyncProperty(
        constantFrom(samples, ...files),
        integer({ min: 200, max: 60_000 }),
        integer({ min: 2, max: 5 }),
        async (file, range, jobs) => {
          const [alone, spread] = await both(`validate -f ndjson ${file}`, jobs, range);
          expect(spread).toEqual(alone);
        },
      ),
      { numRuns: 15 },
    );
  });
});
