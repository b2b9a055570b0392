import { escapeIdentifier, escapeText, maskPasswords, type Raw, type Safe, safe, sign } from "../escape.ts";
import type { Source } from "../located-finding.ts";

/** How the reader's screen is. */
export interface Screen {
  readonly width: number;
  readonly color: boolean;
  readonly ascii: boolean;
  readonly verbose: boolean;
  readonly terminal: boolean;
  /** The zone that times are shown in, as Intl names it; UTC when there is none. */
  readonly timeZone?: string;
}

/** The signs we draw, each with what stands for it where only ASCII is wanted. All but `more`, `to` and `leg` are one column wide. */
const glyphs = {
  unicode: {
    valid: sign("✔"),
    error: sign("✖"),
    warning: sign("⚠"),
    info: sign("ℹ"),
    inside: "▸",
    also: sign("·"),
    more: sign("…"),
    to: sign("→"),
    leg: sign("└ "),
    answered: sign("●"),
    failed: sign("✖"),
    none: sign("○"),
    setup: sign("░"),
    ringing: sign("▒"),
    talking: sign("█"),
    whole: sign("━"),
    open: sign("▸"),
    axis: sign("─"),
    tick: sign("┼"),
    cut: sign("╱"),
    bar: sign("█"),
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

export type Glyphs = (typeof glyphs)["unicode" | "ascii"];

/** The signs that the screen can show. */
export function glyphsFor(screen: Screen): Glyphs {
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
