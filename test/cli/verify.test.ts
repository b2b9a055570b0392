import { readdirSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePrivate } from "../files.ts";
import { golden, interruption, run } from "./harness.ts";

const key = "TWILIO_AUTH_TOKEN=12345";
const record = "samples/requests/record.ndjson";
const raw = "samples/requests/raw-request.txt";
const broken = (name: string): string => `samples/broken/signature-${name}.ndjson`;
const failed = [
  broken("mismatch-http-behind-proxy"),
  broken("body-parsed-and-printed"),
  broken("missing-header-dropped"),
  broken("body-not-covered"),
].join(" ");

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "verify-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file in the folder of these tests that only its owner may read. */
const file = (name: string, contents: string | Buffer, mode?: number): string =>
  writePrivate(join(folder, name), contents, mode);

describe("what is printed", () => {
  test("signatures that hold", () => golden("verify-ok", `${key} twilio-events verify ${record} ${raw}`));

  test("another scheme, a body written again, no header, no hash", () =>
    golden("verify-failed", `${key} twilio-events verify ${failed}`));

  test.each(["compact", "json", "ndjson"])("%s", (format) =>
    golden(`verify-${format}`, `${key} twilio-events verify -f ${format} ${record} ${failed}`),
  );

  test.each([40, 60, 160])("%i columns", async (width) => {
    const { stdout } = await run(`${key} twilio-events verify --width ${width} ${record} ${failed}`);
    expect(stdout.split("\n").filter((line) => line.length > width)).toEqual([]);
    if (width === 60) await golden("verify-width-60", `${key} twilio-events verify --width 60 ${failed}`);
  });

  test("with the URL that was given, the secondary token, and a port that Twilio leaves out", () =>
    golden(
      "verify-url",
      `${key} twilio-events verify --url https://ivr.example.com:443/twilio/events ${raw}`,
      `TWILIO_AUTH_TOKEN=other,12345 twilio-events verify --url https://ivr.example.com ${raw}`,
      `${key} twilio-events verify --url http://ivr.example.com:8080/twilio/events/ ${raw}`,
      `${key} twilio-events verify --url https://user:secret@ivr.example.com/twilio/events ${raw}`,
    ));

  test("ASCII only, and in color", async () => {
    expect((await run(`${key} twilio-events verify --ascii ${record} ${failed}`)).stdout).toMatch(/^[\n -~]*$/);
    await golden("verify-color", `${key} twilio-events verify --color always ${raw} ${broken("body-forged")}`);
  });
});

describe("one request by hand", () => {
  const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
  const call = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
  const value = '{"property": "value", "boolean": true}';
  const hash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
  const verify = `${key} twilio-events verify`;

  test("a form and JSON, told apart by their look", async () => {
    const form = file("form", call);
    const json = file("json", value);
    const one = await run(`${verify} --url '${url}' --signature RSOYDt4T1cUTdK1PDd93/VVr8B8= --body ${form}`);
    expect(one).toMatchObject({ code: 0, stderr: "" });
    const other = await run(
      `${verify} --url '${url}&bodySHA256=${hash}' --signature a9nBmqA0ju/hNViExpshrM61xv4= --body ${json}`,
    );
    expect(other).toMatchObject({ code: 0, stderr: "" });
    expect(other.stdout).toContain("by its hash for the body, 38 bytes");
  });

  test("the bytes of the body are those of the file, and of standard input", async () => {
    const line = `${verify} --url '${url}' --signature RSOYDt4T1cUTdK1PDd93/VVr8B8= --body`;
    const spoiled = file("newline", `${call}\n`);
    expect(await run(`${line} ${spoiled}`)).toMatchObject({ code: 4 });
    expect((await run(`${line} ${spoiled}`)).stdout).toMatch(/a line\s+break was added behind the body/);
    expect(await run(`${line} -`, { stdin: call })).toMatchObject({ code: 0 });
  });

  test("a GET, and what is no form", async () => {
    // base64 of HMAC-SHA1 over the URL alone.
    const signature = "zYQTYrRWXE7LtzbG4PfP7/bkkGo=";
    expect(await run(`${verify} --url '${url}' --signature ${signature}`)).toMatchObject({ code: 0 });
    expect(await run(`${verify} --url '${url}' --signature ${signature} --method POST`)).toMatchObject({ code: 4 });
    const { stdout } = await run(
      `${verify} -f json --url '${url}' --signature ${signature} --body ${file("form", call)} --content-type text/plain`,
    );
    expect(JSON.parse(stdout).requests[0].signature).toBe("unverifiable");
  });
});

describe("where requests are found", () => {
  const verdicts = async (input: string, options = ""): Promise<readonly unknown[]> => {
    const { stdout } = await run(`${key} twilio-events verify -f ndjson ${options} ${input}`);
    return stdout
      .trimEnd()
      .split("\n")
      .map((line) => {
        const { signature, source } = JSON.parse(line);
        return [signature, source.line, source.path];
      });
  };

  test("in a record, gzipped and piped in", async () => {
    const found = [1, 2, 3, 4].map((line) => ["ok", line, ""]);
    expect(await verdicts(record)).toEqual(found);
    expect(await verdicts(file("record.gz", gzipSync(await readFile(record))))).toEqual(found);
    expect(await verdicts(`< ${record}`)).toEqual(found);
    expect(await verdicts(`< ${raw}`)).toEqual([["ok", 1, ""]]);
  });

  test("in wrappers: an array, a log line, a string in JSON", async () => {
    const lines = (await readFile(record, "utf8")).trimEnd().split("\n");
    const array = file("array.json", `[${lines.join(",\n")}]`);
    expect(await verdicts(array)).toEqual(lines.map((_, index) => ["ok", index + 1, `[${index}]`]));
    const log = file("app.log", lines.map((line) => `2025-08-24T13:50:00Z INFO got ${line}\n`).join(""));
    expect(await verdicts(log)).toEqual(lines.map((_, index) => ["ok", index + 1, ""]));
    const wrapped = file("docker.json", JSON.stringify({ a: [{ log: `${lines[0]}\n` }] }));
    expect(await verdicts(wrapped)).toEqual([["ok", 1, "a[0].log"]]);
  });

  test("in captures of other tools", async () => {
    for (const name of ["api-gateway.json", "ngrok-inspect.json", "proxy.har"]) {
      const found = await verdicts(`samples/wrapped/${name}`);
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found.map((each) => (each as readonly string[])[0]))).toEqual(new Set(["ok"]));
    }
    expect(await verdicts("samples/wrapped/proxy.har")).toContainEqual(["ok", 13, "log.entries[0].request"]);
  });

  test("several raw requests in one file, each at its line", async () => {
    const one = await readFile(raw);
    const two = file("two.txt", Buffer.concat([one, Buffer.from("\n\n"), one]));
    expect(await verdicts(two)).toEqual([
      ["ok", 1, ""],
      ["ok", 12, ""],
    ]);
  });

  test("nowhere: 3, and 0 with --allow-empty", async () => {
    const { code, stderr } = await run(`${key} twilio-events verify samples/events/published-old-answered.json`);
    expect(code).toBe(3);
    expect(stderr).toContain("no request found");
    expect(await run(`${key} twilio-events verify --allow-empty samples/events`)).toMatchObject({ code: 0 });
  });
});

describe("exit codes", () => {
  test.each(readdirSync("samples/requests"))("0 where all hold: samples/requests/%s", async (name) => {
    expect(await run(`${key} twilio-events verify samples/requests/${name}`)).toMatchObject({ code: 0 });
  });

  test("4 where one does not", async () => {
    for (const each of failed.split(" ")) {
      expect(await run(`${key} twilio-events verify ${record} ${each}`)).toMatchObject({ code: 4 });
    }
  });

  test("2 where an input cannot be read, whatever the signatures", async () => {
    const { code, stderr } = await run(`${key} twilio-events verify no-such-file ${failed}`);
    expect(code).toBe(2);
    expect(stderr).toContain("no-such-file");
  });

  test("130 after an interrupt, with what was read until then", async () => {
    async function* chunks(): AsyncGenerator<Buffer> {
      yield await readFile(record);
      yield interruption;
    }
    const { code, stdout } = await run(`${key} twilio-events verify`, { stdin: chunks() });
    expect(code).toBe(130);
    expect(stdout).toContain("4 signatures: 4 hold");
  });

  test("mistakes in the command line", () =>
    golden(
      "verify-mistakes",
      `twilio-events verify ${record}`,
      `TWILIO_AUTH_TOKEN= twilio-events verify ${record}`,
      `TWILIO_AUTH_TOKEN=12345, twilio-events verify ${record}`,
      `TWILIO_AUTH_TOKEN=1,2,3 twilio-events verify ${record}`,
      `${key} twilio-events verify --url ivr.example.com ${record}`,
      `${key} twilio-events verify --signature abc ${record}`,
      `${key} twilio-events verify --signature abc --url https://example.com ${record}`,
      `${key} twilio-events verify --body body.bin`,
      `${key} twilio-events verify --method GET ${record}`,
      `${key} twilio-events verify --signature abc --url https://example.com --body no-such-file`,
      "twilio-events verify --auth-token-file no-such-file x",
      "twilio-events verify --auth-token-file samples x",
      `${key} twilio-events verify --auth-token 12345 ${record}`,
    ));

  test("at a terminal with nothing to read: the help, on stderr", async () => {
    const { code, stdout, stderr } = await run(`${key} twilio-events verify`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: twilio-events verify");
  });
});

describe("the auth token", () => {
  const verifyWith = (path: string) => run(`twilio-events verify ${record} --auth-token-file ${path}`);

  test("from a file, white space around it and a mark before it left out", async () => {
    for (const [index, contents] of ["12345", "  12345\t\r\n", "\ufeff12345\n\n", "other\r\n12345\r\n"].entries()) {
      expect(await verifyWith(file(`token-${index}`, contents))).toMatchObject({ code: 0 });
    }
    expect(await verifyWith(file("wrong", "54321"))).toMatchObject({ code: 4 });
  });

  test("a file goes before the variable", async () => {
    const path = file("token", "12345");
    const line = `TWILIO_AUTH_TOKEN=other twilio-events verify ${record} --auth-token-file ${path}`;
    expect(await run(line)).toMatchObject({ code: 0 });
  });

  test.runIf(platform() !== "win32")("not from a file that others can read", async () => {
    for (const mode of [0o644, 0o640, 0o604, 0o620]) {
      const { code, stdout, stderr } = await verifyWith(file("open", "12345", mode));
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/others can read it; chmod 600 \S+open\n$/);
    }
  });

  test("not from a file that holds none, or no token", async () => {
    for (const contents of ["", "\n \n", "two words", "1\n2\n3\n", "x".repeat(5000)]) {
      expect(await verifyWith(file("none", contents))).toMatchObject({ code: 2, stdout: "" });
    }
  });

  test("is in nothing that is printed or written, in any format, whatever goes wrong", async () => {
    const canary = "c4n4ry-7f3e9b";
    const spellings = ["utf8", "base64", "hex"].map((each) => Buffer.from(canary).toString(each as BufferEncoding));
    const path = file("canary", canary);
    const bad = file("canary-bad", `${canary} ${canary}`);
    const result = join(folder, "result");
    const copy = join(folder, "record.ndjson");
    await copyFile(record, copy);
    const lines = [
      ...["pretty", "compact", "json", "ndjson"].map((format) => `verify -f ${format} ${record} ${raw} ${failed}`),
      `verify -o ${result} ${record}`,
      `verify --url https://ivr.example.com/twilio/events ${copy} --debug`,
      "verify --url nonsense x --debug",
      "verify no-such-file --debug",
      "verify --signature abc --url https://example.com --debug",
    ].flatMap((line) => [
      `TWILIO_AUTH_TOKEN=${canary} twilio-events ${line}`,
      `TWILIO_AUTH_TOKEN=other,${canary} twilio-events ${line}`,
      `TWILIO_AUTH_TOKEN=${canary}, twilio-events ${line}`,
      `TWILIO_AUTH_TOKEN='${canary} ${canary}' twilio-events ${line}`,
      `twilio-events ${line} --auth-token-file ${path}`,
      `twilio-events ${line} --auth-token-file ${bad}`,
    ]);
    let printed = "";
    for (const line of lines) {
      const { stdout, stderr } = await run(line);
      expect(stdout + stderr, line).not.toBe("");
      printed += stdout + stderr;
    }
    printed += (await readFile(result, "utf8")) + (await readFile(copy, "utf8"));
    for (const spelling of spellings) expect(printed).not.toContain(spelling);
  });
});

test("nothing of a request acts on the terminal, and the password in a URL is masked", async () => {
  const hostile = "\u001b]0;pwned\u0007\u202e";
  const headers = { host: `ivr.example.com${hostile}`, "x-twilio-signature": hostile, "content-type": hostile };
  const captured = file(
    "hostile.json",
    JSON.stringify({
      method: `POST${hostile}`,
      url: `https://me:secret@example.com/${hostile}`,
      headers,
      body: hostile,
    }),
  );
  for (const format of ["pretty", "compact", "json", "ndjson"]) {
    const { stdout, stderr } = await run(`${key} twilio-events verify -f ${format} ${captured}`);
    expect(stdout).toContain(format === "compact" ? "signature-" : "me:***@example.com");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|secret/);
  }
});
