import { readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePrivate } from "../files.ts";
import { type Run, run, transcript } from "./harness.ts";

const calls = "test/cli/input/calls";
const record = "samples/requests/record.ndjson";

let folder = "";
let key = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "redact-"));
  key = file("team.key", "0123456789abcdef".repeat(4));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file in the folder of these tests that only its owner may read. */
const file = (name: string, contents: string | Buffer, mode?: number): string =>
  writePrivate(join(folder, name), contents, mode);

/** Runs with the key of the tests, which a reviewer sees as team.key. */
async function keyed(...lines: readonly string[]): Promise<string> {
  const runs: Run[] = [];
  for (const line of lines) runs.push(await run(line.replaceAll("team.key", key)));
  return transcript(...runs).replaceAll(`${folder}/`, "");
}

const golden = async (name: string, ...lines: readonly string[]): Promise<void> =>
  expect(await keyed(...lines)).toMatchFileSnapshot(`golden/redact/${name}.txt`);

describe("what is printed", () => {
  test("events, a form, an item of the Call Events resource", () =>
    golden(
      "events",
      `twilio-events redact --redact-key team.key ${calls}/open.ndjson`,
      "twilio-events redact --redact-key team.key --limit 1 samples/wrapped/call-events-api.json",
      "twilio-events redact --redact-key team.key --limit 1 samples/wrapped/access-log-callbacks.log",
    ));

  test("in the other modes", () =>
    golden(
      "modes",
      `twilio-events redact --redact-key team.key --mode partial --limit 1 ${calls}/open.ndjson`,
      `twilio-events redact --redact-key team.key --mode full --limit 1 ${calls}/open.ndjson`,
    ));

  test("a record of listen", () => golden("record", `twilio-events redact --redact-key team.key --limit 2 ${record}`));

  test("judged, its people hidden", () =>
    golden(
      "validate",
      "twilio-events validate --redact --redact-key team.key samples/broken/schema-numbers-as-text.ndjson samples/broken/twiml-value-sip-in-number.json samples/broken/json-duplicate-key-call-status.json",
      "twilio-events validate --redact --redact-key team.key -f ndjson samples/broken/time-format-locale.json samples/wrapped/access-log-callbacks.log",
    ));

  test("answers, their findings under what is left", () =>
    golden(
      "decode",
      "twilio-events decode --redact --redact-key team.key test/cli/input/mistakes.xml test/cli/input/kinds.ndjson",
    ));

  test("calls", () =>
    golden(
      "timeline",
      `twilio-events timeline --redact --redact-key team.key ${calls}/failing-callbacks.ndjson`,
      `twilio-events timeline --redact=partial --redact-key team.key ${calls}/open.ndjson -f compact`,
      `twilio-events timeline --redact-key team.key -f markdown ${calls}/hostile.ndjson`,
    ));

  test("deliveries", () =>
    golden(
      "replay",
      `twilio-events replay --dry-run --redact --redact-key team.key --to http://127.0.0.1:9/ --speed max ${calls}/open.ndjson`,
    ));

  test("what cannot be", () =>
    golden(
      "mistakes",
      `twilio-events validate --redact=sha ${calls}/open.ndjson`,
      `twilio-events validate --redact-key team.key ${calls}/open.ndjson`,
      `twilio-events decode --redact --raw ${calls}/open.ndjson`,
      `twilio-events replay --redact --to http://127.0.0.1:9/ ${calls}/open.ndjson`,
      "twilio-events redact < /dev/null",
    ));
});

test.each([60, 100, 160])("nothing is wider than %i columns that was not", async (width) => {
  for (const line of [
    `validate -v --width ${width} test/cli/input/executed.json`,
    `timeline --width ${width} ${calls}/many.ndjson`,
  ]) {
    const wide = ({ stdout }: Run): number => stdout.split("\n").filter((each) => [...each].length > width).length;
    expect(wide(await run(`twilio-events ${line} --redact`))).toBe(wide(await run(`twilio-events ${line}`)));
  }
});

test("colors change no word of it", async () => {
  const line = `twilio-events timeline --redact --redact-key ${key} ${calls}/failing-callbacks.ndjson`;
  const colored = await run(`${line} --color always`);
  expect(colored.stdout).toContain("\u001b[");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colors
  expect(colored.stdout.replace(/\u001b\[\d+m/g, "")).toBe((await run(line)).stdout);
});

test("--redact takes no input for its mode", async () => {
  const path = `${calls}/open.ndjson`;
  const behind = await run(`twilio-events timeline ${path} --redact-key ${key} --redact`);
  expect((await run(`twilio-events timeline --redact-key ${key} --redact ${path}`)).stdout).toBe(behind.stdout);
  expect((await run(`twilio-events timeline --redact-key ${key} --redact hash ${path}`)).stdout).toBe(behind.stdout);
  expect((await run(`twilio-events timeline --redact full ${path}`)).stdout).toContain("[phone]");
});

test("without a key, each run has its own pseudonyms; in a run they are the same", async () => {
  const line = `twilio-events redact ${calls}/open.ndjson`;
  const [one, other] = [await run(line), await run(line)];
  expect(one.stdout).not.toBe(other.stdout);
  expect(new Set(one.stdout.match(/"From":"[^"]+"/g)).size).toBe(1);
});

test("every key and number stays as it was found", async () => {
  const event = String.raw`{"type":"com.twilio.voice.x","\u0069d":"id_aaaaaaaaaaaaa","data":{"duration":1.0e2,"code":2,"code":3}}`;
  const { stdout } = await run("twilio-events redact", { stdin: `[${event}]\n` });
  expect(stdout).toBe(`${event}\n`);
});

test("what was redacted stays as it is", async () => {
  const once = await run(`twilio-events redact ${calls}/many.ndjson`);
  const twice = await run("twilio-events redact", { stdin: once.stdout });
  expect(twice.stdout).toBe(once.stdout);
});

describe("the key", () => {
  test("is made where there is none, for its owner alone, and that is said", async () => {
    const path = join(folder, "new.key");
    const first = await run(`twilio-events redact --redact-key ${path} ${calls}/open.ndjson`);
    expect(first.stderr).toContain("made the key");
    expect(await readFile(path, "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
    if (platform() !== "win32") expect((await stat(path)).mode & 0o777).toBe(0o600);
    const second = await run(`twilio-events redact --redact-key ${path} ${calls}/open.ndjson`);
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).not.toContain("made the key");
  });

  test("may be 32 bytes, and has the same meaning with and without a line break", async () => {
    const pseudonyms = async (contents: Buffer) =>
      (await run(`twilio-events redact --redact-key ${file("any.key", contents)} ${calls}/open.ndjson`)).stdout;
    const bytes = Buffer.from("0123456789abcdef".repeat(2));
    expect(await pseudonyms(Buffer.concat([bytes, Buffer.from("\r\n")]))).toBe(await pseudonyms(bytes));
    expect(await pseudonyms(Buffer.alloc(32, 7))).not.toBe(await pseudonyms(bytes));
  });

  test.skipIf(platform() === "win32")("that others can read, or that is short, is refused", async () => {
    const open = await run(`twilio-events redact --redact-key ${file("open.key", "x".repeat(64), 0o644)} .`);
    expect(open).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("others can read it") });
    const short = await run(`twilio-events redact --redact-key ${file("short.key", "secret")} .`);
    expect(short).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("32 bytes or more") });
    expect(short.stderr).not.toContain("secret\n");
  });
});

describe("a timeline of redacted events is the redacted timeline", () => {
  /** Where an event stands differs, as its line has another length. */
  const unplaced = (text: string): string =>
    text
      .replace(/"bytes":\d+/, "")
      .replace(/"source":\{[^{}]*\}/g, "")
      .replace(/\S*(?:stdin|events)[^\s|`]*:\d+:\d+/g, "")
      .replace(/Read [\s\S]*?\.(?!\d)/g, "");

  test.each(["ndjson", "json", "markdown --no-redact", "mermaid", "pretty", "pretty --all --verbose"])(
    "%s",
    async (format) => {
      const sampled = await run("twilio-events sample all --calls 300 --seed 7");
      const path = file("events.ndjson", sampled.stdout);
      const redacted = file(
        "redacted-events.ndjson",
        (await run(`twilio-events redact --redact-key ${key} ${path}`)).stdout,
      );
      const before = await run(`twilio-events timeline -f ${format} ${redacted}`);
      const after = await run(
        `twilio-events timeline --redact --redact-key ${key} -f ${format.replace(" --no-redact", "")} ${path}`,
      );
      expect(unplaced(after.stdout)).toBe(unplaced(before.stdout));
      expect(after.stdout.length).toBeGreaterThan(20_000);
      expect(after.code).toBe(before.code);
    },
    60_000,
  );

  test("of items that name their call in a URL alone", async () => {
    const item = (sid: string) => ({
      request: {
        method: "POST",
        url: `https://api.twilio.com/2010-04-01/Accounts/AC1/Calls/${sid}.json`,
        parameters: {},
      },
      response: { response_code: 200, date_created: "Tue, 11 Aug 2020 17:44:08 +0000" },
    });
    const sids = ["a", "b"].map((digit) => `CA${digit.repeat(32)}`);
    const path = file("items.ndjson", sids.map((sid) => `${JSON.stringify(item(sid))}\n`).join(""));
    const redacted = await run(`twilio-events redact --redact-key ${key} ${path}`);
    const before = await run("twilio-events timeline -f ndjson", { stdin: redacted.stdout });
    const after = await run(`twilio-events timeline --redact --redact-key ${key} -f ndjson ${path}`);
    expect(unplaced(after.stdout)).toBe(unplaced(before.stdout));
    expect(new Set(after.stdout.match(/"sid":"CA_\w{13}"/g)).size).toBe(2);
  });

  const samples = ["calls", "events", "wrapped"].flatMap((kind) =>
    readdirSync(`samples/${kind}`).map((name) => `samples/${kind}/${name}`),
  );

  test.each(samples)("%s", async (sample) => {
    const redacted = await run(`twilio-events redact --redact-key ${key} ${sample}`);
    const before = await run("twilio-events timeline -f ndjson", { stdin: redacted.stdout });
    const after = await run(`twilio-events timeline --redact --redact-key ${key} -f ndjson ${sample}`);
    expect(unplaced(after.stdout)).toBe(unplaced(before.stdout));
    expect(after.code).toBe(before.code);
  });
});

const broken = readdirSync("samples/broken").filter((name) => !/^(?:signature|type-restricted)/.test(name));

test.each(broken)("%s is judged as it came: the rules, weights and places are the same", async (name) => {
  const judged = async (options: string): Promise<readonly unknown[]> => {
    const { stdout } = await run(`twilio-events validate -f ndjson samples/broken/${name} ${options}`);
    return stdout
      .trim()
      .split("\n")
      .flatMap((line) => JSON.parse(line).findings)
      .map(({ message: _, value: __, pointer, ...rest }) => ({ ...rest, depth: pointer?.split("/").length }));
  };
  const findings = await judged("--redact");
  expect(findings.length).toBeGreaterThan(name.startsWith("call-") ? -1 : 0);
  expect(findings).toEqual(await judged(""));
});

describe("listen", () => {
  test("shows nobody, neither in events nor in notices; what it records stays as it came", async () => {
    const [, event] = (await run("twilio-events sample busy")).stdout.split("\n");
    const path = join(folder, "night.ndjson");
    const bodies = [`[${event}]`, '{"no":"event"}', "not JSON"];
    const post = async (port: string): Promise<void> => {
      const url = `http://127.0.0.1:${port}/hooks/alice?From=%2B14155550100`;
      for (const body of bodies)
        await fetch(url, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    };
    let sent: Promise<void> | undefined;
    const sees = (text: string, interrupt: () => void): void => {
      const port = /Listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (sent === undefined && port !== undefined) sent = post(port).then(interrupt);
    };
    const line = `twilio-events listen --port 0 --redact --calls --record ${path}`;
    const { stdout, stderr } = await run(line, { stderr: { sees } });
    expect(stderr).toMatch(/redacted +what is shown here; what is recorded stays as it came/);
    expect(stderr).toMatch(/no event in POST \/hooks\/p_[a-z2-7]{13}\?From=%2B1%C2%B7ph_/);
    expect(stdout).toMatch(/\+1·ph_/);
    expect(stdout + stderr).not.toMatch(/alice|\d{10}/);
    const recorded = await readFile(path, "utf8");
    expect(recorded).toContain("/hooks/alice?From=%2B14155550100");
    const redacted = await run(`twilio-events redact ${path}`);
    expect(redacted.stdout).not.toMatch(/alice|\+?1\d{10}|not JSON/);
    expect(redacted.stdout.split("\n").length).toBe(recorded.split("\n").length);
    expect(redacted.stdout).toContain("[unparsed 8 bytes]");
    expect((await run("twilio-events timeline -f compact", { stdin: redacted.stdout })).code).toBe(0);
  });
});

test("what is masked always is masked without --redact, too", async () => {
  const [event = ""] = (await run("twilio-events sample answered")).stdout.split("\n").slice(1);
  const url =
    "https://u:hunter2@example.com/hooks?token=hunter2&api_key=hunter2&x=1&X-Amz-Signature=hunter2&sig=hunter2#access_token=hunter2";
  const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.hunter2";
  const twiml = `<Response><Dial><Sip username="a" password='hunter2'>sip:a:hunter2@b</Sip></Dial><Play>${url.replaceAll("&", "&amp;")}</Play></Response>`;
  const masked = JSON.parse(event);
  masked.data.request.url = url;
  masked.data.request.method = jwt;
  masked.data.response.responseBody = Buffer.from(twiml).toString("base64");
  masked.data.response.responseCode = 500;
  const path = file("secrets.ndjson", `${JSON.stringify(masked)}\n`);
  const lines = ["pretty", "compact", "json", "ndjson"].flatMap((format) => [
    `validate -v -f ${format}`,
    `decode -f ${format}`,
  ]);
  const formats = ["pretty", "json", "ndjson", "markdown --no-redact", "mermaid"].map(
    (format) => `timeline -f ${format}`,
  );
  for (const line of [...lines, ...formats]) {
    const { stdout, stderr } = await run(`twilio-events ${line} ${path}`);
    expect(stdout + stderr, line).not.toContain("hunter2");
    if (line.startsWith("timeline")) expect(stdout, line).toMatch(/\*\*\*|#42;/);
  }
});
