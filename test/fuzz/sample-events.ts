// Valid events to put among broken inputs: no broken record may hide one of them.

/** The identifiers of sample events, and of nothing else, begin with this. */
const mark = "600d600d600d600d600d600d";

/** A sample event that was found in an input. */
export interface SampleEvent {
  readonly number: number;
  readonly line: number;
  readonly text: string;
}

/** Sample event `number`, below 60,000. Its identifiers and its time contain the number. */
export function sampleEvent(number: number): string {
  const digits = mark + hex(number);
  const ms = String(number % 1000).padStart(3, "0");
  const time = `2025-08-24T14:00:${String(Math.floor(number / 1000)).padStart(2, "0")}.${ms}Z`;
  return `${head}${digits}","time":"${time}","data":{"sid":"CA${digits}",${tail.replaceAll("$", digits)}`;
}

const hex = (number: number): string => number.toString(16).padStart(8, "0");

const head =
  '{"specversion":"1.0","type":"com.twilio.voice.webhook.status-callback.call.completed",' +
  `"source":"/2010-04-01/Accounts/AC${mark}00000000/Calls.json",` +
  '"dataschema":"https://events-schemas.twilio.com/Voice.WebhookEvent/1","datacontenttype":"application/json","id":"VW';
const tail =
  '"requestDateCreated":"Sun, 24 Aug 2025 14:00:00 +0000","timestamp":"2025-08-24T14:01:00.000Z","eventSid":"VW$",' +
  '"request":{"method":"POST","url":"https://ivr.example.com/voice/status","parameters":{"CallSid":"CA$",' +
  '"CallStatus":"busy","From":"+14155550100","To":"+14155550101","Direction":"outbound-api","CallDuration":"0"}},' +
  '"response":{"responseCode":200,"requestDuration":84,"contentType":"application/xml;charset=UTF-8",' +
  '"responseBody":"PFJlc3BvbnNlLz4=","dateCreated":"Sun, 24 Aug 2025 14:00:00 +0000"}}}';

/**
 * Finds the sample events that have a line of their own. None if the input doesn't begin with one, because the start of an
 * input can make it another kind of text.
 */
export function sampleEventsIn(input: Buffer): readonly SampleEvent[] {
  const found: SampleEvent[] = [];
  if (input.indexOf(head) !== 0) return found;
  let line = 1;
  let from = 0;
  for (let at = input.indexOf(head); at >= 0; at = input.indexOf(head, at + 1)) {
    for (; from < at; line++) {
      const end = input.indexOf(10, from);
      if (end < 0 || end >= at) break;
      from = end + 1;
    }
    const end = input.indexOf(10, at);
    const text = input.toString("latin1", at, end < 0 ? input.length : end);
    const number = Number.parseInt(text.slice(head.length + mark.length, head.length + mark.length + 8), 16);
    if (from === at && Number.isInteger(number) && text === sampleEvent(number)) found.push({ number, line, text });
  }
  return found;
}

const ids = new RegExp(`VW${mark}([0-9a-f]{8})`, "g");
const times = /2025-08-24T14:00:(\d\d)\.(\d{3})Z/g;
const positions = /^-:(\d+):\d+ {2}warning {2}type-deprecated/gm;

type IsReported = (event: SampleEvent) => boolean;

/** For a command and format: returns a function that tells whether the output reports an event. */
const finders: Readonly<Record<string, (stdout: string) => IsReported>> = {
  "extract ": (stdout) => {
    const lines = new Set(stdout.split("\n"));
    return ({ text }) => lines.has(text);
  },
  "redact ": byTime,
  "validate compact": (stdout) => {
    const lines = new Set([...stdout.matchAll(positions)].map(([, line]) => Number(line)));
    return ({ line }) => lines.has(line);
  },
  "validate ndjson": byPosition,
  "decode ndjson": byPosition,
  "validate json": byId,
  "validate junit": byId,
  "decode junit": byId,
  "timeline json": byId,
  "timeline ndjson": byId,
};

function byId(stdout: string): IsReported {
  const numbers = new Set([...stdout.matchAll(ids)].map(([, digits = ""]) => Number.parseInt(digits, 16)));
  return ({ number }) => numbers.has(number);
}

function byTime(stdout: string): IsReported {
  const numbers = new Set([...stdout.matchAll(times)].map(([, seconds, ms]) => Number(seconds) * 1000 + Number(ms)));
  return ({ number }) => numbers.has(number);
}

/** Expects the event at its own line. */
function byPosition(stdout: string): IsReported {
  const lines = new Map<number, string>();
  for (const text of stdout.split("\n")) {
    if (!text.includes(mark)) continue;
    const { event, source }: { event: { id: string }; source: { line: number } } = JSON.parse(text);
    lines.set(source.line, event.id);
  }
  return ({ line, number }) => lines.get(line)?.endsWith(hex(number)) === true;
}

/** The sample events that the output doesn't report. None if the command doesn't report each event. */
export function missingEvents(
  command: string,
  format: string,
  argv: readonly string[],
  stdout: string,
  events: () => readonly SampleEvent[],
): readonly SampleEvent[] {
  const isRedacted = argv.some((word) => word.startsWith("--redact"));
  const finder = isRedacted ? undefined : finders[`${command} ${format}`];
  if (finder === undefined) return [];
  const isReported = finder(stdout);
  return events().filter((event) => !isReported(event));
}

/** How many lines around an event are searched for a value that contains it. */
const MAX_LINES_AROUND = 40;

/** Whether the event is part of a larger JSON value that begins before it and ends after it. */
export function isInsideValue(input: Buffer, { line }: Pick<SampleEvent, "line">): boolean {
  const lines = input.toString("utf8").split("\n");
  for (let first = line - 2; first >= Math.max(0, line - MAX_LINES_AROUND); first--) {
    for (const { index } of (lines[first] ?? "").matchAll(/[{[]/g)) {
      let text = (lines[first] ?? "").slice(index);
      for (let last = first + 1; last < Math.min(lines.length, line + MAX_LINES_AROUND); last++) {
        text += `\n${lines[last]}`;
        if (last >= line && beginsWithValue(text)) return true;
      }
    }
  }
  return false;
}

/** Whether the text begins with a JSON object or array that ends on its last line. */
function beginsWithValue(text: string): boolean {
  for (let end = text.length; end > text.lastIndexOf("\n"); end--) {
    if (!/[}\]]/.test(text.charAt(end - 1))) continue;
    try {
      JSON.parse(text.slice(0, end));
      return true;
    } catch {
      // It may end before that.
    }
  }
  return false;
}
