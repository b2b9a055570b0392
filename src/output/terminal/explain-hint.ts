import { escapeIdentifier, type Safe, safe } from "../escape.ts";
import type { LocatedFinding } from "../items.ts";
import { hang, type TerminalStyle } from "./blocks.ts";
import { flow, type Piece } from "./layout.ts";

/** So many rules are named: each of the others stands with its findings, to be asked for in the same way. */
const mostNamed = 5;

const weights = ["error", "warning", "info"] as const;

/** Collects the rules of the findings that are shown, and ends with the command that explains them. */
export interface ExplainHint {
  add(findings: readonly Pick<LocatedFinding, "rule" | "severity">[]): void;
  /** One line in the manner of a summary, the worst first; none where nothing is to be explained. */
  lines(): readonly Safe[];
}

/** Makes a pointer for the screen. Infos count where they are shown. */
export function createExplainHint({ screen, width, colors }: TerminalStyle): ExplainHint {
  const rules = new Map<string, number>();
  return {
    add(findings) {
      for (const { rule, severity } of findings) {
        if (severity === "info" && !screen.verbose) continue;
        const weight = weights.indexOf(severity);
        rules.set(rule, Math.min(weight, rules.get(rule) ?? weight));
      }
    },
    lines() {
      const named = [...rules].sort(([, one], [, other]) => one - other).slice(0, mostNamed);
      rules.clear();
      if (named.length === 0) return [];
      const words = ["explain: twilio-events explain" as Safe, ...named.map(([rule]) => escapeIdentifier(rule))];
      const pieces: readonly Piece[] = words.map((text) => ({ text, paint: colors.plain }));
      return hang(flow(pieces, width - 4, 1).map(colors.dim), safe`  `, safe`    `);
    },
  };
}
