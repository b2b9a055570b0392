// Events that are as they should be, among inputs that are not: one bad record never hides a good one.

/** What the identifiers of good events begin with, and nothing else does. */
const mark = "600d600d600d600d600d600d";

/** Good event `number`, below 60,000: its identifiers and its time tell which it is. */
export function goodEvent(number) {
  const digits = mark + number.toString(16).padStart(8, "0");
  const ms = String(number % 1000).padStart(3, "0");
  const time = `2025-08-24T14:00:${String(Math.floor(number / 1000)).padStart(2, "0")}.${ms}Z`;
  return `${head}${digits}","time":"${time}","data":{"sid":"CA${digits}",${tail.replaceAll("$", digits)}`;
}

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
 * The good events in the input that stand on a line of their own, each with its line. They count where one begins the
 * input, which else may begin as another kind of text.
 */
export function goodsIn(input) {
  const goods = [];
  if (input.indexOf(head) !== 0) return goods;
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
    if (from === at && Number.isInteger(number) && text === goodEvent(number)) goods.push({ number, line, text });
  }
  return goods;
}

const ids = new RegExp(`VW${mark}([0-9a-f]{8})`, "g");
const times = /2025-08-24T14:00:(\d\d)\.(\d{3})Z/g;
const places = /^-:(\d+):\d+ {2}warning {2}type-deprecated/gm;

const numbersOf = (stdout) => new Set([...stdout.matchAll(ids)].map(([, digits]) => Number.parseInt(digits, 16)));

/** By command and format, how it is seen that a good event was not hidden. */
const tellers = {
  "extract ": (stdout) => {
    const lines = new Set(stdout.split("\n"));
    return ({ text }) => lines.has(text);
  },
  "redact ": byTime,
  "validate compact": (stdout) => {
    const lines = new Set([...stdout.matchAll(places)].map(([, line]) => Number(line)));
    return ({ line }) => lines.has(line);
  },
  "validate ndjson": byPlace,
  "decode ndjson": byPlace,
  "validate json": byId,
  "validate junit": byId,
  "decode junit": byId,
  "timeline json": byId,
  "timeline ndjson": byId,
};

function byId(stdout) {
  const numbers = numbersOf(stdout);
  return ({ number }) => numbers.has(number);
}

function byTime(stdout) {
  const numbers = new Set([...stdout.matchAll(times)].map(([, seconds, ms]) => Number(seconds) * 1000 + Number(ms)));
  return ({ number }) => numbers.has(number);
}

/** By the line that is told to be the event's. */
function byPlace(stdout) {
  const lines = new Map();
  for (const text of stdout.split("\n")) {
    if (!text.includes(mark)) continue;
    const { event, source } = JSON.parse(text);
    lines.set(source.line, event.id);
  }
  return ({ line, number }) => lines.get(line)?.endsWith(number.toString(16).padStart(8, "0")) === true;
}

/** The good events of the input that the result tells nothing of, where the command tells of each. */
export function missing(command, format, argv, stdout, goods) {
  const isHidden = argv.some((word) => word.startsWith("--redact"));
  const teller = isHidden ? undefined : tellers[`${command} ${format}`];
  if (teller === undefined) return [];
  const isTold = teller(stdout);
  return goods().filter((good) => !isTold(good));
}

/** So many lines around a good event are looked at for a value that holds it. */
const AROUND = 40;

/** Whether the good event is a part of a larger JSON value that begins and ends on the lines around. */
export function isHeldInside(input, { line }) {
  const lines = input.toString("utf8").split("\n");
  for (let first = line - 2; first >= Math.max(0, line - AROUND); first--) {
    for (const { index } of lines[first].matchAll(/[{[]/g)) {
      let text = lines[first].slice(index);
      for (let last = first + 1; last < Math.min(lines.length, line + AROUND); last++) {
        text += `\n${lines[last]}`;
        if (last >= line && begins(text)) return true;
      }
    }
  }
  return false;
}

/** Whether the text begins with a JSON object or array that ends on its last line. */
function begins(text) {
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
