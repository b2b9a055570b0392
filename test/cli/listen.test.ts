import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { expectPrivate, shortFolder } from "../files.ts";
import { type Run, run, transcript, type World } from "./harness.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(shortFolder, "twilio-events-test-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Sent {
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly method?: string;
}

/** The status that the request is answered with. */
function send(port: number, { body, headers = {}, path = "/", method = "POST" }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const all = { "Content-Type": "application/json", ...headers };
    const sent = request({ host: "127.0.0.1", port, method, path, headers: all }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

/** Runs a `listen`, sends the requests one by one once it is ready, presses Ctrl-C, and tells how each was answered. */
async function listen(
  options: string,
  requests: readonly Sent[],
  world: World = {},
): Promise<Run & { readonly statuses: readonly number[] }> {
  const statuses: number[] = [];
  let started = false;
  let sending: Promise<void> | undefined;
  async function sendAll(port: number, interrupt: () => void): Promise<void> {
    for (const each of requests) statuses.push(await send(port, each));
    interrupt();
  }
  const sees = (text: string, interrupt: () => void): void => {
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
    if (started || port === undefined) return;
    started = true;
    sending = sendAll(Number(port), interrupt);
  };
  const ran = await run(`twilio-events listen --port 0 ${options}`, { ...world, stderr: { ...world.stderr, sees } });
  await sending;
  return { ...ran, statuses };
}

/** What a reviewer sees: the port is another in each run, and so is the folder. */
const shown = (...runs: readonly Run[]): string =>
  transcript(...runs)
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:4319")
    .replaceAll(folder, "FOLDER")
    .replace("--port 0 ", "");

const sampled = async (line: string): Promise<readonly Sent[]> => {
  const { stdout } = await run(`twilio-events sample ${line}`);
  return stdout
    .trim()
    .split("\n")
    .map((event) => ({ body: `[${event}]` }));
};

const file = (name: string): string => join(folder, name);

const lines = (path: string): readonly Record<string, unknown>[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

const PUBLIC_URL = "https://abc.example.com/hooks";

function signed(body: string, token = "12345"): Sent {
  const hash = createHash("sha256").update(body).digest("hex");
  const url = `${PUBLIC_URL}?bodySHA256=${hash}`;
  const signature = createHmac("sha1", token).update(url).digest("base64");
  return { body, path: `/hooks?bodySHA256=${hash}`, headers: { "X-Twilio-Signature": signature } };
}

describe("what is shown", () => {
  test.each([60, 100, 160])("of two calls in %i columns", async (columns) => {
    const ran = await listen(`--width ${columns} --calls`, await sampled("answered busy"));
    await expect(shown(ran)).toMatchFileSnapshot(`golden/listen-${columns}.txt`);
    expect(ran.statuses.every((status) => status === 204)).toBe(true);
    for (const line of ran.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
  });

  test("of findings, signatures and second deliveries", async () => {
    const [first, second, third] = await sampled("failing-callback");
    const events = [first, second, third].map((each) => String(each?.body));
    const broken = events[1]?.replace('"responseCode":', '"responseCode":"x","responsecode":') ?? "";
    const requests = [
      signed(events[0] ?? ""),
      signed(events[0] ?? ""),
      signed(broken),
      signed(events[2] ?? "", "other"),
      { body: events[2] ?? "", path: "/hooks" },
    ];
    const world = { env: { TWILIO_AUTH_TOKEN: "12345" }, stdout: { columns: 120 } };
    const record = file("night.ndjson");
    const pretty = await listen(`--public-url ${PUBLIC_URL} --record ${record} --ascii --color never`, requests, world);
    rmSync(record);
    const compact = await listen(`--public-url ${PUBLIC_URL} --record ${record} -f compact`, requests, world);
    rmSync(record);
    const ndjson = await listen(`--public-url ${PUBLIC_URL} --record ${record} -f ndjson`, requests, world);
    await expect(shown(pretty, compact, ndjson)).toMatchFileSnapshot("golden/listen-findings.txt");
  });

  test("in the README", async () => {
    const requests = (await sampled("failing-callback")).map(({ body }) => signed(String(body)));
    const world = { env: { TWILIO_AUTH_TOKEN: "12345" } };
    const ran = await listen(
      `--record ${file("night.ndjson")} --public-url ${PUBLIC_URL}`,
      [...requests, ...requests.slice(-1)],
      world,
    );
    await expect(shown(ran).replaceAll("FOLDER/", "")).toMatchFileSnapshot("golden/listen-readme.txt");
  });

  test("of forms, binary mode, junk and what the door keeps out", async () => {
    const form = "CallSid=CA0123456789abcdef0123456789abcdef&CallStatus=ringing&From=%2B14155550100&To=%2B14155550101";
    const requests: readonly Sent[] = [
      { body: form, headers: { "Content-Type": "application/x-www-form-urlencoded" } },
      {
        body: '{"sid":"CA0123456789abcdef0123456789abcdef"}',
        headers: {
          "ce-specversion": "1.0",
          "ce-type": "com.twilio.voice.status-callback.call.ringing",
          "ce-id": "VW0123456789abcdef0123456789abcdef",
          "ce-source": "Sink",
          "ce-dataschema": "https://events-schemas.twilio.com/Voice.WebhookEvent/2",
        },
      },
      { body: "", method: "GET", path: `/?${form}` },
      { body: "junk\u001b[31m" },
      { body: "{}", headers: { "Content-Type": "text/\u0009plain" } },
      { body: "{}", headers: { Host: "evil.example.com" } },
      { body: "{}", headers: { Origin: "https://evil.example.com" } },
      { body: "", method: "DELETE" },
    ];
    const ran = await listen(`--get --record ${file("night.ndjson")}`, requests);
    expect(ran.statuses).toEqual([204, 204, 204, 204, 415, 421, 403, 405]);
    await expect(shown(ran)).toMatchFileSnapshot("golden/listen-others.txt");
    expect(lines(file("night.ndjson.rejected"))).toMatchObject([{ rejected: "its Content-Type is text/\tplain" }]);
    const read = await run(`twilio-events validate -f ndjson ${file("night.ndjson")}`);
    expect(read.stdout.trim().split("\n").length).toBe(3);
  });

  test("with a filter: the rest is recorded too", async () => {
    const ran = await listen(`--record ${file("a.ndjson")} --status busy -f ndjson`, await sampled("answered busy"));
    expect(ran.stdout.trim().split("\n").length).toBe(1);
    expect(lines(file("a.ndjson")).length).toBe(10);
  });
});

describe("the record", () => {
  test("holds each request as it came, for its owner alone", async () => {
    const requests = await sampled("answered");
    await listen(`--record ${file("a.ndjson")}`, requests);
    expect(lines(file("a.ndjson")).map(({ body }) => body)).toEqual(requests.map(({ body }) => body));
    expectPrivate(file("a.ndjson"));
  });

  test("tells second deliveries after a restart too, and keeps them where that is asked for", async () => {
    const requests = await sampled("answered");
    const first = await listen(`--record ${file("a.ndjson")}`, requests);
    const second = await listen(`--record ${file("a.ndjson")}`, [...requests, ...(await sampled("busy"))]);
    expect(first.statuses.concat(second.statuses).every((status) => status === 204)).toBe(true);
    expect(lines(file("a.ndjson")).length).toBe(10);
    expect(second.stdout).toContain("Took 10 requests: 4 recorded in");
    expect(second.stdout).toContain("6 delivered again");
    const third = await listen(`--record ${file("a.ndjson")} --keep-duplicates -f ndjson`, requests);
    expect(lines(file("a.ndjson")).length).toBe(16);
    expect(
      third.stdout
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line).source.line),
    ).toEqual([11, 12, 13, 14, 15, 16]);
  });

  test("makes the same timeline as what was sent", async () => {
    const { stdout } = await run("twilio-events sample all --calls 20");
    await listen(
      `--record ${file("a.ndjson")}`,
      stdout
        .trim()
        .split("\n")
        .map((event) => ({ body: `[${event}]` })),
    );
    const bare = (text: string): unknown =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line.replace(/,"source":\{[^}]*\}/g, "")));
    const recorded = await run(`twilio-events timeline -f ndjson ${file("a.ndjson")}`);
    const sent = await run("twilio-events timeline -f ndjson", { stdin: await distinct(stdout) });
    expect(bare(recorded.stdout)).toEqual(bare(sent.stdout));
  });

  /** Each event once: what is delivered again is counted, and not recorded. */
  async function distinct(text: string): Promise<string> {
    const seen = new Set<string>();
    return text
      .split("\n")
      .filter((line) => {
        const id = /"id":"([^"]+)"/.exec(line)?.[1];
        if (id === undefined || seen.has(id)) return id === undefined;
        seen.add(id);
        return true;
      })
      .join("\n");
  }

  test("is refused where it is a link, or another file", async () => {
    writeFileSync(file("notes.txt"), "my notes\n");
    symlinkSync(file("notes.txt"), file("link.ndjson"));
    expect(await run(`twilio-events listen --port 0 --record ${file("link.ndjson")}`)).toMatchObject({ code: 2 });
    expect(await run(`twilio-events listen --port 0 --record ${file("notes.txt")}`)).toMatchObject({ code: 2 });
    expect(readFileSync(file("notes.txt"), "utf8")).toBe("my notes\n");
  });

  test("goes on when nobody looks any more", async () => {
    const requests = await sampled("answered");
    const ran = await listen(`--record ${file("a.ndjson")}`, requests, { stdout: { fails: "closed" } });
    expect(ran).toMatchObject({ code: 0, statuses: requests.map(() => 204) });
    expect(lines(file("a.ndjson")).length).toBe(requests.length);
  });
});

describe("the exit code", () => {
  test("is 4 where a signature was asked for and did not hold; nothing is dropped for that", async () => {
    const world = { env: { TWILIO_AUTH_TOKEN: "12345" } };
    const options = `--public-url ${PUBLIC_URL} --require-signature --record ${file("a.ndjson")}`;
    const [event] = await sampled("busy");
    expect(await listen(options, [signed(String(event?.body))], world)).toMatchObject({ code: 0, statuses: [204] });
    const bad = await listen(options, [{ body: "[]", path: "/hooks" }], world);
    expect(bad).toMatchObject({ code: 4, statuses: [204] });
    expect(lines(file("a.ndjson")).map(({ sig }) => sig)).toEqual(["ok", "missing"]);
  });

  test.each([
    ["--require-signature", "--require-signature needs the auth token"],
    ["--reject", "--reject needs --record FILE"],
    ["--port 70000", "It is not a port"],
    ["--path hooks", "It is not a path"],
    ["--max-body 1gb", "give a size from 1kb to 8mb"],
    ["--public-url abc.example.com", "give the whole URL"],
    ["--allow-host http://a/", "give a name or an address alone"],
    ["--forward-to http://192.0.2.1/", "--forward-anywhere"],
    ["--forward-to ftp://127.0.0.1/", "give an http or https URL"],
    ["--respond 99", "It is not a status"],
    ["--respond-delay 0", "give a number of seconds"],
    ["-f json", "Allowed choices are pretty, compact, ndjson"],
  ])("of %s is 2, and the way out is told", async (options, words) => {
    const ran = await run(`twilio-events listen --port 0 ${options}`);
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toContain(words);
  });

  test("of a port in use is 2", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const ran = await run(`twilio-events listen --port ${port} --record ${file("a.ndjson")}`);
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.stderr).toContain(`port ${port} is in use`);
    server.close();
  });

  test("is 0 after so many events as were asked for", async () => {
    const requests = await sampled("answered");
    const ran = await listen("--max-events 2 -f ndjson", requests.slice(0, 2));
    expect(ran.code).toBe(0);
    expect(ran.stdout.trim().split("\n").length).toBe(2);
  });
});

test.each(["pretty", "compact", "ndjson"])("the auth token shows nowhere, by %s", async (format) => {
  const token = "d0nt5h0wme1n4nyplac3";
  const requests = [signed('[{"specversion":"1.0","id":"a"}]', token), signed("[]", "other"), signed("{}", token)];
  const world = { env: { TWILIO_AUTH_TOKEN: token } };
  const options = `--public-url ${PUBLIC_URL} --record ${file("a.ndjson")} -f ${format} --verbose --debug`;
  const { stdout, stderr, code } = await listen(options, requests, world);
  const kept = readdirSync(folder).map((name) => readFileSync(file(name), "utf8"));
  expect(lines(file("a.ndjson")).map(({ sig }) => sig)).toEqual(["ok", "bad", "ok"]);
  const all = [stdout, stderr, ...kept].join("\n");
  for (const form of [token, [...token].reverse().join(""), Buffer.from(token).toString("base64").slice(0, -2)]) {
    expect(all).not.toContain(form);
  }
  expect(code).toBe(0);
});

test.each(["pretty", "compact", "ndjson"])("a hostile name of the record acts nowhere, by %s", async (format) => {
  const name = file("a\u001b[31m\u202e.ndjson");
  const { stdout, stderr } = await listen(`--record ${name} -f ${format}`, [{ body: "{}" }]);
  expect(stdout + stderr).not.toContain("\u001b");
  expect(stdout + stderr).not.toContain("\u202e");
  expect(stderr).toContain("a\\u{1B}[31m\\u{202E}.ndjson");
});

describe("--reject", () => {
  test("turns away what is junk or badly signed, once its bytes are kept", async () => {
    const world = { env: { TWILIO_AUTH_TOKEN: "12345" } };
    const requests = [signed("junk"), { body: '[{"a":1}]', path: "/hooks" }, signed("[]")];
    const ran = await listen(`--public-url ${PUBLIC_URL} --reject --record ${file("a.ndjson")}`, requests, world);
    expect(ran.statuses).toEqual([400, 403, 204]);
    expect(lines(file("a.ndjson.rejected"))).toMatchObject([
      { rejected: "it is not JSON", body: "junk" },
      { rejected: "its signature is missing", body: '[{"a":1}]' },
    ]);
  });

  test("with 503 has Twilio try again", async () => {
    const ran = await listen(`--reject 503 --record ${file("a.ndjson")}`, [{ body: "junk" }]);
    expect(ran.statuses).toEqual([503]);
  });
});

describe("--forward-to", () => {
  test("hands each request on as it came, with its signature and where it came to", async () => {
    const got: { url: string | undefined; headers: Record<string, unknown>; body: string }[] = [];
    const app = createServer((message, response) => {
      let body = "";
      message.on("data", (chunk) => {
        body += chunk;
      });
      message.on("end", () => {
        got.push({ url: message.url, headers: message.headers, body });
        response.writeHead(got.length === 2 ? 404 : 200).end(got.length === 2 ? "no such route" : "");
        if (got.length === requests.length) finished();
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => app.once("listening", resolve));
    const { port } = app.address() as AddressInfo;
    const requests = (await sampled("busy")).map(({ body }) => signed(String(body)));
    let finished: () => void = () => undefined;
    const all = new Promise<void>((resolve) => {
      finished = resolve;
    });
    const world = { env: { TWILIO_AUTH_TOKEN: "12345" } };
    const ran = await listen(`--public-url ${PUBLIC_URL} --forward-to http://127.0.0.1:${port}/app`, requests, world);
    await all;
    app.closeAllConnections();
    app.close();
    expect(ran.code).toBe(0);
    expect(got.map(({ body }) => body)).toEqual(requests.map(({ body }) => body));
    for (const [index, { headers }] of got.entries()) {
      expect(headers).toMatchObject({
        "x-twilio-signature": requests[index]?.headers?.["X-Twilio-Signature"],
        "x-forwarded-host": "abc.example.com",
        "x-forwarded-proto": "https",
        "content-type": "application/json",
      });
    }
    expect(ran.stdout).toContain("no such route");
    expect(ran.stdout).toContain("3 handed on to");
    expect(ran.stdout).toContain("1 answered with a failure");
  });
});

test("takes only its path and the hosts that are allowed, up to the size that is asked for", async () => {
  const body = `{"type":"${"x".repeat(3000)}"}`;
  const own = { body: "{}", path: "/hooks" };
  const { statuses } = await listen("--path /hooks --allow-host abc.example.com --max-body 2kb", [
    own,
    { ...own, path: "/other" },
    { ...own, headers: { Host: "abc.example.com" } },
    { ...own, headers: { Host: "evil.example.com" } },
    { ...own, body },
  ]);
  expect(statuses).toEqual([204, 404, 204, 421, 413]);
});
