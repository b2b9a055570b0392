import { gzipSync } from "node:zlib";

/** An event as Twilio sends it, in one line of JSON. */
export function eventText(id: string): string {
  return JSON.stringify({
    specversion: "1.0",
    type: "com.twilio.voice.status-callback.call.ringing",
    source: "/2010-04-01/Accounts/AC1",
    id,
    dataschema: "https://events-schemas.twilio.com/Voice.WebhookEvent/2",
    datacontenttype: "application/json",
    time: "2026-11-23T02:00:00.000Z",
    data: {
      sid: "CA5ef8732a3c49700934481addd5ce1659",
      request: {
        method: "POST",
        url: "https://example.com/a?b=1&c=2",
        parameters: { CallStatus: "ringing", FromCity: "São Paulo" },
      },
    },
  });
}

const pretty = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const gzip64 = (text: string): string => gzipSync(text).toString("base64");
const quoted = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A wrapper: a JSON value round another text, and the path that leads to that text. */
export interface Wrapper {
  readonly name: string;
  readonly wrap: (inner: string) => unknown;
  readonly path: string;
  /** The inner JSON is a part of the wrapper's own JSON, not a string in it. */
  readonly isPlain?: true;
}

const time = "2026-11-23T02:00:00.123Z";

export const wrappers: readonly Wrapper[] = [
  { name: "batch", wrap: (inner) => [JSON.parse(inner)], path: "[0]", isPlain: true },
  {
    name: "EventBridge",
    wrap: (inner) => ({ version: "0", id: "x", source: "twilio", detail: JSON.parse(inner) }),
    path: "detail",
    isPlain: true,
  },
  { name: "Twilio Functions", wrap: (inner) => ({ "0": JSON.parse(inner) }), path: '["0"]', isPlain: true },
  { name: "listen record", wrap: (inner) => ({ v: 1, method: "POST", url: "/", body: inner }), path: "body" },
  {
    name: "Lambda Kinesis",
    wrap: (inner) => ({ Records: [{ kinesis: { partitionKey: "1", data: base64(inner) } }] }),
    path: "Records[0].kinesis.data",
  },
  {
    name: "get-records",
    wrap: (inner) => ({ Records: [{ SequenceNumber: "1", Data: base64(inner) }], MillisBehindLatest: 0 }),
    path: "Records[0].Data",
  },
  {
    name: "CloudWatch subscription",
    wrap: (inner) => ({
      awslogs: { data: gzip64(JSON.stringify({ logEvents: [{ id: "1", timestamp: 1, message: inner }] })) },
    }),
    path: "awslogs.data ▸ logEvents[0].message",
  },
  {
    name: "get-log-events",
    wrap: (inner) => ({ events: [{ timestamp: 1, message: `${inner}\n`, ingestionTime: 2 }] }),
    path: "events[0].message",
  },
  {
    name: "API Gateway",
    wrap: (inner) => ({ httpMethod: "POST", headers: { Host: "a" }, body: inner, isBase64Encoded: false }),
    path: "body",
  },
  {
    name: "API Gateway, base64",
    wrap: (inner) => ({ httpMethod: "POST", body: base64(inner), isBase64Encoded: true }),
    path: "body",
  },
  {
    name: "SQS",
    wrap: (inner) => ({ Records: [{ messageId: "m", eventSource: "aws:sqs", body: inner }] }),
    path: "Records[0].body",
  },
  {
    name: "SNS",
    wrap: (inner) => ({ Records: [{ EventSource: "aws:sns", Sns: { Type: "Notification", Message: inner } }] }),
    path: "Records[0].Sns.Message",
  },
  { name: "docker json-file", wrap: (inner) => ({ log: `${inner}\n`, stream: "stdout", time }), path: "log" },
  {
    name: "docker json-file, prefixed",
    wrap: (inner) => ({ log: `INFO body ${inner} done\n`, stream: "stdout", time }),
    path: "log",
  },
  { name: "pino", wrap: (inner) => ({ level: 30, time: 1, pid: 7, msg: inner }), path: "msg" },
  { name: "pino, prefixed", wrap: (inner) => ({ level: 30, time: 1, msg: `webhook: ${inner} (200)` }), path: "msg" },
  { name: "journald", wrap: (inner) => ({ PRIORITY: "6", _HOSTNAME: "h", MESSAGE: inner }), path: "MESSAGE" },
  { name: "journald, bytes", wrap: (inner) => ({ PRIORITY: "6", MESSAGE: [...Buffer.from(inner)] }), path: "MESSAGE" },
  {
    name: "Node Buffer",
    wrap: (inner) => ({ rawBody: { type: "Buffer", data: [...Buffer.from(inner)] } }),
    path: "rawBody.data",
  },
  {
    name: "HAR",
    wrap: (inner) => ({
      log: {
        version: "1.2",
        entries: [{ request: { method: "POST", postData: { mimeType: "application/json", text: inner } } }],
      },
    }),
    path: "log.entries[0].request.postData.text",
  },
  {
    name: "ngrok",
    wrap: (inner) => ({
      requests: [{ id: "r", request: { raw: base64(`POST / HTTP/1.1\r\nHost: a\r\n\r\n${inner}`) } }],
    }),
    path: "requests[0].request.raw",
  },
  { name: "gzip in base64", wrap: (inner) => ({ payload: gzip64(inner) }), path: "payload" },
  {
    name: "JSON in JSON in JSON",
    wrap: (inner) => ({ a: JSON.stringify({ b: JSON.stringify({ c: inner }) }) }),
    path: "a ▸ b ▸ c",
  },
];

/** How JSON texts stand in a file. Each text begins on the line that `lines` tells. */
export interface Carrier {
  readonly name: string;
  readonly carry: (texts: readonly string[]) => string | Buffer;
  readonly lines: (texts: readonly string[]) => readonly number[];
  /** A text goes over several lines: what stands deep in it stands on one of them. */
  readonly isSpread?: true;
  /** The top-level array's element stands before the path. */
  readonly isArray?: true;
}

const each = (texts: readonly string[], first = 1, height = 1): readonly number[] =>
  texts.map((_, index) => first + index * height);
const prettyHeight = (text: string): number => pretty(text).split("\n").length;

function stacked(texts: readonly string[], first: number, between: number): readonly number[] {
  const lines: number[] = [];
  let line = first;
  for (const text of texts) {
    lines.push(line);
    line += prettyHeight(text) + between;
  }
  return lines;
}

const lined = (name: string, line: (text: string, index: number) => string): Carrier => ({
  name,
  carry: (texts) => `${texts.map(line).join("\n")}\n`,
  lines: (texts) => each(texts),
});

const prefixed = (text: string, prefix: () => string): string =>
  pretty(text)
    .split("\n")
    .map((line) => `${prefix()}${line}`)
    .join("\n");

let tick = 0;
const clock = (): string => `2026-11-23T02:00:${String(10 + (tick++ % 50))}.${100 + (tick % 900)}Z`;

export const carriers: readonly Carrier[] = [
  lined("NDJSON", (text) => text),
  lined("blank lines round each", (text) => `${text}`),
  { name: "no newline at the end", carry: (texts) => texts.join("\n"), lines: (texts) => each(texts) },
  { name: "CRLF", carry: (texts) => texts.map((text) => `${text}\r\n`).join(""), lines: (texts) => each(texts) },
  { name: "BOM", carry: (texts) => `\ufeff${texts.join("\n")}\n`, lines: (texts) => each(texts) },
  {
    name: "UTF-16 LE with BOM",
    carry: (texts) => Buffer.from(`\ufeff${texts.join("\r\n")}\r\n`, "utf16le"),
    lines: (texts) => each(texts),
  },
  { name: "UTF-16 LE", carry: (texts) => Buffer.from(texts.join("\r\n"), "utf16le"), lines: (texts) => each(texts) },
  {
    name: "UTF-16 BE",
    carry: (texts) => Buffer.from(`\ufeff${texts.join("\n")}`, "utf16le").swap16(),
    lines: (texts) => each(texts),
  },
  { name: "gzip", carry: (texts) => gzipSync(texts.join("\n")), lines: (texts) => each(texts) },
  {
    name: "gzip, members joined",
    carry: (texts) => Buffer.concat(texts.map((text) => gzipSync(`${text}\n`))),
    lines: (texts) => each(texts),
  },
  { name: "concatenated", carry: (texts) => texts.join(""), lines: (texts) => texts.map(() => 1) },
  {
    name: "array on one line",
    carry: (texts) => `[${texts.join(",")}]`,
    lines: (texts) => texts.map(() => 1),
    isArray: true,
  },
  {
    name: "array, one a line",
    carry: (texts) => `[\n${texts.join(",\n")}\n]\n`,
    lines: (texts) => each(texts, 2),
    isArray: true,
  },
  {
    isSpread: true,
    name: "pretty-printed",
    carry: (texts) => texts.map(pretty).join("\n"),
    lines: (texts) => stacked(texts, 1, 0),
  },
  {
    isSpread: true,
    name: "pretty-printed with tabs",
    carry: (texts) => texts.map((text) => JSON.stringify(JSON.parse(text), null, "\t")).join("\n\n"),
    lines: (texts) => stacked(texts, 1, 1),
  },
  {
    isSpread: true,
    name: "pretty-printed array",
    carry: (texts) =>
      JSON.stringify(
        texts.map((text) => JSON.parse(text)),
        null,
        2,
      ),
    lines: (texts) => stacked(texts, 2, 0),
    isArray: true,
  },
  lined("app prefix", (text, index) => `2026-11-23 02:00:0${index} INFO [webhook] received ${text}`),
  lined("app prefix and suffix", (text, index) => `[2026-11-23 02:00:0${index}] app.INFO: body=${text} [] {"took":12}`),
  lined("docker compose", (text) => `web-1  | ${text}`),
  lined("Lambda text log", (text) => `${clock()}\t7f1c1c9e-0000-4000-8000-000000000000\tINFO\t${text}`),
  lined("syslog", (text) => `<14>Nov 23 02:00:01 host app[1234]: ${text}`),
  lined("Heroku", (text) => `${clock()} app[web.1]: ${text}`),
  lined("CRI", (text) => `${clock()} stdout F ${text}`),
  {
    isSpread: true,
    name: "CRI in parts",
    carry: (texts) =>
      texts
        .map((text) => {
          const at = Math.floor(text.length / 2);
          return `${clock()} stdout P ${text.slice(0, at)}\n${clock()} stderr F other\n${clock()} stdout F ${text.slice(at)}\n`;
        })
        .join(""),
    lines: (texts) => each(texts, 1, 3),
  },
  {
    isSpread: true,
    name: "pretty in CRI",
    carry: (texts) => texts.map((text) => prefixed(text, () => `${clock()} stdout F `)).join("\n"),
    lines: (texts) => stacked(texts, 1, 0),
  },
  {
    isSpread: true,
    name: "docker json-file in parts",
    carry: (texts) =>
      texts
        .flatMap((text) =>
          [text.slice(0, 90), `${text.slice(90)}\n`].map(
            (log) => `${JSON.stringify({ log, stream: "stdout", time })}\n`,
          ),
        )
        .join(""),
    lines: (texts) => each(texts, 1, 2),
  },
  {
    isSpread: true,
    name: "pretty behind a prefix",
    carry: (texts) => texts.map((text) => `INFO got ${pretty(text)}`).join("\n"),
    lines: (texts) => stacked(texts, 1, 0),
  },
  {
    isSpread: true,
    name: "pretty, prefix repeated",
    carry: (texts) => texts.map((text) => prefixed(text, () => `${clock()} web-1 | `)).join("\n"),
    lines: (texts) => stacked(texts, 1, 0),
  },
  {
    isSpread: true,
    name: "pretty, prefix repeated among others",
    carry: (texts) =>
      texts
        .map((text) =>
          prefixed(text, () => "web-1  | ")
            .split("\n")
            .join("\ndb-1   | LOG: checkpoint\n"),
        )
        .join("\n"),
    lines: (texts) => {
      const lines: number[] = [];
      let line = 1;
      for (const text of texts) {
        lines.push(line);
        line += prettyHeight(text) * 2 - 1;
      }
      return lines;
    },
  },
  lined("nginx", (text) => `10.0.0.1 - - [23/Nov/2026:02:00:00 +0000] "POST / HTTP/1.1" 200 "${nginx(text)}"`),
  lined("CSV", (text) => `2026-11-23,"${text.replaceAll('"', '""')}",200`),
  {
    isSpread: true,
    name: "CSV, pretty",
    carry: (texts) => texts.map((text) => `x,"${pretty(text).replaceAll('"', '""')}",200`).join("\n"),
    lines: (texts) => stacked(texts, 1, 0),
  },
  lined("logfmt", (text) => `level=info msg="got it" body="${quoted(text)}" status=200`),
  lined("escaped twice", (text) => `level=info body="${quoted(quoted(text))}"`),
  lined("URL-encoded", (text) => `GET /?event=${encodeURIComponent(text)} HTTP/1.1`),
  lined("base64 in text", (text) => `record data=${base64(text)} shard=1`),
  lined("gzip base64 in text", (text) => `record data=${gzip64(text)} shard=1`),
];

function nginx(text: string): string {
  return Array.from(Buffer.from(text), (byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c
      ? `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`
      : String.fromCharCode(byte),
  ).join("");
}
