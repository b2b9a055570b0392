import type { Format } from "../items.ts";
import { toJson } from "../to-json.ts";

/**
 * One JSON document: `{"version","findings","summary"}`, or `"bodies"` or `"calls"` for them, written as they come, so
 * that memory does not grow with them. A document or a table is the whole output by itself.
 */
export const json: Format = () => {
  let state: "empty" | "list" | "whole" = "empty";
  let list = "findings";
  let summary = "";

  function append(value: unknown): string {
    const before = state === "empty" ? `{"version":1,"${list}":[\n` : ",\n";
    state = "list";
    return before + toJson(value);
  }

  return {
    showsClean: false,
    render(item) {
      list = item.section ?? list;
      if (item.summary) {
        summary = `,"summary":${toJson(item.summary())}`;
        if (item.isWholeJson) state = "whole";
        return item.isWholeJson ? `{"version":1${summary}}\n` : "";
      }
      if (item.elements) return item.elements().map(append).join("");
      if (!item.json) return "";
      if (!item.isWholeJson) return append(item.json());
      state = "whole";
      return `${toJson(item.json())}\n`;
    },
    end() {
      if (state === "whole") return "";
      const close = state === "list" ? "\n]" : `{"version":1,"${list}":[]`;
      return `${close}${summary}}\n`;
    },
  };
};
