import { escapeJson } from "../escape.ts";
import type { Format, Item, Summary } from "../item.ts";
import { callJson, callsSummaryJson } from "./call-json.ts";
import { findingMembers, labelJson, sourceJson, valueJson } from "./json-text.ts";

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
 * One JSON document: `{"version","findings","summary"}`, written as findings come, so that memory does not grow with them.
 * A document or a table is the whole output by itself.
 */
export const json: Format = () => {
  let state: "empty" | "findings" | "calls" | "no calls" | "whole" = "empty";
  let summary = "";

  function append(finding: string): string {
    const before = state === "empty" ? `{"version":1,"findings":[\n` : ",\n";
    state = "findings";
    return `${before}{${finding}}`;
  }

  function render(item: Item): string {
    switch (item.kind) {
      case "event": {
        const origin = `,"event":${labelJson(item.event)},"source":${sourceJson(item.source)}`;
        return item.findings.map((finding) => append(findingMembers(finding) + origin)).join("");
      }
      case "finding":
        return append(`${findingMembers(item.finding)},"source":${sourceJson(item.source)}`);
      case "document":
        state = "whole";
        return `${escapeJson(item.text)}\n`;
      case "table":
        state = "whole";
        return `${valueJson(item.value)}\n`;
      case "call": {
        const before = state === "empty" ? `{"version":1,"calls":[\n` : ",\n";
        state = "calls";
        return before + callJson(item);
      }
      case "calls":
        if (state === "empty") state = "no calls";
        summary = `,"summary":${callsSummaryJson(item.summary)}`;
        return "";
      case "summary":
        summary = `,"summary":{${counts.map((key) => `"${key}":${item.summary[key]}`).join(",")}}`;
        return "";
    }
  }

  function end(): string {
    if (state === "whole") return "";
    const isOpen = state === "findings" || state === "calls";
    const close = isOpen ? "\n]" : `{"version":1,"${state === "no calls" ? "calls" : "findings"}":[]`;
    return `${close}${summary}}\n`;
  }

  return { showsClean: false, render, end };
};
