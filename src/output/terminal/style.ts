import type BorderedTable from "cli-table3";
import { count } from "../count-text.ts";
import { escapeIdentifier, type Raw, type Safe, safe } from "../escape.ts";
import { createRuleLimit } from "../limit-per-rule.ts";
import type { LocatedFinding } from "../located-finding.ts";
import { severities } from "../reportable.ts";
import { flow, hang, type Piece } from "./layout.ts";
import type { Screen } from "./screen.ts";
import { type Glyphs, glyphsFor, textFor } from "./screen.ts";

type Paint = (text: Safe) => Safe;

/** What each color means. A screen without color has the same words and signs. */
export type Colors = Readonly<
  Record<"plain" | "bold" | "dim" | "name" | "valid" | "error" | "warning" | "info", Paint>
>;

interface Flushable {
  flush?(): readonly Safe[];
}

/** What is needed to draw for a person: the screen, how to write and color on it, and what it shows already. */
export interface TerminalStyle {
  readonly screen: Screen;
  readonly width: number;
  readonly colors: Colors;
  readonly glyphs: Glyphs;
  /** How input is written on the screen. */
  readonly text: (raw: Raw) => Safe;
  readonly borders: typeof BorderedTable | undefined;
  /** A block stands apart from what is before it; lines stand close together. No lines are no text. */
  block(lines: readonly Safe[]): string;
  line(lines: readonly Safe[]): string;
  /** The findings that a person is shown: a few of each rule. Those are explained. */
  limited<Finding extends LocatedFinding>(findings: readonly Finding[]): readonly Finding[];
  /** How many findings of each rule weren't shown; then it begins anew. */
  heldBack(): string;
  /** Adds the rules of findings that are shown to those that the last block names a command for. */
  explain(findings: readonly Pick<LocatedFinding, "rule" | "severity">[]): void;
  /** The command that explains the rules, the worst first; no line where nothing is to be explained. */
  explanation(): readonly Safe[];
  /** What items of one kind remember from one to the next, made once; `flush` returns lines that still wait. */
  state<State extends object>(make: (style: TerminalStyle) => State & Flushable): State;
  /** The lines that wait. */
  flush(): string;
}

/** The style, and what its renderer needs besides. */
export interface OpenStyle extends TerminalStyle {
  holdBack(findings: ReadonlyMap<Raw, number>): void;
  end(): string;
}

/** A screen that says it is narrower gets lines of this width. */
const MIN_WIDTH = 40;

/** So many rules are named: each of the others stands with its findings, to be asked for in the same way. */
const MAX_NAMED = 5;

/** Opens the style of a screen: chalk is loaded for colors, cli-table3 for a terminal. */
export async function openStyle(screen: Screen): Promise<OpenStyle> {
  const colors = screen.color ? await palette() : plain;
  const width = Math.max(screen.width, MIN_WIDTH);
  const borders = screen.terminal ? (await import("cli-table3")).default : undefined;
  const glyphs = glyphsFor(screen);
  const limit = createRuleLimit(screen.verbose);
  const explained = new Map<Raw, number>();
  const states = new Map<unknown, Flushable>();
  let above: "nothing" | "line" | "block" = "nothing";

  function put(kind: "line" | "block", lines: readonly Safe[]): string {
    if (lines.length === 0) return "";
    const isApart = above !== "nothing" && (kind === "block" || above === "block");
    above = kind;
    return `${isApart ? "\n" : ""}${lines.join("\n")}\n`;
  }

  const style: OpenStyle = {
    ...{ screen, width, colors, glyphs, borders },
    text: textFor(screen),
    block: (lines) => put("block", lines),
    line: (lines) => put("line", lines),
    limited(findings) {
      const shown = findings.filter(limit.isShown);
      style.explain(shown);
      return shown;
    },
    heldBack() {
      const lines = limit.heldBack().flatMap(([rule, findings]) => {
        const rest = count(findings, safe`more ${escapeIdentifier(rule)} finding`);
        const pieces: Piece[] = [
          safe`${glyphs.more} and ${rest}`,
          { text: safe`(--verbose shows all)`, paint: colors.dim },
        ];
        return hang(flow(pieces, width - 4, 1), safe``, safe`    `);
      });
      return put("block", lines);
    },
    explain(findings) {
      for (const { rule, severity } of findings) {
        if (severity === "info" && !screen.verbose) continue;
        const rank = severities.indexOf(severity);
        explained.set(rule, Math.min(rank, explained.get(rule) ?? rank));
      }
    },
    explanation() {
      const named = [...explained].sort(([, one], [, other]) => one - other).slice(0, MAX_NAMED);
      explained.clear();
      if (named.length === 0) return [];
      const words = ["explain: twilio-events explain" as Safe, ...named.map(([rule]) => escapeIdentifier(rule))];
      return hang(flow(words, width - 4, 1).map(colors.dim), safe`  `, safe`    `);
    },
    state<State extends object>(make: (style: TerminalStyle) => State & Flushable): State {
      const state = (states.get(make) as (State & Flushable) | undefined) ?? make(style);
      states.set(make, state);
      return state;
    },
    holdBack: limit.add,
    flush: () => [...states.values()].map(({ flush }) => put("line", flush?.() ?? [])).join(""),
    end: () => style.flush() + style.heldBack(),
  };
  return style;
}

const unpainted: Paint = (text) => text;

const plain: Colors = {
  plain: unpainted,
  bold: unpainted,
  dim: unpainted,
  name: unpainted,
  valid: unpainted,
  error: unpainted,
  warning: unpainted,
  info: unpainted,
};

async function palette(): Promise<Colors> {
  const { Chalk } = await import("chalk");
  const chalk = new Chalk({ level: 1 });
  const paint = (style: (text: string) => string) => (text: Safe) => style(text) as Safe;
  return {
    plain: unpainted,
    bold: paint(chalk.bold),
    dim: paint(chalk.dim),
    name: paint(chalk.cyan),
    valid: paint(chalk.green),
    error: paint(chalk.red),
    warning: paint(chalk.yellow),
    info: paint(chalk.blue),
  };
}
