import { describe, expect, test } from "vitest";
import { type FormatName, formats, openRenderer } from "../../src/output/formats/index.ts";
import type { Screen } from "../../src/output/terminal/screen.ts";
import { leak, ownColors, payloads, pipe, places, screens } from "./hostile.ts";
import { type ItemData, toItem } from "./item-data.ts";

/** All but HTML, which has more to fear and its own test. */
const names = (Object.keys(formats) as FormatName[]).filter((name) => name !== "html");

async function print(name: FormatName, screen: Screen, item: ItemData): Promise<string> {
  const renderer = await openRenderer(name, screen);
  return renderer.render(toItem(item)) + renderer.end();
}

/** `\n`, our own colors, the tab between the columns of a compact table, and the tabs in the lines of a body. */
function allowed(name: FormatName, item: ItemData, screen: Screen): RegExp {
  if (name === "compact" && item.kind === "table") return /[\n\t]/g;
  if (item.kind === "body" && name === "pretty") return new RegExp(`[\\n\\t]|${ownColors.source}`, "g");
  return screen.color ? new RegExp(`\\n|${ownColors.source}`, "g") : /\n/g;
}

test("there are at least 56 payloads", () => {
  expect(Object.keys(payloads).length).toBeGreaterThanOrEqual(56);
});

describe.each(names)("%s", (name) => {
  describe.each(Object.entries(screens))("on %s", (_, screen) => {
    test.each(Object.entries(places))("lets nothing through from the %s", async (_, place) => {
      for (const [what, payload] of Object.entries(payloads)) {
        const item = place(payload);
        expect(leak(await print(name, screen, item), allowed(name, item, screen)), what).toBeUndefined();
      }
    });

    test.each(Object.entries(places))("prints no two payloads alike in the %s", async (where, place) => {
      // There the cells of a table are cut, and so are those of calls and steps.
      if (screen.width < 100 && place("").kind === "table") return;
      if (name === "pretty" && /^step|on a line|live/.test(where)) return;
      const outputs = await Promise.all(Object.values(payloads).map((payload) => print(name, screen, place(payload))));
      const benign = await print(name, screen, place("benign"));
      // A format may leave a place out altogether; what it prints, it prints so that it can be told apart.
      if (outputs.every((output) => output === benign)) return;
      expect(new Set(outputs).size).toBe(new Set(Object.values(payloads)).size);
    });

    test.each(Object.entries(places))("ends what it prints with a newline: %s", async (_, place) => {
      expect(await print(name, screen, place("benign"))).toMatch(/^$|[^\n]\n$/);
    });
  });
});

test.each(Object.entries(places))("color changes no word: %s", async (_, place) => {
  const screen = { width: 80, ascii: false, verbose: true, terminal: true };
  for (const payload of Object.values(payloads)) {
    const colored = await print("pretty", { ...screen, color: true }, place(payload));
    const plain = await print("pretty", { ...screen, color: false }, place(payload));
    expect(colored.replace(ownColors, "")).toBe(plain);
  }
});

test.each(["pretty", "compact"] as const)("%s in ascii has none but ASCII", async (name) => {
  const screen: Screen = { width: 80, color: false, ascii: true, verbose: true, terminal: true };
  for (const place of Object.values(places)) {
    for (const text of ["São Paulo", "北京", "🎉", "a ▸ b"]) {
      expect(await print(name, screen, place(text))).toMatch(/^[\t\n -~]*$/);
    }
  }
});

test.each(["json", "ndjson"] as const)("%s holds the very values", async (name) => {
  for (const [where, place] of Object.entries(places)) {
    for (const payload of Object.values(payloads)) {
      const item = place(payload);
      const output = await print(name, pipe, item);
      if (item.kind === "summary" || item.kind === "calls" || item.kind === "signatures") continue;
      if (item.kind === "report" || where.startsWith("evidence")) continue;
      if (where === "call clock") continue;
      // A lone surrogate has no UTF-8: it must survive as its escape.
      expect(holds(JSON.parse(output), payload), where).toBe(true);
    }
  }
});

function holds(value: unknown, text: string): boolean {
  if (value === text) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, text) || Object.values(value).some((inner) => holds(inner, text));
}
