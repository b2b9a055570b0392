import { escapeJson } from "../escape.ts";
import type { EventItem, Format, OutputItem, ReceivedItem } from "../items.ts";
import { callJson } from "./call-json.ts";
import { bodyJson, changeJson, findingMembers, labelJson, sourceJson, valueJson } from "./json-text.ts";
import { signatureJson } from "./signature-json.ts";

/** One JSON object a line, each whole in itself: for `jq`, and for engines that spread lines over machines. */
export const ndjson: Format = () => ({ showsClean: true, isStateless: true, render, end: () => "" });

function render(item: OutputItem): string {
  switch (item.kind) {
    case "page":
      return `${valueJson(item.value)}\n`;
    case "change":
      return `${changeJson(item)}\n`;
    case "signature":
      return `${signatureJson(item)}\n`;
    case "arrival": {
      const { receivedAt, signature, isDuplicate, answer } = item;
      const came = `"receivedAt":"${new Date(receivedAt).toISOString()}","signature":"${signature}","duplicate":${isDuplicate},"answer":${answer}`;
      return `{${came},${eventMembers(item)}}\n`;
    }
    case "event":
      return `{${eventMembers(item)}}\n`;
    case "body":
      return `${bodyJson(item)}\n`;
    case "finding":
      return `{"source":${sourceJson(item.source)},"valid":false,"findings":[{${findingMembers(item.finding)}}]}\n`;
    case "document":
      // A raw line break in JSON stands only between tokens, so the indent can go and the text stays as it was.
      return `${escapeJson(item.text.replace(/[\r\n]+[ \t]*/g, ""))}\n`;
    case "table": {
      const rows: readonly unknown[] = Array.isArray(item.value) ? item.value : [item.value];
      return rows.map((row) => `${valueJson(row)}\n`).join("");
    }
    case "call":
      return `${callJson(item)}\n`;
    case "forwarded":
    case "delivery":
    case "replay":
    case "calls":
    case "report":
    case "signatures":
    case "summary":
      return "";
  }
}

function eventMembers({ event, source, valid, findings }: EventItem | ReceivedItem): string {
  const found = findings.map((finding) => `{${findingMembers(finding)}}`).join(",");
  return `"event":${labelJson(event)},"source":${sourceJson(source)},"valid":${valid},"findings":[${found}]`;
}
