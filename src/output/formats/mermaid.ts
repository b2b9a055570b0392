import type { Raw } from "../escape.ts";
import { formatDuration, offset } from "../format-duration.ts";
import type { CallItem, Format, StepData } from "../items.ts";
import { partiesOf } from "../terminal/call-block.ts";
import { glyphsFor, textFor } from "../terminal/screen.ts";
import { callbackText, shortType } from "../terminal/step-table.ts";

const twilio = "Twilio";

/** A sequence diagram: who asked whom at which step, and the answer. See mermaid.js.org/syntax/sequenceDiagram.html. */
export const mermaid: Format = (screen) => {
  const text = textFor(screen);
  const { to } = glyphsFor(screen);
  const hosts = new Map<string, string>();
  let isBegun = false;

  /** The host's name in the diagram, and the line that introduces it where that is to come first. */
  function introduce(url: Raw): { readonly name: string; readonly lines: readonly string[] } {
    const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(url)?.[1] ?? "your server";
    const known = hosts.get(host);
    if (known !== undefined) return { name: known, lines: [] };
    const name = `Server${hosts.size + 1}`;
    hosts.set(host, name);
    return { name, lines: [`participant ${name} as ${entities(text(host))}`] };
  }

  function stepLines(step: StepData, isCoarse: boolean): readonly string[] {
    const when = step.offsetMs === undefined ? "" : `${offset(step.offsetMs, isCoarse)} `;
    const what = `${when}${shortType(step)}${step.stage === "completed" && step.status !== undefined ? ` ${text(step.status)}` : ""}`;
    const { callback } = step;
    const isApi = step.type?.startsWith("com.twilio.voice.api-request.") === true;
    if (callback?.url === undefined) return [`Note over ${twilio}: ${entities(what)}`];
    const { name, lines } = isApi ? { name: "Client", lines: [] } : introduce(callback.url);
    const [from, into] = isApi ? ["Client", twilio] : [twilio, name];
    const asked = `${from}->>${into}: ${entities(`${what}, ${callbackText(callback, text) ?? ""}`)}`;
    const { code, durationMs } = callback;
    if (code === undefined) return [...lines, asked];
    const took = durationMs === undefined ? "" : ` after ${formatDuration(durationMs)}`;
    return [...lines, asked, `${into}${code >= 400 ? "--x" : "-->>"}${from}: ${code}${took}`];
  }

  function diagram({ call, findings }: CallItem): string {
    const parties = partiesOf(call, text, to);
    const title = [text(call.sid), call.status === undefined ? "" : text(call.status), parties ?? ""];
    const lines = [
      ...(isBegun ? [] : [`participant ${twilio}`]),
      `Note over ${twilio}: ${entities(title.filter((part) => part !== "").join(", "))}`,
      ...call.steps.flatMap((step) => stepLines(step, call.isCoarse)),
      ...findings.map(({ rule, message }) => `Note over ${twilio}: ${entities(`${text(rule)}: ${text(message)}`)}`),
    ];
    const head = isBegun ? "" : "sequenceDiagram\n";
    isBegun = true;
    return head + lines.map((line) => `  ${line}\n`).join("");
  }

  return { showsClean: false, render: (item) => (item.kind === "call" ? diagram(item) : ""), end: () => "" };
};

/** All that could end a message or mean something in it stands as its number; so does the word that ends a block. */
function entities(text: string): string {
  return text
    .replace(/[^\w +./:?=,()\u2192-]/gu, (char) => `#${char.codePointAt(0)};`)
    .replace(/\bend\b/gi, (word) => `#${word.charCodeAt(0)};${word.slice(1)}`);
}
