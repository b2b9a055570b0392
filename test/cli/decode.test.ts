import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { golden, run } from "./harness.ts";

const published = "samples/events/published-old-answered.json";
const mistakes = "test/cli/input/mistakes.xml";
const malformed = "test/cli/input/malformed.xml";
const body = "PFJlc3BvbnNlPjxTYXk+PC9TYXk+PC9SZXNwb25zZT4=";

describe("decode", () => {
  test("Twilio's published example", () => golden("decode-published", `twilio-events decode ${published}`));

  test("the same answer, executed", () =>
    golden("decode-executed", "twilio-events decode test/cli/input/executed.json"));

  test.each([60, 100, 160])("%i columns", (width) =>
    golden(`decode-width-${width}`, `twilio-events decode --width ${width} ${mistakes}`),
  );

  test("in color", () => golden("decode-color", `twilio-events decode --color always ${mistakes}`));

  test("ASCII only", async () => {
    const line = `twilio-events decode --ascii ${mistakes}`;
    expect((await run(line)).stdout).toMatch(/^[\t\n -~]*$/);
    await golden("decode-ascii", line);
  });

  test("malformed XML as it stands, a caret under the place", () =>
    golden("decode-malformed", `twilio-events decode ${malformed}`));

  test("JSON, error pages, bytes", () => golden("decode-kinds", "twilio-events decode test/cli/input/kinds.ndjson"));

  test.each(["compact", "json", "ndjson"])("%s", (format) =>
    golden(`decode-${format}`, `twilio-events decode -f ${format} ${published}`),
  );

  test("base64 and XML by themselves, as argument and piped in", () =>
    golden(
      "decode-bare",
      `twilio-events decode ${body}`,
      "twilio-events decode '<Response><Hangup/></Response>'",
      `cat ${malformed} | twilio-events decode`,
    ));
});

describe("decode --raw", () => {
  test("writes the exact bytes", async () => {
    const { stdout, stderr, code } = await run(`twilio-events decode --raw ${published}`);
    const event = JSON.parse(await readFile(published, "utf8"));
    expect(stdout).toBe(Buffer.from(event.data.response.responseBody, "base64").toString());
    expect(stderr).toContain("1 event found");
    expect(code).toBe(0);
  });

  test("needs --force on a terminal", async () => {
    const terminal = { stdout: { columns: 100 } };
    expect(await run(`twilio-events decode --raw ${published}`, terminal)).toMatchObject({ code: 2, stdout: "" });
    expect(await run(`twilio-events decode --raw --force ${published}`, terminal)).toMatchObject({ code: 0 });
  });

  test("refuses to join several", async () => {
    const { code, stdout, stderr } = await run("twilio-events decode --raw samples/calls/answered.ndjson");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("--limit 1");
  });
});

describe("decode --extract", () => {
  test("writes a file for each body, named after SIDs alone, and none twice", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bodies-"));
    try {
      for (let time = 0; time < 2; time++) {
        const { code } = await run(`twilio-events decode --extract ${folder} samples/calls/answered.ndjson`);
        expect(code).toBe(0);
      }
      const files = await readdir(folder);
      const events = (await readFile("samples/calls/answered.ndjson", "utf8")).trim().split("\n");
      expect(files).toHaveLength(events.length);
      for (const file of files) expect(file).toMatch(/^CA[0-9a-f]{32}-VW[0-9a-f]{32}\.(xml|json|txt)$/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("takes no name from the event's text", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bodies-"));
    const event = JSON.parse(await readFile(published, "utf8"));
    event.id = "../../etc/passwd";
    event.data.sid = "CA/../..";
    try {
      await run(`twilio-events decode --extract ${folder}`, { stdin: JSON.stringify(event) });
      expect(await readdir(folder)).toEqual(["body-1.xml"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test("secrets in TwiML are masked in every format", async () => {
  const answer =
    '<Response><Dial><Sip username="u" password="hunter2">sip:u:hunter2@example.com</Sip></Dial></Response>';
  for (const format of ["pretty", "compact", "json", "ndjson"]) {
    const { stdout } = await run(`twilio-events decode -f ${format}`, { stdin: answer });
    expect(stdout).not.toContain("hunter2");
  }
});

test("what is wrong far to the right of a line is told with its column, without a caret", async () => {
  const stdin = `<Response><Say>${"a".repeat(1500)}<Foo/></Say></Response>`;
  const { stdout } = await run("twilio-events decode --color never --width 100", { stdin });
  const [, , , line = "", next] = stdout.split("\n");
  expect(line.indexOf("<Foo/>")).toBe("  2 │ ".length + 1507);
  expect(next).toBe("    │     ⚠ twiml-element: column 1508: <Foo> is not known (12200)");
});
