import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { script } from "../../src/output/html/script.ts";
import { style } from "../../src/output/html/style.ts";
import { expectPrivate, shortFolder } from "../files.ts";
import { golden, run } from "./harness.ts";

/** What a reviewer is to see: the document but for its style and script, which have files of their own. */
async function document(line: string): Promise<string> {
  const { stdout } = await run(line);
  return stdout
    .replace(style, "…")
    .replace(script, "…")
    .replace(/'sha256-[^']*'/g, "'sha256-…'");
}

const calls = "test/cli/input/calls";

/** Each has its document in golden/report/. */
const situations: Readonly<Record<string, string>> = {
  answered: "samples/calls/answered.ndjson --title 'Ticket 4711'",
  forwarded: "samples/calls/forwarded.ndjson --tz Europe/Berlin",
  "failing-callbacks": `${calls}/failing-callbacks.ndjson`,
  "published-example": "samples/events/published-new-answered.json",
  "twiml-syntax": "samples/broken/twiml-syntax-bare-ampersand.json",
  hostile: `${calls}/hostile.ndjson`,
  "no-times": `${calls}/no-times.ndjson`,
  "form-callbacks": "samples/wrapped/access-log-callbacks.log",
  "not-json": "samples/broken/json-syntax-*.json samples/calls/busy.ndjson",
};

test.each(Object.entries(situations))("%s", async (name, input) => {
  await expect(await document(`twilio-events report --no-redact ${input} -o -`)).toMatchFileSnapshot(
    `golden/report/${name}.html`,
  );
});

describe("the command", () => {
  let folder = "";
  let file = "";
  let events = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(shortFolder, "report-"));
    file = join(folder, "report.html");
    events = join(folder, "events.ndjson");
    await run(`twilio-events sample all --calls 40 -o ${events}`);
  });

  afterAll(() => rm(folder, { recursive: true }));

  const report = async (options = ""): Promise<string> => {
    const { stdout } = await run(`twilio-events report --no-redact ${events} -o - ${options}`);
    return stdout;
  };
  const count = (text: string, part: string | RegExp): number => text.split(part).length - 1;

  test("says what it did, and what is wrong with how it was called", () =>
    golden(
      "report",
      "twilio-events report --help",
      "twilio-events report samples/broken/twiml-root-missing.json -o - --fail-on never --limit 0",
      "twilio-events report samples/calls -o samples/calls/busy.ndjson",
      "twilio-events report samples/calls --tz Mars/Olympus",
      "twilio-events report samples/calls -o no/such/folder/report.html",
      "twilio-events report no-such-file.log -o no/such/folder/report.html",
    ));

  test("writes the file for its owner alone, whoever could read the one before", async () => {
    await writeFile(file, "old");
    await chmod(file, 0o644);
    const { stdout, stderr, code } = await run(`twilio-events report --no-redact ${events} -o ${file}`);
    expect(code).toBe(0);
    expect(stdout).toBe("");
    const { size } = await stat(file);
    expectPrivate(file);
    expect(stderr).toContain(`Wrote ${file}: 49 calls, ${(size / 1e6).toFixed(1)} MB.\n`);
    expect(await readFile(file, "utf8")).toMatch(/^<!DOCTYPE html>\n[\s\S]*<\/html>\n$/);
  });

  test("hides people unless it is told not to", async () => {
    const people = /\+1\d{10}|14155550\d{3}|SAN FRANCISCO|AC[0-9a-f]{32}/;
    const lines = ["samples/calls", "samples/broken/twiml-value-localhost.json", "test/cli/input/calls"];
    const hidden = await run(`twilio-events report -o - ${lines.join(" ")}`);
    const shown = await run(`twilio-events report -o - --no-redact ${lines.join(" ")}`);
    expect(shown.stdout).toMatch(people);
    expect(hidden.stdout).toContain("+1·ph_");
    expect(people.exec(hidden.stdout)?.[0]).toBeUndefined();
  });

  test("is the same on standard output, and the same again", async () => {
    await run(`twilio-events report --no-redact ${events} -o ${file}`);
    const written = await readFile(file, "utf8");
    expect(await report()).toBe(written);
    expect(await report()).toBe(written);
  });

  test("leaves the report before as it is when nothing can be read", async () => {
    await writeFile(file, "old");
    expect((await run(`twilio-events report --no-redact --call CA ${events} -o ${file}`)).code).toBe(2);
    expect(await readFile(file, "utf8")).toBe("old");
  });

  test("the filters choose whole calls", async () => {
    const busy = await report("--status busy");
    expect(count(busy, 'data-status="')).toBe(count(busy, 'data-status="busy"'));
    expect(count(busy, 'data-status="busy"')).toBeGreaterThan(1);
    const none = await run(`twilio-events report --no-redact ${events} -o - --since 1h`);
    expect(none.code).toBe(0);
    const later = await run(`twilio-events report --no-redact ${events} -o - --since 2030-01-01`);
    expect(later.code).toBe(3);
    expect(later.stderr).toContain("no call passed the filters");
  });

  test("rules can be set, and decide the exit code", async () => {
    expect((await run(`twilio-events report --no-redact ${events} -o -`)).code).toBe(0);
    expect((await run(`twilio-events report --no-redact ${events} -o - --fail-on warning`)).code).toBe(1);
    const off = await report("--rule response-failed=off");
    expect(off).not.toContain('id="rule-response-failed"');
    expect(await report()).toContain('id="rule-response-failed"');
  });

  test("of more calls than asked for the gravest are listed, and the others counted by status", async () => {
    const some = await report("--max-calls 5");
    expect(count(some, "<li data-n=")).toBe(5);
    expect(count(some, /<li data-n=[^>]*data-worst="none"/)).toBe(0);
    const [, listed, rest = ""] = /these are the (\d+) with the gravest findings; .*?: (.*?)\./.exec(some) ?? [];
    expect(listed).toBe("5");
    const counted = [...rest.matchAll(/(\d+) [a-z]/g)].reduce((sum, [, n]) => sum + Number(n), 0);
    expect(counted).toBe(49 - 5);
  });

  test("a finding of a callback counts once, though the event tells of it too", async () => {
    const timeline = await run(`twilio-events timeline ${events} -f json`);
    const { summary } = JSON.parse(timeline.stdout);
    const told = new Map(
      (await report())
        .split('<li id="rule-')
        .slice(1)
        .map((row) => {
          const [, rule = "", findings = ""] = /^([a-z0-9-]+)"[\s\S]*?<b>([\d,]+)<\/b>/.exec(row) ?? [];
          return [rule, Number(findings)];
        }),
    );
    for (const { rule, findings } of summary.rules) expect([rule, told.get(rule)]).toEqual([rule, findings]);
  });

  test("what is in no call is counted whole, and listed as far as there is room", async () => {
    const lines = Array.from({ length: 150 }, (_, index) =>
      JSON.stringify({ specversion: "1.0", type: "com.twilio.voice.nope", source: "/", id: `EZ${index}`, data: {} }),
    );
    const { stdout } = await run("twilio-events report --no-redact -o - --rule schema=off --rule schema-unknown=off", {
      stdin: lines.join("\n"),
    });
    expect(stdout).toMatch(/id="rule-type-unknown"[\s\S]*?<b>150<\/b>/);
    expect(stdout).toContain("in what is no call; no errors.");
    const listed = count(stdout, "#rule-type-unknown");
    const [, more] = /And (\d+) more, which <code>validate/.exec(stdout) ?? [];
    expect(listed + Number(more)).toBeGreaterThanOrEqual(150);
    expect(listed).toBeLessThanOrEqual(100);
  });

  test("--open hands the file to the desktop's program, and says when there is none", async () => {
    const bin = join(folder, "bin");
    const seen = join(folder, "seen");
    await mkdir(bin);
    for (const name of ["xdg-open", "open"]) {
      await writeFile(join(bin, name), `#!/bin/sh\nprintf %s "$1" > "${seen}"\n`);
      await chmod(join(bin, name), 0o755);
    }
    const env = { PATH: `${bin}${delimiter}/bin${delimiter}/usr/bin` };
    expect((await run(`twilio-events report --no-redact ${events} -o ${file} --open`, { env })).code).toBe(0);
    await expect.poll(() => readFile(seen, "utf8").catch(() => "")).toBe(file);
    const lost = await run(`twilio-events report --no-redact ${events} -o ${file} --open`, { env: { PATH: folder } });
    expect(lost.code).toBe(0);
    expect(lost.stderr).toContain(`no browser could be started; open ${file}\n`);
  });
});

test("calls of which hardly anything is known are on the page too", async () => {
  const { stdout, code } = await run("twilio-events report --no-redact -o - test/cli/input/scant.ndjson");
  expect(code).toBe(1);
  for (const letter of "abcd") expect(stdout).toContain(`CA${letter.repeat(32)}`);
  expect(stdout).toContain('data-status="unknown"');
});

test("a call of very many events, with long answers, is cut and says so", async () => {
  const answer = `<Response>\n${"<Say>Hi</Say>\n".repeat(500)}<Say/></Response>\n`;
  const lines = Array.from({ length: 70 }, (_, index) =>
    JSON.stringify({
      specversion: "1.0",
      id: `EZ${index}`,
      type: "com.twilio.voice.twiml.call.requested",
      source: "/calls",
      data: {
        sid: `CA${"0f".repeat(16)}`,
        request: { method: "POST", url: `https://ivr.example.com/${index % 7}`, parameters: {} },
        response: {
          responseCode: 200,
          contentType: "text/xml",
          responseBody: Buffer.from(index === 0 ? "" : answer).toString("base64"),
        },
      },
    }),
  );
  const { stdout } = await run("twilio-events report --no-redact -o - -", { stdin: `${lines.join("\n")}\n` });
  const said = ["And 10 more events.", "twiml-empty"].filter((words) => stdout.includes(words));
  expect(said).toEqual(["And 10 more events.", "twiml-empty"]);
  expect(/… \d+ more lines/.test(stdout)).toBe(true);
});
