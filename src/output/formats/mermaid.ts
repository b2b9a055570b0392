import type { Diagram, Format } from "../items.ts";
import { glyphsFor, textFor } from "../terminal/screen.ts";

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
