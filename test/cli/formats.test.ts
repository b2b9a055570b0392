import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseXml } from "@rgrove/parse-xml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { golden, interruption, run } from "./harness.ts";

const broken = "samples/broken";
const events = `${broken}/schema-missing-sid.json ${broken}/json-syntax-missing-comma.json ${broken}/twiml-value-localhost.json ${broken}/sid-format-masked.json`;
const bodies = `${broken}/twiml-syntax-bare-ampersand.json ${broken}/twiml-syntax-json-string.json samples/events/published-old-completed.json`;
const calls = `${broken}/call-open-lost-end.ndjson ${broken}/call-status-conflict-busy-and-no-answer.ndjson`;
const requests = `${broken}/signature-missing-header-dropped.ndjson ${broken}/signature-mismatch-trailing-slash.ndjson`;
const log = "test/cli/input/docker-compose.log";
const token = "TWILIO_AUTH_TOKEN=12345";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "formats-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(["github", "junit", "markdown"])("%s", (format) => {
  test("of events, bodies, calls and requests", () =>
    golden(
      `ci/${format}`,
      `twilio-events validate --no-redact ${events} -f ${format}`,
      `cat ${log} | twilio-events validate --no-redact -f ${format}`,
      `twilio-events decode --no-redact ${bodies} -f ${format}`,
      `twilio-events timeline --no-redact ${calls} -f ${format}`,
      `${token} twilio-events verify --no-redact ${requests} -f ${format}`,
    ));
});

describe("sarif", () => {
  async function results(line: string): Promise<readonly Record<string, unknown>[]> {
    const { stdout } = await run(line);
    return JSON.parse(stdout).runs[0].results;
  }

  test.each([
    ["validate", `twilio-events validate ${events} ${log} -f sarif`],
    ["stdin", `cat ${log} | twilio-events validate -f sarif`],
    ["decode", `twilio-events decode ${bodies} -f sarif`],
    ["timeline", `twilio-events timeline ${calls} -f sarif`],
    ["verify", `${token} twilio-events verify ${requests} -f sarif`],
  ])("%s", async (name, line) => {
    const { stdout } = await run(line);
    const { runs, ...rest } = JSON.parse(stdout);
    // The rules are those of the table, and one of them will do.
    runs[0].tool.driver.rules = runs[0].tool.driver.rules.slice(0, 1);
    await expect(`${JSON.stringify({ ...rest, runs }, undefined, 2)}\n`).toMatchFileSnapshot(
      `golden/ci/sarif-${name}.json`,
    );
  });

  test("is a result for each finding of compact", async () => {
    const { stdout } = await run(`twilio-events validate -f compact ${broken}`);
    const found = await results(`twilio-events validate -f sarif ${broken}`);
    expect(found.length).toBe(stdout.trimEnd().split("\n").length);
    expect(new Set(found.map((each) => JSON.stringify(each.partialFingerprints))).size).toBe(found.length);
  });

  test("keeps its fingerprints when lines are inserted above", async () => {
    const file = join(folder, "app.log");
    const text = await readFile(log, "utf8");
    const sorted = async (): Promise<readonly [string, number][]> =>
      (await results(`twilio-events validate -f sarif ${file}`)).map((each) => {
        const [{ physicalLocation }] = each.locations as [{ physicalLocation: { region: { startLine: number } } }];
        return [JSON.stringify(each.partialFingerprints), physicalLocation.region.startLine];
      });
    await writeFile(file, text);
    const before = await sorted();
    await writeFile(file, `started\n{"level":30}\n\n${text}`);
    expect(await sorted()).toEqual(before.map(([print, line]) => [print, line + 3]));
  });

  test("tells of an input that was not read, and of a run that was interrupted", async () => {
    const { stdout, code } = await run(`twilio-events validate -f sarif ${events} none.json`);
    expect(JSON.parse(stdout).runs[0].invocations[0]).toMatchObject({ executionSuccessful: false });
    expect(code).toBe(2);
    const cut = await run("twilio-events validate -f sarif", { stdin: interrupted() });
    expect(JSON.parse(cut.stdout).runs[0].invocations[0].toolExecutionNotifications).toHaveLength(1);
    expect(cut.code).toBe(130);
  });
});

async function* interrupted(): AsyncGenerator<Buffer> {
  yield await readFile("test/cli/input/two-calls.ndjson");
  yield interruption;
}

test("junit tells of an input that was not read, and of a run that was interrupted", async () => {
  for (const [line, world] of [
    [`twilio-events validate -f junit ${events} none.json`, {}],
    ["twilio-events timeline -f junit", { stdin: interrupted() }],
  ] as const) {
    const { stdout } = await run(line, world);
    expect(parseXml(stdout).root?.children.length).toBeGreaterThan(0);
    expect(stdout).toContain('<testsuite name="inputs" tests="1" failures="0" errors="1">');
  }
});

describe("in a GitHub workflow", () => {
  test("paths begin at the root of the repository", async () => {
    const { stdout } = await run(`GITHUB_WORKSPACE=samples twilio-events validate -f github ${events}`);
    expect(stdout).toContain("::error file=broken/schema-missing-sid.json,line=9,");
    const outside = await run(`GITHUB_WORKSPACE=test twilio-events validate -f github ${events}`);
    expect(outside.stdout).toContain(`::error file=${join(process.cwd(), broken, "schema-missing-sid.json")},`);
  });

  test("each step adds to its summary what markdown prints", async () => {
    const summary = join(folder, "summary.md");
    const lines = [`validate ${events}`, `timeline ${calls}`];
    const texts: string[] = [];
    for (const line of lines) {
      await run(`GITHUB_STEP_SUMMARY=${summary} twilio-events ${line} -f github`);
      texts.push((await run(`twilio-events ${line} --no-redact -f markdown`)).stdout);
    }
    expect(await readFile(summary, "utf8")).toBe(texts.join(""));
  });

  test("the summary is no larger than GitHub takes", async () => {
    const summary = join(folder, "many.md");
    const many = join(folder, "many.ndjson");
    const text = await readFile("test/cli/input/two-calls.ndjson", "utf8");
    const copies = Array.from({ length: 1500 }, (_, i) =>
      text.replaceAll(/\b(CA)[0-9a-f]{8}/g, (_all, sid) => sid + i.toString(16).padStart(8, "0")),
    );
    await writeFile(many, copies.join(""));
    await run(`GITHUB_STEP_SUMMARY=${summary} twilio-events timeline --all -f github ${many}`);
    const written = await readFile(summary, "utf8");
    expect(Buffer.byteLength(written)).toBeLessThan(1024 * 1024);
    expect(written).toMatch(/\nand [\d,]+ more calls\n$/);
  });

  test("a summary that cannot be written is told, after the result", async () => {
    const line = `GITHUB_STEP_SUMMARY=${folder}/none/summary.md twilio-events validate -f github ${events}`;
    const { stdout, stderr, code } = await run(line);
    expect(stdout).toContain("::notice title=twilio-events::");
    expect(stderr).toContain("twilio-events: the step summary cannot be written: ENOENT");
    expect(code).toBe(74);
  });

  test("no other format writes it", async () => {
    const summary = join(folder, "other.md");
    for (const format of ["pretty", "markdown", "sarif"]) {
      await run(`GITHUB_STEP_SUMMARY=${summary} twilio-events validate -f ${format} ${events}`);
    }
    await expect(readFile(summary)).rejects.toThrow("ENOENT");
  });
});

describe.each(["github", "sarif", "junit", "markdown"])("%s", (format) => {
  test.each(["validate", "decode", "timeline"])("-o writes what %s prints", async (command) => {
    const file = join(folder, `${command}.${format}`);
    const line = `twilio-events ${command} --no-redact ${events} ${calls} -f ${format}`;
    const [printed, written] = [await run(line), await run(`${line} -o ${file}`)];
    expect(printed.stdout).not.toBe("");
    expect({ ...written, line }).toEqual({ ...printed, line, stdout: "" });
    expect(await readFile(file, "utf8")).toBe(printed.stdout);
  });

  test("is the same whatever the screen", async () => {
    const line = `twilio-events validate --no-redact ${events} -f ${format}`;
    const { stdout } = await run(line);
    for (const options of ["--width 60", "--width 160", "--color always"]) {
      expect((await run(`${line} ${options}`)).stdout).toBe(stdout);
    }
    expect((await run(line, { stdout: { columns: 60 } })).stdout).toBe(stdout);
    expect((await run(`${line} --ascii`)).stdout).toMatch(/^[\n -~]*$/);
  });

  test("says so when nothing was found", async () => {
    const { stdout, code } = await run(`twilio-events validate package.json -f ${format}`);
    expect(code).toBe(3);
    expect(stdout).toMatch(/no events|"events":0|<testsuites name="twilio-events">\n<\/testsuites>/);
  });
});

test("a format that a command does not offer is a mistake", () =>
  golden(
    "ci/mistakes",
    "twilio-events types -f sarif",
    "twilio-events validate -f mermaid x.log",
    "twilio-events verify -f xunit x.log",
  ));
