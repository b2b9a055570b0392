import { briefType } from "../../events/event.ts";
import type { BodyFinding, LocatedBody } from "../../findings/body-item.ts";
import { grouped } from "../count-text.ts";
import { type Html, maskXmlPasswords, type Raw, safe } from "../escape.ts";
import { formatDuration } from "../format-duration.ts";
import { html, joined, name, nothing, text, verbatim, words } from "./markup.ts";
import type { Evidence, ReportedCall } from "./report-content.ts";
import { signOf } from "./symbols.ts";
import { placeText } from "./tables.ts";

const names = {
  twiml: html`TwiML`,
  xml: html`XML that is no TwiML`,
  json: html`JSON`,
  html: html`HTML`,
  text: html`text`,
  binary: html`binary`,
  empty: html`empty body`,
} as const satisfies Record<LocatedBody["body"], Html>;

/** So many events of a call are written, and so many lines of a text. */
const EVENTS = 60;
const LINES = 400;

/** The events of a call, each with the answer in it and its own text behind a click. */
export function evidenceOf({ evidence }: ReportedCall): Html {
  if (evidence === undefined) return nothing;
  if (evidence.length === 0)
    return html`<p class="note">The events themselves are left out: the report holds those of the worst calls.</p>`;
  const rest = evidence.length - EVENTS;
  const more = rest > 0 ? html`<p class="note">And ${rest} more events.</p>` : nothing;
  return html`<h3>Events and answers, in order of arrival</h3><ol class="seen">${evidence.slice(0, EVENTS).map(eventOf)}</ol>${more}
`;
}

function eventOf({ event, source, text: json, cut, body }: Evidence): Html {
  const type = briefType(event.type ?? "") || "a callback";
  const worst = (["error", "warning", "info"] as const).find((level) =>
    body?.findings.some(({ severity }) => severity === level),
  );
  const mark = worst === undefined ? nothing : html` ${signOf(worst)}`;
  const answer = body === undefined ? nothing : html`<span class="soft">, ${about(body)}</span>`;
  const left =
    cut === 0 ? nothing : html`<p class="note">${words(grouped(cut))} characters more, at ${placeText(source)}</p>`;
  return html`<li><details><summary><code>${name(type)}</code>${answer}${mark}</summary><div class="in">
${body === undefined || body.body === "empty" ? nothing : bodyOf(body)}<p class="note">${placeText(source)}${event.id === undefined ? nothing : html`, event <code>${name(event.id)}</code>`}</p>
<pre class="wrap" role="group" tabindex="0" aria-label="The event as JSON">${verbatim(linesOf(json))}</pre>${left}</div></details></li>
`;
}

/** `200 in 102 ms, 196 bytes of TwiML`. */
function about({ code, durationMs, contentType, bytes, body, note }: LocatedBody): Html {
  const phrases: Html[] = [];
  if (code !== undefined) {
    phrases.push(words(durationMs === undefined ? safe`${code}` : safe`${code} in ${formatDuration(durationMs)}`));
  }
  phrases.push(body === "empty" ? names.empty : html`${words(grouped(bytes))} bytes of ${names[body]}`);
  if (note !== undefined) phrases.push(text(note));
  if (contentType !== undefined) phrases.push(text(contentType));
  return joined(phrases, html`, `);
}

/** The lines of a decoded body with their numbers, and under each what is wrong there. */
function bodyOf({ shown, body, findings }: LocatedBody): Html {
  const isXml = body === "twiml" || body === "xml";
  const lines = linesOf(isXml ? maskXmlPasswords(shown) : shown);
  const placed = new Map<number, BodyFinding[]>();
  const stray: BodyFinding[] = [];
  for (const finding of findings) {
    const line = finding.shownAt?.line;
    if (line === undefined || line > lines.length) stray.push(finding);
    else placed.set(line, [...(placed.get(line) ?? []), finding]);
  }
  const rows = lines.map((line, index) => {
    const found = placed.get(index + 1) ?? [];
    const hit = found.length === 0 ? nothing : html` hit`;
    const says = found.map((each) => html`<span class="say">${said(each, each.shownAt?.column)}</span>`);
    return html`<span class="at">${index + 1}</span><code class="line${hit}">${isXml ? xmlText(line) : lineText(line)}</code>${says}`;
  });
  const rest = stray.map((each) => html`<p>${said(each, undefined)}</p>`);
  return html`${rest}<pre class="lines" role="group" tabindex="0" aria-label="The answer, decoded">${rows}</pre>
`;
}

function said({ severity, rule, message }: BodyFinding, column: number | undefined): Html {
  const where = column === undefined ? nothing : html` (column ${column})`;
  return html`${signOf(severity)} <code>${name(rule)}</code> ${text(message)}${where}`;
}

function linesOf(shown: Raw): readonly Raw[] {
  const lines = shown.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines.length <= LINES ? lines : [...lines.slice(0, LINES), `… ${lines.length - LINES} more lines`];
}

/** A line in which tabs stay what they are. */
const lineText = (line: Raw): Html => joined(line.split("\t").map(text), html`&#9;`);

/** A comment or instruction as far as it goes on its line, a tag's ends, an attribute's value. */
const token = /<!--.*?(?:-->|$)|<[!?].*?(?:>|$)|<\/?[^\s<>/"'=]+|\/?>|"[^"]*"|'[^']*'/g;

/** A line of XML in a few colors; each of its pieces is escaped by itself. */
function xmlText(line: Raw): Html {
  const pieces: Html[] = [];
  let end = 0;
  for (const match of line.matchAll(token)) {
    const [piece] = match;
    const look = /^<[!?]/.test(piece) ? html`aside` : /^["']/.test(piece) ? html`value` : html`tag`;
    pieces.push(html`${lineText(line.slice(end, match.index))}<span class="${look}">${lineText(piece)}</span>`);
    end = match.index + piece.length;
  }
  return html`${pieces}${lineText(line.slice(end))}`;
}
