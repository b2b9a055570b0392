import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cpuSince } from "../cpu.ts";
import { ownColors } from "../output/hostile.ts";
import { golden, run, transcript } from "./harness.ts";

const calls = "test/cli/input/calls";

/** Each situation has its transcript at three widths in golden/timeline/. */
const situations: Readonly<Record<string, string>> = {
  answered: "samples/calls/answered.ndjson",
  "no-answer": "samples/calls/no-answer.ndjson",
  busy: "samples/calls/busy.ndjson",
  failed: "samples/calls/failed.ndjson",
  canceled: "samples/calls/canceled.ndjson",
  forwarded: "samples/calls/forwarded.ndjson",
  "published-example": "samples/events/published-new-answered.json",
  "published-examples-all": "samples/events/published-*.json",
  "double-subscription": "samples/broken/call-double-subscription-all-steps.ndjson",
  "sequence-gap": "samples/broken/call-sequence-gap-ringing.ndjson",
  "out-of-order": "samples/broken/call-out-of-order-reversed.ndjson",
  duplicate: "samples/broken/call-duplicate-three-times.ndjson",
  "after-end": "samples/broken/call-after-end-answered.ndjson",
  "status-conflict": "samples/broken/call-status-conflict-busy-and-no-answer.ndjson",
  duration: "samples/broken/call-duration-minutes.ndjson",
  open: `${calls}/open.ndjson`,
  long: `${calls}/long.ndjson`,
  "failing-callbacks": `${calls}/failing-callbacks.ndjson`,
  legs: `${calls}/legs.ndjson`,
  circle: `${calls}/circle.ndjson`,
  "no-times": `${calls}/no-times.ndjson`,
  hostile: `${calls}/hostile.ndjson`,
  "form-callbacks": "samples/wrapped/access-log-callbacks.log",
  "call-events-resource": "samples/wrapped/call-events-api.json",
  mixed: "samples/calls/mixed.log",
  many: `${calls}/many.ndjson`,
};

describe.each(Object.entries(situations))("%s", (name, input) => {
  const line = `twilio-events timeline '${input}'`;

  test("at three widths", async () => {
    const runs = [50, 100, 160].map((width) => `${line} --width ${width}`);
    for (const each of runs) {
      const { stdout } = await run(each);
      const width = Number(each.split(" ").at(-1));
      expect(stdout.split("\n").filter((text) => text.length > width)).toEqual([]);
    }
    await golden(`timeline/${name}`, ...runs);
  });

  test.each([40, 60, 80, 120, 240])("fits %i columns", async (width) => {
    const { stdout } = await run(`${line} --width ${width} --verbose`);
    expect(stdout.split("\n").filter((text) => text.length > width)).toEqual([]);
  });

  test("in color says the same", async () => {
    const colored = await run(`${line} --color always`);
    expect(colored.stdout.replace(ownColors, "")).toBe((await run(line)).stdout);
  });

  test("in ASCII has nothing else", async () => {
    expect((await run(`${line} --ascii`)).stdout).toMatch(/^[\n -~]*$/);
  });

  test.each(["json", "ndjson"])("as %s parses", async (format) => {
    const { stdout } = await run(`${line} -f ${format}`);
    for (const text of format === "json" ? [stdout] : stdout.trimEnd().split("\n"))
      expect(JSON.parse(text)).toBeTypeOf("object");
  });
});

describe("formats", () => {
  test.each(["compact", "json", "ndjson", "markdown --no-redact", "mermaid"])("%s", (format) =>
    golden(
      `timeline/format-${format.replace(/ .*/, "")}`,
      `twilio-events timeline samples/broken/call-sequence-gap-ringing.ndjson -f ${format}`,
      `twilio-events timeline ${calls}/hostile.ndjson samples/broken/call-open-in-progress.ndjson -f ${format}`,
    ),
  );

  test("in color and in ASCII", () =>
    golden(
      "timeline/color-and-ascii",
      `twilio-events timeline ${calls}/failing-callbacks.ndjson --color always`,
      `twilio-events timeline ${calls}/failing-callbacks.ndjson --ascii`,
      "twilio-events timeline samples/calls/mixed.log --color always",
      "twilio-events timeline samples/calls/mixed.log --ascii",
    ));

  test("on a terminal", async () => {
    const terminal = { columns: 110 };
    const seen = await run(`NO_COLOR=1 twilio-events timeline ${calls}/many.ndjson`, {
      stdout: terminal,
      stderr: terminal,
    });
    await expect(transcript(seen)).toMatchFileSnapshot("golden/timeline/terminal.txt");
  });
});

describe("options", () => {
  test("--sort, --all, --call, --tz and the filters", () =>
    golden(
      "timeline/options",
      "twilio-events timeline samples/calls/mixed.log --sort status",
      "twilio-events timeline samples/calls/mixed.log --sort duration --verbose",
      "twilio-events timeline samples/calls/mixed.log --sort findings --verbose",
      "twilio-events timeline samples/calls/mixed.log --status busy,failed --all",
      "twilio-events timeline samples/calls --call CAc0ef --tz Europe/Berlin",
      "twilio-events timeline samples/calls --type '*.dial.finished'",
      "twilio-events timeline samples/calls --since 2025-08-24T14:20Z --until 2025-08-24T14:30Z",
    ));

  test("what cannot be", () =>
    golden(
      "timeline/mistakes",
      "twilio-events timeline samples/calls --call CA",
      "twilio-events timeline samples/calls --call CAffff",
      "twilio-events timeline samples/calls --tz Mars/Olympus",
      "twilio-events timeline samples/calls --quiet-after soon",
      "twilio-events timeline samples/calls --sort length",
      "twilio-events timeline samples/broken/json-syntax-empty.json",
      "twilio-events timeline samples/events/test-event.json",
    ));

  test.each([
    ["samples/calls/answered.ndjson", 0],
    ["samples/broken/call-open-in-progress.ndjson", 0],
    ["--fail-on warning samples/broken/call-open-in-progress.ndjson", 1],
    ["--rule call-open=off --fail-on warning samples/broken/call-open-in-progress.ndjson", 0],
    ["--max-warnings 0 samples/broken/call-open-in-progress.ndjson", 1],
    ["samples/broken/call-status-conflict-busy-and-no-answer.ndjson", 1],
    ["--status failed samples/calls/busy.ndjson", 3],
    ["--status failed --allow-empty samples/calls/busy.ndjson", 0],
    ["samples/calls/none.ndjson", 2],
  ])("%s exits with %i", async (words, code) => expect((await run(`twilio-events timeline ${words}`)).code).toBe(code));
});

describe("--follow", () => {
  const lines = async function* (file: string, step: (line: number) => void): AsyncGenerator<Buffer> {
    const { readFileSync } = await import("node:fs");
    for (const [index, line] of readFileSync(file, "utf8").trimEnd().split("\n").entries()) {
      step(index);
      yield Buffer.from(`${line}\n`);
    }
  };

  test("prints each call when it has ended, and what is left at the end", async () => {
    const seen = await run("twilio-events timeline --follow", {
      stdin: lines(`${calls}/many.ndjson`, () => undefined),
    });
    expect(seen.stderr).toBe("");
    await expect(
      transcript({ ...seen, line: "many.ndjson, line by line | twilio-events timeline --follow" }),
    ).toMatchFileSnapshot("golden/timeline/follow.txt");
  });

  test("prints a call that has gone quiet, and forgets it", async () => {
    let now = Date.parse("2025-08-27T10:00:00Z");
    const stdin = lines("samples/broken/call-open-lost-end.ndjson", (line) => {
      if (line === 6) now += 700_000;
    });
    const { stdout } = await run("twilio-events timeline --follow -f ndjson", { stdin, now: () => new Date(now) });
    const statuses = stdout
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text).status);
    expect(statuses).toEqual(["completed", "in-progress"]);
  });
});

test("calls that lead to one another in a long row are drawn on one scale, measured once", async () => {
  const sid = (number: number): string => `CA${String(number).padStart(32, "0")}`;
  const [line = ""] = readFileSync("samples/calls/answered.ndjson", "utf8").split("\n", 1);
  const { data, ...event } = JSON.parse(line);
  const made = (number: number): string => {
    const parameters = { ...data.request.parameters, CallSid: sid(number + 1), ParentCallSid: sid(number) };
    const time = new Date(Date.parse(event.time) + number * 10).toISOString();
    const own = { ...data, sid: sid(number + 1), timestamp: time, request: { ...data.request, parameters } };
    return JSON.stringify({ ...event, id: `VW${number}`, time, data: own });
  };
  const stdin = Buffer.from(Array.from({ length: 6000 }, (_, number) => `${made(number)}\n`).join(""));
  const start = process.cpuUsage();
  const { stdout } = await run("twilio-events timeline --width 100", { stdin });
  expect(stdout.split("\n").length).toBeGreaterThan(60_000);
  expect(cpuSince(start)).toBeLessThan(8000);
});

test("calls of which hardly anything is known", () =>
  golden(
    "timeline/scant",
    "twilio-events timeline test/cli/input/scant.ndjson",
    "twilio-events timeline --all test/cli/input/scant.ndjson",
    "twilio-events timeline --all --ascii --width 60 test/cli/input/scant.ndjson",
    "twilio-events timeline --sort status test/cli/input/scant.ndjson",
    "twilio-events timeline --sort duration -f compact test/cli/input/scant.ndjson",
    "twilio-events timeline --no-redact -f markdown test/cli/input/scant.ndjson",
    "twilio-events timeline --no-redact -f markdown --call CAb test/cli/input/scant.ndjson",
    "twilio-events timeline -f mermaid --call CAa test/cli/input/scant.ndjson",
    "twilio-events timeline -f mermaid --call CAc test/cli/input/scant.ndjson",
    "twilio-events timeline -f json --call CAa test/cli/input/scant.ndjson",
  ));
