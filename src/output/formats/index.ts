import type { Format, Renderer, Screen } from "../item.ts";

/** Every output format. Add a format here: a file beside this one with its `Format`, loaded only when it is asked for. */
export const formats = {
  pretty: {
    says: "for people: every event with a fault, its findings below it",
    load: async () => (await import("./pretty.ts")).pretty,
  },
  compact: {
    says: "one finding a line, for editors and grep",
    load: async () => (await import("./compact.ts")).compact,
  },
  json: { says: "one JSON document", load: async () => (await import("./json.ts")).json },
  ndjson: { says: "one JSON object a line", load: async () => (await import("./ndjson.ts")).ndjson },
  markdown: {
    says: "calls as tables and lists, for a ticket",
    load: async () => (await import("./markdown.ts")).markdown,
  },
  mermaid: {
    says: "calls as a sequence diagram",
    load: async () => (await import("./mermaid.ts")).mermaid,
  },
  html: {
    says: "one file for a browser: what went wrong, and the calls",
    load: async () => (await import("./html.ts")).html,
  },
} as const satisfies Record<string, { readonly says: string; readonly load: () => Promise<Format> }>;

export type FormatName = keyof typeof formats;

/** A renderer of the format for the screen. */
export async function openRenderer(name: FormatName, screen: Screen): Promise<Renderer> {
  const format = await formats[name].load();
  return format(screen);
}
