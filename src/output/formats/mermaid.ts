import type { Raw, Safe } from "../escape.ts";
import type { Format } from "../items.ts";
import { glyphsFor, textFor } from "../terminal/screen.ts";

/** What the lines of a sequence diagram are made with. */
export interface Diagram {
  readonly text: ReturnType<typeof textFor>;
  /** The sign between the parties of a call. */
  readonly to: Safe;
  /** The host's name in the diagram, and the line that introduces it where that is to come first. */
  introduce(url: Raw): { readonly name: string; readonly lines: readonly string[] };
  /** All that could end a message or mean something in it stands as its number; so does the word that ends a block. */
  entities(text: string): string;
}

/** Who calls the servers. */
export const TWILIO = "Twilio";

/** A sequence diagram: who asked whom at which step, and the answer. See mermaid.js.org/syntax/sequenceDiagram.html. */
export const mermaid: Format = (screen) => {
  const text = textFor(screen);
  const hosts = new Map<string, string>();
  let head = `sequenceDiagram\n  participant ${TWILIO}\n`;
  const diagram: Diagram = {
    text,
    to: glyphsFor(screen).to,
    introduce(url) {
      const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(url)?.[1] ?? "your server";
      const known = hosts.get(host);
      if (known !== undefined) return { name: known, lines: [] };
      const name = `Server${hosts.size + 1}`;
      hosts.set(host, name);
      return { name, lines: [`participant ${name} as ${entities(text(host))}`] };
    },
    entities,
  };
  return {
    showsClean: false,
    render(item) {
      if (!item.mermaid) return "";
      const before = head;
      head = "";
      return (
        before +
        item
          .mermaid(diagram)
          .map((line) => `  ${line}\n`)
          .join("")
      );
    },
    end: () => "",
  };
};

function entities(text: string): string {
  return text
    .replace(/[^\w +./:?=,()\u2192-]/gu, (char) => `#${char.codePointAt(0)};`)
    .replace(/\bend\b/gi, (word) => `#${word.charCodeAt(0)};${word.slice(1)}`);
}
