import type { Format, Renderer } from "../items.ts";
import type { RunInfo } from "../run-info.ts";
import type { Screen } from "../terminal/screen.ts";

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
    says: "totals, findings by rule, calls as tables: for a ticket or a pull request",
    load: async () => (await import("./markdown.ts")).markdown,
  },
  github: {
    says: "annotations of a GitHub workflow, worst first; its job summary is markdown",
    load: async () => (await import("./github.ts")).github,
  },
  sarif: {
    says: "SARIF 2.1.0, for code scanning",
    load: async () => (await import("./sarif.ts")).sarif,
  },
  junit: {
    says: "JUnit XML: a test case for each event, body, call or request",
    load: async () => (await import("./junit.ts")).junit,
  },
  mermaid: {
    says: "calls as a sequence diagram",
    load: async () => (await import("./mermaid.ts")).mermaid,
  },
  html: {
    says: "one file for a browser: what went wrong, and the calls",
    load: async () => (await import("./html.ts")).html,
  },
} as const satisfies Record<string, { readonly says: string; readonly load: () => Promise<Loaded> }>;

/** A format, or one that loads more by what the screen is. */
type Loaded = Format | ((screen: Screen) => Promise<Renderer>);

export type FormatName = keyof typeof formats;

/** A renderer of the format for the screen, which may tell what the run is about. */
export async function openRenderer(name: FormatName, screen: Screen, about?: RunInfo): Promise<Renderer> {
  const format: Loaded = await formats[name].load();
  return format(screen, about);
}
