import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createCalls } from "../src/calls/calls.ts";
import { createCallChecker } from "../src/calls/check-call.ts";
import { parseTypes } from "../src/events/catalog.ts";
import type { Finding, Severity } from "../src/findings/finding.ts";
import { rules } from "../src/findings/rules.ts";
import {
  type FoundEvent,
  noFilter,
  noReadStats,
  readEvents,
  sourceOf,
  textFindings,
} from "../src/findings/select-events.ts";
import { createEventValidator, type ValidatorOptions } from "../src/findings/validate-event.ts";
import type { FoundKind } from "../src/input/find-events.ts";
import type { ParseError } from "../src/input/json-record.ts";
import { pathText } from "../src/input/position.ts";
import { expandInputs } from "../src/input/sources.ts";
import { run } from "./cli/harness.ts";

interface Verdict {
  readonly events: readonly FoundEvent[];
  readonly rules: readonly string[];
  readonly severities: readonly Severity[];
}

/** Reads a sample as `validate` does. */
async function verdictOn(file: string, options: ValidatorOptions = {}): Promise<Verdict> {
  const judge = createEventValidator(options);
  const events: FoundEvent[] = [];
  const found: { readonly rule: string; readonly severity: Severity }[] = [];
  function visit(item: FoundEvent | ParseError): void {
    if (item.kind === "fault") {
      found.push({ rule: item.rule, severity: rules[item.rule].severity });
    } else {
      events.push(item);
      found.push(...textFindings(item), ...judge(item.event));
    }
  }
  for await (const unreadable of readEvents(await expandInputs([file], noStdin()), noFilter, noReadStats(), visit)) {
    if (unreadable !== undefined) throw new Error(`${unreadable.name}: ${unreadable.problem}`);
  }
  return { events, rules: found.map(({ rule }) => rule), severities: found.map(({ severity }) => severity) };
}

/** Puts the calls of a sample together as `timeline` does. */
function verdictOnCalls(events: readonly FoundEvent[]): readonly Finding[] {
  const calls = createCalls();
  for (const { event, found } of events) calls.add(event, sourceOf(found));
  const judge = createCallChecker(calls, { slowMs: 5000, rules: new Map() });
  return [...calls.drafts()].flatMap((draft) => judge(draft).findings);
}

/** Checks the signatures of a sample's requests as `verify` does, with the token of the examples that Twilio publishes. */
async function signatureRules(file: string): Promise<readonly string[]> {
  const { stdout } = await run(`TWILIO_AUTH_TOKEN=12345 twilio-events verify -f ndjson ${file}`);
  const lines = stdout.trimEnd().split("\n");
  return lines.flatMap((line) => JSON.parse(line).findings.map(({ rule }: Finding) => rule));
}

async function* noStdin(): AsyncGenerator<Buffer> {}

/** The names of all samples of a folder. */
const samplesOf = (folder: string): readonly string[] => readdirSync(`samples/${folder}`).sort();

const pathOf = ({ found }: FoundEvent): string => pathText(found.document, found.path);

describe("samples/events", () => {
  test.each(samplesOf("events"))("%s holds one event and no error", async (name) => {
    const { events, severities } = await verdictOn(`samples/events/${name}`);
    expect(events).toHaveLength(1);
    expect(severities).not.toContain("error");
  });
});

/** How many events a sample holds, the way through the wrappers to the first, and what they are if not CloudEvents. */
type Contents = readonly [events: number, path: string, kind?: FoundKind];

/** A new sample in samples/wrapped has its line here. */
const wrapped: Readonly<Record<string, Contents>> = {
  "access-log-callbacks.log": [4, "", "callback"],
  "api-gateway-base64.json": [4, "body ▸ [0]"],
  "api-gateway.json": [1, "body ▸ [0]"],
  "aws-logs-tail.log": [4, ""],
  "call-events-api.json": [5, "events[0]", "call-event"],
  "callbacks-json.log": [4, "", "callback"],
  "cloudwatch-filter-log-events-pretty.json": [2, "events[0].message"],
  "cloudwatch-get-log-events.json": [4, "events[1].message ▸ [0]"],
  "crlf-pretty.json": [2, "[0]"],
  "crlf.ndjson": [4, ""],
  "data-as-string.ndjson": [4, ""],
  "database-export-pretty.csv": [4, ""],
  "database-export.csv": [4, ""],
  "docker-compose.log": [6, "[0]"],
  "docker-json-file-pretty.log": [2, "log"],
  "docker-json-file.log": [12, "log ▸ [0]"],
  "eventbridge.ndjson": [4, "detail"],
  "events.ndjson": [4, ""],
  "events.ndjson.gz": [4, ""],
  "firehose-http-endpoint.json": [4, "records[0].data"],
  "firehose-s3.json": [4, ""],
  "gcloud-logging.json": [4, "[0].jsonPayload.event"],
  "heroku.log": [4, "[0]"],
  "journald-pretty.json": [2, "MESSAGE"],
  "journald.json": [4, "MESSAGE"],
  "jq-pretty.json": [4, ""],
  "kinesis-get-records.json": [4, "Records[0].Data"],
  "kubectl-logs-prefix.log": [4, "[0]"],
  "kubernetes-cri-pretty.log": [2, ""],
  "kubernetes-cri.log": [16, "[0]"],
  "lambda-cloudwatch-logs.json": [4, "awslogs.data ▸ logEvents[1].message"],
  "lambda-kinesis.json": [4, "Records[0].kinesis.data"],
  "lambda-sns.json": [2, "Records[0].Sns.Message"],
  "lambda-sqs.json": [4, "Records[0].body"],
  "logfmt.log": [4, "[0]"],
  "logs-insights.csv": [4, ""],
  "nginx-escape-json.log": [4, "request_body ▸ [0]"],
  "nginx-request-body.log": [4, "[0]"],
  "ngrok-inspect.json": [4, "requests[0].request.raw ▸ [0]"],
  "pino.log": [4, "body[0]"],
  "proxy.har": [4, "log.entries[0].request.postData.text ▸ [0]"],
  "sns-in-sqs.json": [4, "Messages[0].Body ▸ Message ▸ [0]"],
  "syslog-rfc3164.log": [4, ""],
  "syslog-rfc5424.log": [4, "[0]"],
  "twilio-cli-call-events.json": [4, "[0]", "call-event"],
  "twilio-functions.log": [4, '["0"]'],
  "utf8-bom.json": [4, "[0]"],
  "webhook-batch.json": [4, "[0]"],
  "webhook.json": [1, "[0]"],
  "winston.log": [4, "event"],
};

/** A new sample in samples/calls has its line here. */
const calls: Readonly<Record<string, Contents>> = {
  "answered.ndjson": [6, ""],
  "busy.ndjson": [4, ""],
  "canceled.ndjson": [5, ""],
  "failed.ndjson": [3, ""],
  "forwarded.ndjson": [7, ""],
  "mixed.log": [17, ""],
  "no-answer.ndjson": [4, ""],
};

describe.each([
  ["wrapped", wrapped],
  ["calls", calls],
])("samples/%s", (folder, table) => {
  test("is listed whole", () => expect(Object.keys(table).sort()).toEqual(samplesOf(folder)));

  test.each(Object.entries(table))("%s shows its events and no error", async (name, [count, path, kind = "event"]) => {
    const { events, severities } = await verdictOn(`samples/${folder}/${name}`);
    expect(events.map(({ found }) => found.kind)).toEqual(Array(count).fill(kind));
    expect(events.map(pathOf)[0]).toBe(path);
    expect(severities).not.toContain("error");
    expect(verdictOnCalls(events).filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

describe("samples/broken", () => {
  /** No built-in type is restricted or discontinued, so the samples of those rules come with an account's own list. */
  const types = parseTypes({
    types: [
      { type: "com.twilio.voice.status-callback.amd.detected", status: "restricted" },
      { type: "com.twilio.voice.webhook.status-callback.call.initiated", status: "discontinued" },
      { type: "com.twilio.voice.webhook.status-callback.call.ringing", status: "discontinued" },
    ],
  });

  const names = Object.keys(rules) as string[];
  const broken = samplesOf("broken");

  /** `envelope-content-type-empty.json` is of envelope-content-type, though `envelope` begins its name too. */
  function ruleOf(file: string): string | undefined {
    const candidates = names.filter((name) => file.startsWith(`${name}-`));
    return candidates.sort((one, other) => other.length - one.length)[0];
  }

  test.each(names)("show %s at least twice", (name) => {
    expect(broken.filter((file) => ruleOf(file) === name).length).toBeGreaterThanOrEqual(2);
  });

  test.each(broken)("%s breaks its rule and no other", async (file) => {
    const { rules: found, events } = await verdictOn(`samples/broken/${file}`, { types });
    if (file.startsWith("signature-")) {
      // A sound event in a request that nobody should trust: that takes `verify` and the token of Twilio's examples.
      expect(await signatureRules(`samples/broken/${file}`)).toEqual([ruleOf(file)]);
      expect(found).toEqual([]);
    } else if (!file.startsWith("call-")) expect([...new Set(found)]).toEqual([ruleOf(file)]);
    else expect([...new Set(verdictOnCalls(events).map(({ rule }) => rule))]).toEqual([ruleOf(file)]);
  });
});
