import { keptHeaders, type WebhookRequest } from "../../webhook/webhook-request.ts";

/** A request out of the bytes of a connection, and where in them its request line stands. */
export interface RawRequest extends Omit<WebhookRequest, "receivedAt"> {
  readonly offset: number;
}

/** A request line and the first header below it, behind whatever a dump puts before them (RFC 9112, section 3). */
const start =
  /(?<![A-Za-z])(> )?(GET|POST|PUT|PATCH|DELETE|HEAD) (\S{1,8192}) HTTP\/\d(?:\.\d)?[ \t]*\r?\n(?=(?:> )?[\w-]{1,64}:)/g;

const header = /^([!#$%&'*+.^`|~\w-]+):(.*)$/;
/** White space at the ends of a header's value; a run of it in the middle is looked at once. */
const blankEnds = /^[ \t]+|(?<![ \t])[ \t]+$/g;

/** Whether a request stands in the bytes as it goes over a connection. */
export function looksRaw(bytes: Buffer): boolean {
  return bytes.includes(" HTTP/") && bytes.toString("latin1").search(start) !== -1;
}

/**
 * The requests in the bytes, one behind another: as they were sent, saved with LF line ends, or dumped by `curl -v` (which
 * shows no body) or `tcpdump -A`. A body ends where Content-Length says or its last chunk ends, else with the bytes.
 */
export function rawRequestsIn(bytes: Buffer): readonly RawRequest[] {
  const text = bytes.toString("latin1");
  const requests: RawRequest[] = [];
  const lines = new RegExp(start);
  for (let found = lines.exec(text); found !== null; found = lines.exec(text)) {
    const [, mark = "", method = "", url = ""] = found;
    const head = readHead(text, lines.lastIndex, mark);
    const headers = keptHeaders(head.fields);
    const { body, end } = mark === "" ? readBody(bytes, text, head) : { body: Buffer.alloc(0), end: head.end };
    requests.push({
      method,
      url: Buffer.from(url, "latin1").toString("utf8"),
      headers,
      body,
      offset: found.index + mark.length,
    });
    lines.lastIndex = end;
  }
  return requests;
}

interface Head {
  /** Names and values in turn. */
  readonly fields: readonly string[];
  /** Where the body begins. */
  readonly end: number;
}

function readHead(text: string, from: number, mark: string): Head {
  const fields: string[] = [];
  let at = from;
  while (at < text.length) {
    const feed = text.indexOf("\n", at);
    const end = feed === -1 ? text.length : feed;
    const whole = text.slice(at, end).replace(/\r$/, "");
    at = end + 1;
    const line = whole.startsWith(mark) ? whole.slice(mark.length) : whole;
    if (line === "" || whole === mark.trimEnd()) break;
    const [, name, value] = header.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      fields.push(name, Buffer.from(value.replace(blankEnds, ""), "latin1").toString("utf8"));
    }
  }
  return { fields, end: Math.min(at, text.length) };
}

function readBody(
  bytes: Buffer,
  text: string,
  { fields, end: from }: Head,
): { readonly body: Buffer; readonly end: number } {
  const field = (wanted: string): string | undefined =>
    fields.find((_, index) => index % 2 === 1 && fields[index - 1]?.toLowerCase() === wanted);
  if (/\bchunked\b/i.test(field("transfer-encoding") ?? "")) return readChunks(bytes, text, from);
  const length = /^\d+$/.exec(field("content-length") ?? "")?.[0];
  const end = length === undefined ? bytes.length : Math.min(bytes.length, from + Number(length));
  return { body: bytes.subarray(from, end), end };
}

/** The chunks of a body put together (RFC 9112, section 7.1); what breaks that coding ends it. */
function readChunks(bytes: Buffer, text: string, from: number): { readonly body: Buffer; readonly end: number } {
  const size = /([0-9A-Fa-f]{1,8})[^\r\n]*\r?\n/y;
  const parts: Buffer[] = [];
  let at = from;
  for (;;) {
    size.lastIndex = at;
    const found = size.exec(text);
    if (found === null) break;
    const begin = at + found[0].length;
    const length = Number.parseInt(found[1] ?? "0", 16);
    at = Math.min(bytes.length, begin + length);
    if (length === 0) break;
    parts.push(bytes.subarray(begin, at));
    if (text.startsWith("\r\n", at)) at += 2;
    else if (text.startsWith("\n", at)) at += 1;
  }
  return { body: Buffer.concat(parts), end: at };
}
