import { escapeJson } from "../escape.ts";
import type { Format, OutputItem, Summary } from "../items.ts";
import { callJson, callsSummaryJson } from "./call-json.ts";
import { bodyJson, changeJson, findingMembers, labelJson, sourceJson, valueJson } from "./json-text.ts";
import { deliveryJson, replayJson } from "./replay-json.ts";
import { signatureJson } from "./signature-json.ts";

const counts = [
  "inputs",
  "bytes",
  "events",
  "valid",
  "invalid",
  "calls",
  "duplicates",
  "errors",
  "warnings",
  "infos",
  "unreadable",
] as const satisfies readonly (keyof Summary)[];

/**
 * One JSON document: `{"version","findings","summary"}`, or `"bodies"` or `"calls"` for them, written as they come, so
 * that memory does not grow with them. A document or a table is the whole output by itself.
 */
export const json: Format = () => {
  let state: "empty" | "list" | "whole" = "empty";
  let list = "findings";
  let summary = "";

  function append(object: string, name = "findings"): string {
    list = name;
    const before = state === "empty" ? `{"version":1,"${list}":[\n` : ",\n";
    state = "list";
    return before + object;
  }

  function render(item: OutputItem): string {
    switch (item.kind) {
      case "page":
        return append(valueJson(item.value), "pages");
      case "change":
        return append(changeJson(item), "changes");
      case "signature":
        return append(signatureJson(item), "requests");
      case "signatures":
        list = "requests";
        summary = `,"summary":${valueJson(item.summary)}`;
        return "";
      case "delivery":
        return append(deliveryJson(item), "deliveries");
      case "replay":
        if (item.report.isDryRun) list = "deliveries";
        else state = "whole";
        summary = `,"summary":${replayJson(item.report)}`;
        return state === "whole" ? `{"version":1${summary}}\n` : "";
      case "arrival":
      case "event": {
        const origin = `,"event":${labelJson(item.event)},"source":${sourceJson(item.source)}`;
        return item.findings.map((finding) => append(`{${findingMembers(finding)}${origin}}`)).join("");
      }
      case "finding":
        return append(`{${findingMembers(item.finding)},"source":${sourceJson(item.source)}}`);
      case "body":
        return append(bodyJson(item), "bodies");
      case "document":
        state = "whole";
        return `${escapeJson(item.text)}\n`;
      case "table":
        state = "whole";
        return `${valueJson(item.value)}\n`;
      case "call":
        return append(callJson(item), "calls");
      case "forwarded":
      case "report":
        return "";
      case "calls":
        list = "calls";
        summary = `,"summary":${callsSummaryJson(item.summary)}`;
        return "";
      case "summary":
        summary = `,"summary":{${counts.map((key) => `"${key}":${item.summary[key]}`).join(",")}}`;
        return "";
    }
  }

  function end(): string {
    if (state === "whole") return "";
    const close = state === "list" ? "\n]" : `{"version":1,"${list}":[]`;
    return `${close}${summary}}\n`;
  }

  return { showsClean: false, render, end };
};
