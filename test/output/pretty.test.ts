import { expect, test } from "vitest";
import { pretty } from "../../src/output/formats/pretty.ts";
import type { LocatedFinding } from "../../src/output/located-finding.ts";
import type { Screen } from "../../src/output/terminal/screen.ts";
import { numbers, ownColors, pipe } from "./hostile.ts";
import { type ItemData, toItem } from "./item-data.ts";

const callSid = "CA5ef8732a3c49700934481addd5ce1659";

function event(
  line: number,
  step: string,
  findings: readonly Partial<LocatedFinding>[],
  path = "",
): Extract<ItemData, { kind: "event" }> {
  const whole = findings.map(
    (change): LocatedFinding => ({ rule: "schema", severity: "error", message: "", line, column: 1, ...change }),
  );
  return {
    kind: "event",
    event: {
      id: "EZ1",
      type: `com.twilio.voice.${step}`,
      callSid,
      schema: "https://events-schemas.twilio.com/Voice.WebhookEvent/2",
    },
    source: { input: "webhook.log", line, column: 1, offset: line * 900, path },
    valid: whole.every(({ severity }) => severity !== "error"),
    findings: whole,
  };
}

const slow = (line: number) =>
  event(line, "status-callback.call.completed", [
    {
      rule: "response-slow",
      severity: "warning",
      message: `your server took ${line}.2 s to answer; Twilio gives up after 15 s`,
    },
  ]);

const broken = event(
  3,
  "webhook.status-callback.call.answered",
  [
    {
      message: "must be an integer, found a string",
      pointer: "/data/response/responseCode",
      value: '"200"',
      column: 412,
    },
    {
      rule: "body-base64",
      message:
        "`-` at offset 12 belongs to the URL-safe alphabet of base64, and Twilio sends the standard one; decoded all the same",
      pointer: "/data/response/responseBody",
      value: "PD94bWwgdmVyc2lvbj0iMS4wIiBlbmNvZGluZz0iVVRGLTgiPz48UmVzcG9uc2U-PFNheT48L1NheT48UGF1c2UgbGVuZ3RoPSIxIi8-",
      column: 520,
    },
    {
      rule: "type-deprecated",
      severity: "warning",
      message: "deprecated since 2024: its replacement is status-callback.call.answered",
      pointer: "/type",
      column: 9,
    },
    {
      rule: "sid-format",
      severity: "info",
      message: "not two letters and 32 hex digits",
      pointer: "/source",
      value: "AB01",
      column: 80,
    },
  ],
  "Records[2].kinesis.data ▸ [0]",
);

const stray: ItemData = {
  kind: "finding",
  source: { input: "webhook.log", line: 7, column: 1, offset: 6300, path: "" },
  finding: {
    rule: "json-syntax",
    severity: "error",
    message: "the record ends inside a string, cut off after 8,192 bytes",
    line: 7,
    column: 8193,
  },
};

const summary: ItemData = {
  kind: "summary",
  summary: {
    ...numbers,
    events: 400,
    valid: 395,
    invalid: 5,
    calls: 80,
    duplicates: 3,
    errors: 5,
    warnings: 7,
    infos: 12,
  },
  coverage:
    "Read webhook.log (1.2 MB): 400 events in 412 lines; 11 lines of other text, 1 record that looks like an event but is not JSON.",
};

async function print(items: readonly ItemData[], change: Partial<Screen> = {}): Promise<string> {
  const renderer = await pretty({ ...pipe, ...change });
  return `\n${items.map((item) => renderer.render(toItem(item))).join("")}${renderer.end()}`;
}

const run: readonly ItemData[] = [
  event(1, "status-callback.call.initiated", []),
  broken,
  stray,
  ...[10, 11, 12, 13, 14].map(slow),
  summary,
];

test("a run on 100 columns", async () => {
  expect(await print(run)).toMatchInlineSnapshot(`
    "
    ✖ webhook.log:3:1  Records[2].kinesis.data ▸ [0]  webhook.status-callback.call.answered
        CA5ef8732a3c49700934481addd5ce1659
      ✖ error    schema           must be an integer, found a string
                                  /data/response/responseCode = "200" (3:412)
      ✖ error    body-base64      \`-\` at offset 12 belongs to the URL-safe alphabet of base64, and
                                  Twilio sends the standard one; decoded all the same
                                  /data/response/responseBody = PD94bWwgdmVyc2lvbj0iMS4wIiBlbmN… (3:520)
      ⚠ warning  type-deprecated  deprecated since 2024: its replacement is
                                  status-callback.call.answered
                                  /type (3:9)

    ✖ webhook.log:7:1
      ✖ error    json-syntax  the record ends inside a string, cut off after 8,192 bytes
                              (7:8193)

    ⚠ webhook.log:10:1  status-callback.call.completed  CA5ef8732a3c49700934481addd5ce1659
      ⚠ warning  response-slow  your server took 10.2 s to answer; Twilio gives up after 15 s

    ⚠ webhook.log:11:1  status-callback.call.completed  CA5ef8732a3c49700934481addd5ce1659
      ⚠ warning  response-slow  your server took 11.2 s to answer; Twilio gives up after 15 s

    ⚠ webhook.log:12:1  status-callback.call.completed  CA5ef8732a3c49700934481addd5ce1659
      ⚠ warning  response-slow  your server took 12.2 s to answer; Twilio gives up after 15 s

    … and 2 more response-slow findings (--verbose shows all)

    ✖ 400 events: 395 valid, 5 invalid · 80 calls · 3 duplicates
      5 errors, 7 warnings, 12 infos (--verbose shows infos)
      Read webhook.log (1.2 MB): 400 events in 412 lines; 11 lines of other text, 1 record that looks
      like an event but is not JSON.
      explain: twilio-events explain schema body-base64 json-syntax type-deprecated response-slow
    "
  `);
});

test("a run on 40 columns", async () => {
  expect(await print([broken, stray, summary], { width: 40 })).toMatchInlineSnapshot(`
    "
    ✖ webhook.log:3:1
        Records[2].kinesis.data ▸ [0]
        webhook.status-callback.call.
        answered
        CA5ef8732a3c49700934481addd5ce1659
      ✖ error    schema
          must be an integer, found a string
          /data/response/responseCode
          = "200" (3:412)
      ✖ error    body-base64
          \`-\` at offset 12 belongs to the
          URL-safe alphabet of base64, and
          Twilio sends the standard one;
          decoded all the same
          /data/response/responseBody
          = PD94bWwgdmVyc2lvbj0iMS4… (3:520)
      ⚠ warning  type-deprecated
          deprecated since 2024: its
          replacement is
          status-callback.call.answered
          /type (3:9)

    ✖ webhook.log:7:1
      ✖ error    json-syntax
          the record ends inside a string,
          cut off after 8,192 bytes
          (7:8193)

    ✖ 400 events: 395 valid, 5 invalid
      · 80 calls · 3 duplicates
      5 errors, 7 warnings, 12 infos
      (--verbose shows infos)
      Read webhook.log (1.2 MB): 400 events
      in 412 lines; 11 lines of other text,
      1 record that looks like an event but
      is not JSON.
      explain: twilio-events explain
        schema body-base64 json-syntax
        type-deprecated
    "
  `);
});

test("a finding on 240 columns", async () => {
  expect(await print([broken], { width: 240 })).toMatchInlineSnapshot(`
    "
    ✖ webhook.log:3:1  Records[2].kinesis.data ▸ [0]  webhook.status-callback.call.answered  CA5ef8732a3c49700934481addd5ce1659
      ✖ error    schema           must be an integer, found a string
                                  /data/response/responseCode = "200" (3:412)
      ✖ error    body-base64      \`-\` at offset 12 belongs to the URL-safe alphabet of base64, and Twilio sends the standard one; decoded all the same
                                  /data/response/responseBody = PD94bWwgdmVyc2lvbj0iMS4wIiBlbmNvZGluZz0iVVRGLTgiPz48UmVzcG9uc2U-PFNheT48L1Nhe… (3:520)
      ⚠ warning  type-deprecated  deprecated since 2024: its replacement is status-callback.call.answered
                                  /type (3:9)
    "
  `);
});

test("all in ASCII, with nothing held back", async () => {
  expect(await print(run, { ascii: true, verbose: true, width: 80 })).toMatchInlineSnapshot(`
    "
    + webhook.log:1:1  status-callback.call.initiated
        CA5ef8732a3c49700934481addd5ce1659

    x webhook.log:3:1  Records[2].kinesis.data > [0]
        webhook.status-callback.call.answered  CA5ef8732a3c49700934481addd5ce1659
      x error    schema           must be an integer, found a string
                                  /data/response/responseCode = "200" (3:412)
      x error    body-base64      \`-\` at offset 12 belongs to the URL-safe alphabet
                                  of base64, and Twilio sends the standard one;
                                  decoded all the same
                                  /data/response/responseBody
                                  = PD94bWwgdmVyc2lvbj0iMS4wIiBlbmNvZGluZz0iVVRGLTgi
                                  Pz48UmVzcG9uc2U-PFNheT48L1NheT48UGF1c2UgbGVuZ3RoPS
                                  IxIi8- (3:520)
      ! warning  type-deprecated  deprecated since 2024: its replacement is
                                  status-callback.call.answered
                                  /type (3:9)
      i info     sid-format       not two letters and 32 hex digits
                                  /source = AB01 (3:80)

    x webhook.log:7:1
      x error    json-syntax  the record ends inside a string, cut off after 8,192
                              bytes
                              (7:8193)

    ! webhook.log:10:1  status-callback.call.completed
        CA5ef8732a3c49700934481addd5ce1659
      ! warning  response-slow  your server took 10.2 s to answer; Twilio gives up
                                after 15 s

    ! webhook.log:11:1  status-callback.call.completed
        CA5ef8732a3c49700934481addd5ce1659
      ! warning  response-slow  your server took 11.2 s to answer; Twilio gives up
                                after 15 s

    ! webhook.log:12:1  status-callback.call.completed
        CA5ef8732a3c49700934481addd5ce1659
      ! warning  response-slow  your server took 12.2 s to answer; Twilio gives up
                                after 15 s

    ! webhook.log:13:1  status-callback.call.completed
        CA5ef8732a3c49700934481addd5ce1659
      ! warning  response-slow  your server took 13.2 s to answer; Twilio gives up
                                after 15 s

    ! webhook.log:14:1  status-callback.call.completed
        CA5ef8732a3c49700934481addd5ce1659
      ! warning  response-slow  your server took 14.2 s to answer; Twilio gives up
                                after 15 s

    x 400 events: 395 valid, 5 invalid | 80 calls | 3 duplicates
      5 errors, 7 warnings, 12 infos
      Read webhook.log (1.2 MB): 400 events in 412 lines; 11 lines of other text, 1
      record that looks like an event but is not JSON.
      explain: twilio-events explain schema body-base64 json-syntax
        type-deprecated response-slow
    "
  `);
});

test("clean events stand together when verbose, and print nothing else", async () => {
  const clean = [1, 2, 3].map((line) => event(line, "status-callback.call.ringing", []));
  expect(await print(clean)).toBe("\n");
  expect(await print([...clean, stray, ...clean], { verbose: true })).toMatchInlineSnapshot(`
    "
    ✔ webhook.log:1:1  status-callback.call.ringing  CA5ef8732a3c49700934481addd5ce1659
    ✔ webhook.log:2:1  status-callback.call.ringing  CA5ef8732a3c49700934481addd5ce1659
    ✔ webhook.log:3:1  status-callback.call.ringing  CA5ef8732a3c49700934481addd5ce1659

    ✖ webhook.log:7:1
      ✖ error    json-syntax  the record ends inside a string, cut off after 8,192 bytes
                              (7:8193)

    ✔ webhook.log:1:1  status-callback.call.ringing  CA5ef8732a3c49700934481addd5ce1659
    ✔ webhook.log:2:1  status-callback.call.ringing  CA5ef8732a3c49700934481addd5ce1659
    ✔ webhook.log:3:1  status-callback.call.ringing  CA5ef8732a3c49700934481addd5ce1659
    "
  `);
});

test("an event whose findings are all infos is counted, not shown", async () => {
  const remark = event(1, "media.fetched", [{ rule: "time-skew", severity: "info", message: "an hour apart" }]);
  expect(await print([remark])).toBe("\n");
  expect(await print([remark], { verbose: true })).toContain("time-skew");
});

test("an event without names is known by its place", async () => {
  expect(await print([{ ...slow(9), event: {} }])).toMatchInlineSnapshot(`
    "
    ⚠ webhook.log:9:1
      ⚠ warning  response-slow  your server took 9.2 s to answer; Twilio gives up after 15 s
    "
  `);
});

test("other types are written in full", async () => {
  expect(await print([{ ...slow(9), event: { id: "EZ9", type: "com.twilio.error-logs.error.logged" } }])).toContain(
    "webhook.log:9:1  com.twilio.error-logs.error.logged  EZ9\n",
  );
});

test("findings held back are told even when no summary comes", async () => {
  expect(await print([1, 2, 3, 4].map(slow))).toMatch(
    /\n\n… and 1 more response-slow finding \(--verbose shows all\)\n$/,
  );
});

test.each([
  [{ events: 0, invalid: 0, calls: 0, errors: 0 }, "⚠ no events\n  no findings\n"],
  [{ events: 1, valid: 1, invalid: 0, errors: 0 }, "✔ 1 event: valid · 1 call\n  no findings\n"],
  [{ events: 1, valid: 0, invalid: 1, errors: 1 }, "✖ 1 event: invalid · 1 call\n  1 error\n"],
  [
    { events: 1_200_000, valid: 1_200_000, invalid: 0, errors: 0, warnings: 2 },
    "⚠ 1,200,000 events: all valid · 1 call\n  2 warnings\n",
  ],
  [
    { events: 2, invalid: 2, errors: 2, unreadable: 1 },
    "✖ 2 events: all invalid · 1 call · 1 unreadable\n  2 errors\n",
  ],
])("summary of %o", async (change, text) => {
  expect(await print([{ ...summary, summary: { ...numbers, ...change }, coverage: "Read a.log." }])).toBe(
    `\n${text}  Read a.log.\n`,
  );
});

test("color marks places, names and severities", async () => {
  const codes = (text: string) => [...new Set(text.match(ownColors))].length;
  expect(codes(await print(run, { color: true }))).toBeGreaterThan(6);
  expect((await print([slow(9)], { color: true })).replaceAll("\u001b", "^")).toMatchInlineSnapshot(`
    "
    ^[33m⚠^[39m ^[1mwebhook.log:9:1^[22m  ^[36mstatus-callback.call.completed^[39m  CA5ef8732a3c49700934481addd5ce1659
      ^[33m⚠ warning^[39m  response-slow  your server took 9.2 s to answer; Twilio gives up after 15 s
    "
  `);
});

test("no line is wider than the screen", async () => {
  for (let width = 40; width <= 240; width++) {
    const lines = (await print(run, { width, verbose: width % 2 === 0 })).split("\n");
    expect(Math.max(...lines.map((line) => line.length)), `at ${width}`).toBeLessThanOrEqual(width);
  }
});

test("passwords are masked", async () => {
  const finding = {
    message: "sip:bob:hunter2@example.com",
    value: "https://bob:hunter2@example.com/a",
    pointer: "/data/request/url",
  };
  expect(await print([event(1, "media.fetched", [finding])])).not.toContain("hunter2");
});
