import { createHash, createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExitCode } from "../../src/errors.ts";
import { type RecordedRequest, toRecordLine } from "../../src/webhook/webhook-request.ts";
import { type App, freePort, type Got, startApp } from "../webhook/server.ts";
import { golden, interruption, type Run, run, transcript } from "./harness.ts";

const calls = "test/cli/input/two-calls.ndjson";
const token = "a-token-that-is-shown-nowhere";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "twilio-events-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, ...parts: readonly (string | Buffer)[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Buffer.concat(parts.map((part) => Buffer.from(part))));
  return path;
}

/** A run without what differs from one to the next: ports, and what time was taken. */
function masked({ line, stdout, stderr, code }: Run): Run {
  const mask = (text: string): string =>
    text
      .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
      .replaceAll(folder, "FOLDER")
      .replace(/\b\d+(?:\.\d+)? m?s\b/g, "TIME")
      .replace(/, [\d.]+ a second/g, ", RATE a second")
      .replace(/"(ms|p50|p95|p99|max)":\d+/g, '"$1":0');
  return { line: mask(line), stdout: mask(stdout), stderr: mask(stderr), code };
}

const idsIn = (app: App): readonly string[] =>
  app.got.flatMap(({ body }) => JSON.parse(body.toString("utf8")).map(({ id }: { readonly id: string }) => id));

const recorded: RecordedRequest = {
  receivedAt: Date.parse("2025-08-24T13:00:00Z"),
  method: "POST",
  url: "/hook?step=2&bodySHA256=00",
  headers: {
    "content-type": "application/cloudevents+json",
    host: "abc.example",
    "user-agent": "TwilioProxy/1.1",
    "x-twilio-signature": "c2lnbmF0dXJl",
    "x-forwarded-proto": "https",
    "i-twilio-idempotency-token": "7d1b",
  },
  signature: "ok",
  body: Buffer.from('[{"specversion":"1.0","id":"VW1","type":"com.twilio.voice.x","data":{"sid":"CA1"}}]'),
};

describe("goldens", () => {
  test("the report", async () => {
    const app = await startApp((_, response, index) => {
      if (index === 2) response.writeHead(500).end("Error: no such call\u001b[31m\n    at handler");
      else if (index === 4) response.writeHead(307, { location: "http://127.0.0.1:9/" }).end();
      else response.writeHead(index === 1 ? 204 : 200).end();
    });
    const line = `twilio-events replay ${calls} --to ${app.url}/events --speed max`;
    const report = masked(await run(line));
    const fine = await startApp();
    const wellDone = masked(
      await run(`TWILIO_AUTH_TOKEN=12345 twilio-events replay ${calls} --to ${fine.url}/events --speed max`),
    );
    await expect(transcript(report, wellDone)).toMatchFileSnapshot("golden/replay.txt");
  });

  test("as JSON", async () => {
    const app = await startApp(
      (_, response, index) => void response.writeHead(index === 0 ? 404 : 200).end("ok\u202e"),
    );
    const line = `twilio-events replay ${calls} --to ${app.url}/ --speed max -f json`;
    const report = await run(line);
    expect(JSON.parse(report.stdout).summary).toMatchObject({ sent: 6, delivered: 5, statuses: { 200: 5, 404: 1 } });
    await expect(transcript(masked(report))).toMatchFileSnapshot("golden/replay-json.txt");
  });

  test("dry runs", () =>
    golden(
      "replay-dry-run",
      `twilio-events replay ${calls} --to http://127.0.0.1:3000/events --dry-run --speed 10`,
      `twilio-events replay ${calls} --to http://127.0.0.1:3000/events --dry-run --shuffle --duplicate 50% --drop 0.3 --seed 4`,
      `twilio-events replay ${calls} --to http://127.0.0.1:3000/events --dry-run --batch 4 -f json`,
      "twilio-events replay samples/wrapped/call-events-api.json samples/wrapped/access-log-callbacks.log --to http://127.0.0.1:3000/ --dry-run --speed max --limit 8",
    ));

  test("mistakes", async () => {
    const port = await freePort();
    const runs: Run[] = [];
    for (const line of [
      `twilio-events replay ${calls}`,
      `twilio-events replay ${calls} --to localhost:3000`,
      `twilio-events replay ${calls} --to http://user:secret@203.0.113.7/events`,
      `twilio-events replay ${calls} --to http://0.0.0.0:3000/`,
      `twilio-events replay ${calls} --to http://user:secret@127.0.0.1:${port}/events`,
      `twilio-events replay ${calls} --to http://127.0.0.1:3000/ --speed 0`,
      `twilio-events replay ${calls} --to http://127.0.0.1:3000/ --drop 2`,
      `twilio-events replay ${calls} --to http://127.0.0.1:3000/ --duplicate 120%`,
      `twilio-events replay ${calls} --to http://127.0.0.1:3000/ --concurrency 1000`,
      `twilio-events replay ${calls} --to http://127.0.0.1:3000/ -f ndjson`,
      "twilio-events replay no-such.ndjson --to http://127.0.0.1:3000/ --dry-run",
      "twilio-events replay test/cli/input/other.json --to http://127.0.0.1:3000/ --dry-run",
      "twilio-events replay test/cli/input/other.json --to http://127.0.0.1:3000/ --dry-run --allow-empty",
    ]) {
      runs.push(masked(await run(line)));
    }
    const text = transcript(...runs);
    expect(text.replace(/^\$.*$/gm, "")).not.toContain("secret");
    await expect(text).toMatchFileSnapshot("golden/replay-mistakes.txt");
  });
});

test("at a terminal with nothing to read it prints its help on stderr at once", async () => {
  const { stdout, stderr, code } = await run("twilio-events replay --to http://127.0.0.1:3000/");
  expect({ stdout, code }).toEqual({ stdout: "", code: ExitCode.Usage });
  expect(stderr).toBe((await run("twilio-events replay --help")).stdout);
});

describe("a record", () => {
  test("goes byte for byte, with its headers and query, but for host and signature", async () => {
    const bodies = [
      Buffer.from([0x5b, 0x7b, 0xff, 0xfe, 0x00, 0x80, 0x0a, 0x7d, 0x5d]),
      Buffer.from('[{"a" : 1.0e2,\r\n "é\u2028": "\\u0041"}] \n'),
      Buffer.alloc(0),
    ];
    const path = await fileOf("bytes.ndjson", ...bodies.map((body) => toRecordLine({ ...recorded, body })));
    const app = await startApp();
    const { code } = await run(`twilio-events replay ${path} --to ${app.url}/app?x=1 --speed max`);
    expect(code).toBe(ExitCode.Done);
    expect(app.got.map(({ body }) => body)).toEqual(bodies);
    const [first] = app.got;
    expect(first?.url).toBe("/app?x=1&step=2&bodySHA256=00");
    expect(first?.headers).toMatchObject({
      "content-type": "application/cloudevents+json",
      "user-agent": "TwilioProxy/1.1",
      "i-twilio-idempotency-token": "7d1b",
      host: app.url.slice(7),
      "content-length": "9",
    });
    expect(first?.headers["x-twilio-signature"]).toBeUndefined();
  });

  test("passes a filter when one of its events does", async () => {
    const event = (id: string, sid: string): string =>
      `{"specversion":"1.0","id":"${id}","type":"com.twilio.voice.x","data":{"sid":"${sid}"}}`;
    const body = (...events: readonly string[]): Buffer =>
      toRecordLine({ ...recorded, body: Buffer.from(`[${events.join(",")}]`) });
    const path = await fileOf(
      "filtered.ndjson",
      body(event("E1", "CA1"), event("E2", "CA2")),
      body(event("E3", "CA1")),
      body(event("E4", "CA2")),
      toRecordLine({ ...recorded, body: Buffer.from("no event") }),
    );
    const app = await startApp();
    const { stdout } = await run(`twilio-events replay ${path} --to ${app.url} --speed max --call CA2`);
    expect(idsIn(app)).toEqual(["E1", "E2", "E4"]);
    expect(stdout).toContain("4 events found, 2 of them left out by the filters");
  });

  test("is left out when a part of its body is missing", async () => {
    const torn = { ...recorded, method: "", url: "", rejected: "torn tail" };
    const path = await fileOf(
      "part.ndjson",
      toRecordLine({ ...recorded, length: 1e6 }),
      toRecordLine(torn),
      toRecordLine(recorded),
    );
    const app = await startApp();
    const { stdout, code } = await run(`twilio-events replay ${path} --to ${app.url} --speed max`);
    expect(app.got.length).toBe(1);
    expect(stdout).toContain("2 that no webhook brings");
    expect(code).toBe(ExitCode.Done);
  });

  test("in an array, and among other things", async () => {
    const [line, other] = [toRecordLine(recorded).toString("utf8").trim(), '{"level":30,"msg":"started"}'];
    const path = await fileOf("mixed.log", `[${line},${line}]\n${other}\n${line}\n`);
    const app = await startApp();
    await run(`twilio-events replay ${path} --to ${app.url} --speed max`);
    expect(app.got.map(({ body }) => body)).toEqual([recorded.body, recorded.body, recorded.body]);
  });

  test("keeps its gaps", async () => {
    const times: number[] = [];
    const app = await startApp((_, response) => {
      times.push(performance.now());
      response.writeHead(204).end();
    });
    const { receivedAt } = recorded;
    const lines = [0, 150, 100, 300].map((ms) => toRecordLine({ ...recorded, receivedAt: receivedAt + ms }));
    const path = await fileOf("gaps.ndjson", ...lines);
    await run(`twilio-events replay ${path} --to ${app.url}`);
    const [first = 0, second = 0, third = 0, last = 0] = times;
    expect(second - first).toBeGreaterThan(120);
    expect(third).toBeGreaterThanOrEqual(second);
    expect(last - first).toBeGreaterThan(270);
  });
});

describe("events", () => {
  test("go as found, each in an array", async () => {
    const event = String.raw`{"type":"com.twilio.voice.x","id":"\u0041","data":{"n":1.0e2,"big":12345678901234567890}}`;
    const app = await startApp();
    await run(`twilio-events replay --to ${app.url} --speed max`, {
      stdin: `2025-08-24T13:00:00Z app[1]: got ${event}\n`,
    });
    expect(app.got.map(({ body }) => body.toString("utf8"))).toEqual([`[${event}]`]);
    expect(app.got[0]?.headers["content-type"]).toBe("application/json");
  });

  test("of sample come in batches", async () => {
    const { stdout } = await run("twilio-events sample all --calls 20");
    const app = await startApp();
    const { code } = await run(`twilio-events replay --to ${app.url} --speed max --batch 7`, { stdin: stdout });
    const ids = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).id);
    expect(idsIn(app)).toEqual(ids);
    expect(
      app.got
        .map(({ body }) => JSON.parse(body.toString("utf8")).length)
        .slice(0, -1)
        .every((n) => n === 7),
    ).toBe(true);
    expect(code).toBe(ExitCode.Done);
  });

  test("that are callbacks go as forms, and items of the Call Events API not at all", async () => {
    const form = "CallSid=CA0123456789abcdef0123456789abcdef&CallStatus=ringing&To=%2B1555&Empty=";
    const json = '{"CallSid":"CA0123456789abcdef0123456789abcdef","CallStatus":"busy","SequenceNumber":3}';
    const api = '{"request":{"method":"POST","url":"http://a/"},"response":{"response_code":200}}';
    const app = await startApp();
    const { stdout } = await run(`twilio-events replay --to ${app.url} --speed max`, {
      stdin: `${form}\n${api}\n${json}\n`,
    });
    expect(app.got.map(({ body }) => body.toString("utf8"))).toEqual([
      form,
      "CallSid=CA0123456789abcdef0123456789abcdef&CallStatus=busy&SequenceNumber=3",
    ]);
    expect(app.got[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded; charset=UTF-8");
    expect(stdout).toMatch(/left out +1 that no webhook brings/);
  });
});

describe("signatures", () => {
  /** What twilio.com/docs/usage/security says, by other code than the program's. */
  function isSigned({ url, headers, body }: Got, origin: string): boolean {
    let text = `${origin}${url}`;
    if (String(headers["content-type"]).startsWith("application/x-www-form-urlencoded")) {
      const pairs = [...new URLSearchParams(body.toString("utf8"))].sort(([a], [b]) => (a < b ? -1 : 1));
      text += pairs.flat().join("");
    } else if (new URL(text).searchParams.get("bodySHA256") !== createHash("sha256").update(body).digest("hex")) {
      return false;
    }
    return createHmac("sha1", token).update(text).digest("base64") === headers["x-twilio-signature"];
  }

  test("are made for the URL that is called, whatever was recorded", async () => {
    const form = {
      ...recorded,
      url: "/hook?step=3",
      headers: { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" },
      body: Buffer.from("CallSid=CA1&CallStatus=busy&To=%2B1555&Digits=a+b"),
    };
    const path = await fileOf(
      "signed.ndjson",
      toRecordLine(recorded),
      toRecordLine(form),
      `{"type":"com.twilio.x","data":{}}\n`,
    );
    const app = await startApp();
    const line = `TWILIO_AUTH_TOKEN=${token} twilio-events replay ${path} --to ${app.url.replace("//", "//user:pass@")}/app?x=1 --speed max`;
    const { stdout, stderr, code } = await run(line);
    expect(code).toBe(ExitCode.Done);
    expect(app.got.map(({ url }) => url.replace(/[0-9a-f]{64}/, "HASH"))).toEqual([
      "/app?x=1&step=2&bodySHA256=HASH",
      "/app?x=1&step=3",
      "/app?x=1&bodySHA256=HASH",
    ]);
    expect(app.got.map((got) => isSigned(got, app.url))).toEqual([true, true, true]);
    expect(app.got[0]?.headers["x-forwarded-proto"]).toBeUndefined();
    expect(stdout + stderr).not.toContain(token);
    expect(stdout + stderr).not.toContain("pass@");
    expect(stdout).toContain("yes, for this URL");
  });

  test("without a token that is said once", async () => {
    const app = await startApp();
    const { stderr } = await run(`twilio-events replay ${calls} --to ${app.url} --speed max`);
    expect(stderr.match(/without X-Twilio-Signature/g)?.length).toBe(1);
    expect(app.got.some(({ headers }) => headers["x-twilio-signature"] !== undefined)).toBe(false);
  });
});

describe("disorder", () => {
  test("is the same with the same seed, in the dry run and in the run", async () => {
    const { stdout } = await run("twilio-events sample all --calls 30");
    const options = "--speed max --shuffle --duplicate 20% --drop 0.1 --seed 5";
    const planned = JSON.parse(
      (await run(`twilio-events replay --to http://127.0.0.1:3000/ ${options} --dry-run -f json`, { stdin: stdout }))
        .stdout,
    );
    const app = await startApp();
    await run(`twilio-events replay --to ${app.url} ${options}`, { stdin: stdout });
    type Planned = { readonly fate: string; readonly ids: readonly string[] };
    const sent = planned.deliveries.filter(({ fate }: Planned) => fate !== "dropped");
    expect(idsIn(app)).toEqual(sent.flatMap(({ ids }: Planned) => ids));
    expect(new Set(planned.deliveries.map(({ fate }: Planned) => fate))).toEqual(new Set(["sent", "again", "dropped"]));
  });

  test("second deliveries that are answered otherwise are named", async () => {
    const seen = new Set<string>();
    const app = await startApp(({ body }, response) => {
      const [{ id }] = JSON.parse(body.toString("utf8"));
      const isAgain = seen.has(id);
      seen.add(id);
      // The app forgets that it has seen this one, and minds.
      response.writeHead(200).end(isAgain && id === "VW348e0bfdd521075a1b412557ca2685f0" ? "again?" : "ok");
    });
    const { stdout, code } = await run(`twilio-events replay ${calls} --to ${app.url} --speed max --duplicate 1`);
    expect(app.got.length).toBe(12);
    expect(stdout).toMatch(
      /duplicates +6 requests sent twice, 1 answered otherwise: VW348e0bfdd521075a1b412557ca2685f0\n/,
    );
    expect(code).toBe(ExitCode.Done);
  });
});

describe("how it ends", () => {
  test("nothing sent, as all was dropped, is no failure", async () => {
    const app = await startApp();
    const { code } = await run(`twilio-events replay ${calls} --to ${app.url} --drop 1`);
    expect([code, app.got.length]).toEqual([ExitCode.Done, 0]);
  });

  test("an input that cannot be read wins over a failure", async () => {
    const app = await startApp((_, response) => void response.writeHead(500).end());
    const { code } = await run(`twilio-events replay ${calls} no-such --to ${app.url} --speed max`);
    expect([code, app.got.length]).toEqual([ExitCode.Usage, 6]);
  });

  test("interrupted while it waits for a gap, it reports and ends with 130", async () => {
    const app = await startApp();
    // What is said before the first request is the moment of the interrupt; the next one is a second away.
    const { stdout, code } = await run(`twilio-events replay ${calls} --to ${app.url}`, {
      stderr: { interrupts: true },
    });
    expect(code).toBe(ExitCode.Interrupted);
    expect(app.got.length).toBe(1);
    expect(stdout).toContain("1 delivery to");
    expect(stdout).toContain("Interrupted. Read");
  });

  test("interrupted while it waits for input", async () => {
    const app = await startApp();
    const event = '{"type":"com.twilio.x","id":"E1","data":{}}\n';
    async function* stdin(): AsyncGenerator<Buffer> {
      yield Buffer.from(event);
      yield interruption;
    }
    const { code } = await run(`twilio-events replay --to ${app.url}`, { stdin: stdin() });
    expect(code).toBe(ExitCode.Interrupted);
    expect(app.got.length).toBe(1);
  });

  test("interrupted while the target does not answer, it does not wait for long", async () => {
    const app = await startApp(() => undefined);
    const { stdout, code } = await run(`twilio-events replay ${calls} --to ${app.url} --width 120`, {
      stderr: { interrupts: true },
    });
    expect(code).toBe(ExitCode.Interrupted);
    expect(stdout).toContain("had not answered when the run was stopped");
  });
});

test("progress shows at a terminal, for a run of more than a second, and goes away", async () => {
  const started = performance.now();
  // A clock ten times as fast, so that the test need not take as long.
  const now = (): Date => new Date(1_756_000_000_000 + (performance.now() - started) * 10);
  let answered = 0;
  const app = await startApp(
    (_, response) => void setTimeout(() => response.writeHead(200).end(), answered++ === 0 ? 0 : 500),
  );
  const line = `TWILIO_AUTH_TOKEN=${token} twilio-events replay ${calls} --to ${app.url} --speed max --limit 2`;
  const { stderr } = await run(line, { stderr: { columns: 80 }, now });
  expect(stderr).toContain("\r1 sent");
  expect(stderr.endsWith("\r\u001b[K")).toBe(true);
});
