import { escapeIdentifier, escapeText, maskPasswords, type Raw, type Safe, safe } from "./escape.ts";
import type { Screen, Source } from "./item.ts";

/** The signs we draw, each with what stands for it where only ASCII is wanted. All but `more`, `to` and `leg` are one column wide. */
const glyphs = {
  unicode: {
    valid: safe`✔`,
    error: safe`✖`,
    warning: safe`⚠`,
    info: safe`ℹ`,
    inside: "▸",
    also: safe`·`,
    more: safe`…`,
    to: safe`→`,
    leg: safe`└ `,
    answered: safe`●`,
    failed: safe`✖`,
    none: safe`○`,
    setup: safe`░`,
    ringing: safe`▒`,
    talking: safe`█`,
    whole: safe`━`,
    open: safe`▸`,
    axis: safe`─`,
    tick: safe`┼`,
    cut: safe`╱`,
    bar: safe`█`,
  },
  ascii: {
    valid: safe`+`,
    error: safe`x`,
    warning: safe`!`,
    info: safe`i`,
    inside: ">",
    also: safe`|`,
    more: safe`...`,
    to: safe`->`,
    leg: safe`- `,
    answered: safe`o`,
    failed: safe`x`,
    none: safe`?`,
    setup: safe`.`,
    ringing: safe`~`,
    talking: safe`=`,
    whole: safe`-`,
    open: safe`>`,
    axis: safe`-`,
    tick: safe`+`,
    cut: safe`/`,
    bar: safe`#`,
  },
} as const;

/** The signs that the screen can show. */
export function glyphsFor(screen: Screen): (typeof glyphs)["unicode" | "ascii"] {
  return screen.ascii ? glyphs.ascii : glyphs.unicode;
}

/** How input is written on the screen: passwords masked, and escaped what acts on a terminal or is more than it can show. */
export function textFor(screen: Screen): (raw: Raw) => Safe {
  const write = screen.ascii ? escapeIdentifier : escapeText;
  return (raw) => write(maskPasswords(raw));
}

/** The way through the wrappers, `Records[2].kinesis.data ▸ [0]`; empty when there is none. */
export function pathFor(screen: Screen): (source: Source) => Safe {
  const text = textFor(screen);
  const { inside } = glyphsFor(screen);
  return (source) => text(source.path.replaceAll(" ▸ ", ` ${inside} `));
}
