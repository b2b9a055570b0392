import { type Safe, safe } from "../escape.ts";
import type { ChangeItem } from "../items.ts";
import { hang, type TerminalStyle } from "./blocks.ts";
import { wrap } from "./layout.ts";
import { textFor } from "./screen.ts";

/** A change by its place, what was there and what is there now. */
export function changeLines({ source, before, after }: ChangeItem, { screen, width, colors }: TerminalStyle): Safe[] {
  const text = textFor(screen);
  const place = wrap(text(`${source.input}:${source.line}:${source.column}`), width);
  const room = width - 4;
  return [
    ...place.map(colors.bold),
    ...hang(wrap(text(before), room).map(colors.error), safe`  ${colors.error(safe`-`)} `, safe`    `),
    ...hang(wrap(text(after), room).map(colors.valid), safe`  ${colors.valid(safe`+`)} `, safe`    `),
  ];
}
