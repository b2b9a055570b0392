import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownColors } from "../output/hostile.ts";
import { golden, run, transcript } from "./harness.ts";

const published = "samples/events/published-old-completed.json";
const log = "test/cli/input/docker-compose.log";
const call = "test/cli/input/two-calls.ndjson";
const next = "test/cli/input/version-3.json";

describe("pretty", () => {
  test("Twilio's published example", () =>
    golden(
      "published-example",
      `twilio-events validate ${published}`,
      `twilio-events validate --verbose ${published}`,
    ));

  test("an app's log", () => golden("log", `cat ${log} | twilio-events validate`));

  test("all of an app's log", () => golden("log-verbose", `cat ${log} | twilio-events validate --verbose`));

  test.each([60, 100, 160])("%i columns", async (width) => {
    const line = `cat ${log} | twilio-events validate --width ${width}`;
    const { stdout } = await run(line);
    expect(stdout.split("\n").filter((each) => each.length > width)).toEqual([]);
    await golden(`width-${width}`, line);
  });

  test("ASCII only", async () => {
    const line = `cat ${log} | twilio-events validate --ascii --width 80`;
    const { stdout } = await run(line);
    expect(stdout).toMatch(/^[\n -~]*$/);
    await golden("ascii", line);
  });

  test("in color", () => golden("color", `cat ${log} | twilio-events validate --color always`));

  test("a terminal gets its width and its colors", async () => {
    const seen = await run(`twilio-events validate ${published}`, { stdout: { columns: 72 }, stderr: { columns: 72 } });
    await expect(transcript(seen)).toMatchFileSnapshot("golden/terminal.txt");
  });
});

describe("color", () => {
  const terminal = { columns: 80 };
  test.each([
    { line: "twilio-events", stdout: {}, colored: false },
    { line: "twilio-events", stdout: terminal, colored: true },
    { line: "NO_COLOR=1 twilio-events", stdout: terminal, colored: false },
    { line: "NO_COLOR= twilio-events", stdout: terminal, colored: true },
    { line: "TERM=dumb twilio-events", stdout: terminal, colored: false },
    { line: "FORCE_COLOR=1 twilio-events", stdout: {}, colored: true },
    { line: "FORCE_COLOR=0 twilio-events", stdout: terminal, colored: false },
    { line: "FORCE_COLOR=1 NO_COLOR=1 twilio-events", stdout: {}, colored: true },
    { line: "FORCE_COLOR=1 twilio-events --color never", stdout: terminal, colored: false },
    { line: "NO_COLOR=1 twilio-events --color always", stdout: {}, colored: true },
  ])("$line, $stdout: $colored", async ({ line, stdout, colored }) => {
    const [before, after = ""] = line.split("twilio-events");
    const result = await run(`${before}twilio-events validate ${published}${after}`, { stdout });
    expect(result.stdout.includes("\u001b[")).toBe(colored);
  });

  test("says nothing that the words do not", async () => {
    const [plain, colored] = await Promise.all(
      ["never", "always"].map((when) => run(`twilio-events validate ${log} --color ${when}`)),
    );
    expect(colored?.stdout.replaceAll(ownColors, "")).toBe(plain?.stdout);
  });
});

describe("formats for machines", () => {
  test.each(["compact", "json", "ndjson"])("%s", (format) =>
    golden(`format-${format}`, `cat ${log} | twilio-events validate --format ${format}`),
  );

  test("json is one document, whatever was found", async () => {
    for (const input of [log, call, "package.json"]) {
      const { stdout } = await run(`twilio-events validate -f json ${input}`);
      expect(JSON.parse(stdout)).toMatchObject({
        version: 1,
        findings: expect.any(Array),
        summary: expect.any(Object),
      });
    }
  });

  test("ndjson has a line for each event and for each text that could not be read", async () => {
    const { stdout } = await run(`twilio-events validate -f ndjson ${log}`);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).valid)).toEqual([true, true, false, true, false, true, true, false]);
  });
});

describe("judgement", () => {
  test("--fail-on and --max-warnings", () =>
    golden(
      "fail-on",
      `twilio-events validate -f compact ${published}`,
      `twilio-events validate -f compact --fail-on warning ${published}`,
      `twilio-events validate -f compact --fail-on info ${published}`,
      `twilio-events validate -f compact --fail-on never ${log}`,
      `twilio-events validate -f compact --max-warnings 2 ${published}`,
      `twilio-events validate -f compact --max-warnings 1 ${published}`,
      `twilio-events validate -f compact --max-warnings 0 ${call}`,
    ));

  test("--rule", () =>
    golden(
      "rule",
      `twilio-events validate -f compact --rule sid-format=off --rule time-skew=off ${published}`,
      `twilio-events validate -f compact --rule envelope-content-type=error ${published}`,
      `twilio-events validate --rule json-syntax=warning --rule schema=off ${log}`,
    ));

  test("--slow", () =>
    golden(
      "slow",
      `twilio-events validate -f compact --slow 0.05 ${call}`,
      `twilio-events validate -f compact --slow 0.1 ${call}`,
    ));

  test("--schemas and --types", () =>
    golden(
      "schemas",
      `twilio-events validate ${next}`,
      `twilio-events validate --schemas test/cli/input/schemas ${next}`,
      `twilio-events validate --types test/cli/input/types.json ${next}`,
    ));
});

describe("filters", () => {
  test("leave out the other events and say so", () =>
    golden(
      "filters",
      `twilio-events validate -v --call CA0b5c1f6f3d9e4a7c8b2a6d4e1f9035c7 ${call}`,
      `twilio-events validate -v --type '*.call.{ringing,answered}' ${call}`,
      `twilio-events validate -v --status busy,ringing ${call}`,
      `twilio-events validate -v --since 2025-08-25T00:00Z ${call}`,
      `twilio-events validate -v --until 2025-08-24T13:49:50Z ${call}`,
      `twilio-events validate -v --since 1h --until 2025-08-25 ${call}`,
      `twilio-events validate -v --limit 2 ${call}`,
      `twilio-events validate --status failed ${call}`,
    ));

  test.each([
    ["--since 2025-08-24T13:49:49.533Z", 5],
    ["--until 2025-08-24T13:49:49.533Z", 1],
    ["--since 2025-08-24", 6],
    ["--since 2025-08-25", 2],
    ["--since 2025-08-24T15:49:54+02:00", 4],
    ["--since 3600s", 3],
    ["--since 61m", 6],
    ["--since 2h", 6],
    ["--since 1d", 6],
    ["--until 1w", 0],
    ["--type com.twilio.voice.status-callback.call.ringing", 1],
    ["--type status-callback.call.ringing", 1],
    ["--type '*'", 6],
    ["--type '*.call.?nitiated'", 2],
    ["--status completed", 1],
    ["--status 'completed, busy'", 2],
    ["--limit 4", 4],
  ])("%s lets %i events through", async (filter, events) => {
    const { stdout } = await run(`twilio-events validate -f json ${filter} ${call}`);
    expect(JSON.parse(stdout).summary.events).toBe(events);
  });
});

describe("--output", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "twilio-events-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(["pretty", "compact", "json", "ndjson"])("%s goes to the file as it would to a pipe", async (format) => {
    const file = join(folder, format);
    const piped = await run(`twilio-events validate -f ${format} ${log}`);
    const written = await run(`twilio-events validate -f ${format} ${log} -o ${file}`);
    expect(await readFile(file, "utf8")).toBe(piped.stdout);
    expect({ stdout: written.stdout, code: written.code }).toEqual({ stdout: "", code: piped.code });
  });

  test("a file that is there is replaced whole", async () => {
    const file = join(folder, "long.txt");
    await writeFile(file, "x".repeat(100_000));
    await run(`twilio-events types 'status-callback.call.*' -o ${file}`);
    expect(await readFile(file, "utf8")).not.toContain("xx");
  });

  test("colors are for terminals, not for files", async () => {
    const file = join(folder, "plain.txt");
    await run(`twilio-events validate ${log} -o ${file}`, { stdout: { columns: 80 } });
    expect(await readFile(file, "utf8")).not.toContain("\u001b");
  });
});
