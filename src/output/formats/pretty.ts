import type BorderedTable from "cli-table3";
import { escapeJson, type Safe } from "../escape.ts";
import type { OutputItem, Renderer, Screen, TableItem } from "../items.ts";
import { createRuleLimit } from "../limit-per-rule.ts";
import {
  type Colors,
  eventLines,
  heldBackLines,
  strayLines,
  summaryLines,
  type TerminalStyle,
} from "../terminal/blocks.ts";
import { bodyLines } from "../terminal/body-block.ts";
import { callLines } from "../terminal/call-block.ts";
import { createCallRows } from "../terminal/call-rows.ts";
import { callSummaryLines } from "../terminal/call-summary.ts";
import { changeLines } from "../terminal/change-block.ts";
import { createExplainHint } from "../terminal/explain-hint.ts";
import { pageLines } from "../terminal/page-block.ts";
import { createReceivedRows } from "../terminal/received-rows.ts";
import { deliveryLines, replayLines } from "../terminal/replay-block.ts";
import { signatureLines, signaturesLines } from "../terminal/signature-block.ts";
import { gridOf, plainRow } from "../terminal/table.ts";

/** The time that cli-table3 takes grows with the square of the rows. */
const borderedRows = 500;

/** A screen that says it is narrower gets lines of this width. */
const narrowestScreen = 40;

const asciiBorder = {
  top: "-",
  "top-left": "+",
  "top-mid": "+",
  "top-right": "+",
  left: "|",
  middle: "|",
  right: "|",
  mid: "-",
  "left-mid": "+",
  "mid-mid": "+",
  "right-mid": "+",
  bottom: "-",
  "bottom-left": "+",
  "bottom-mid": "+",
  "bottom-right": "+",
};

/** For people: each event with a fault, its findings aligned below it, and at the end what was found in all. */
export async function pretty(screen: Screen): Promise<Renderer> {
  const colors = screen.color ? await palette() : plain;
  const brush: TerminalStyle = { screen, width: Math.max(screen.width, narrowestScreen), colors };
  const borders = screen.terminal ? await import("cli-table3") : undefined;
  const rows = createCallRows(brush);
  const arrivals = createReceivedRows(brush);
  const pointer = createExplainHint(brush);
  const quota = createRuleLimit(screen.verbose);
  let above: "nothing" | "line" | "block" = "nothing";

  /** A block stands apart from what is before it; lines stand close together. */
  function put(kind: "line" | "block", lines: readonly Safe[]): string {
    const isApart = above !== "nothing" && (kind === "block" || above === "block");
    above = kind;
    return `${isApart ? "\n" : ""}${lines.join("\n")}\n`;
  }

  function heldBack(): string {
    const lines = quota.heldBack().flatMap(([rule, findings]) => heldBackLines(rule, findings, brush));
    return lines.length > 0 ? put("block", lines) : "";
  }

  const lines = (ready: readonly Safe[]): string => (ready.length === 0 ? "" : put("line", ready));

  function render(item: OutputItem): string {
    switch (item.kind) {
      case "page":
        return put("block", pageLines(item, brush));
      case "change":
        return put("block", changeLines(item, brush));
      case "signature":
        pointer.add(item.findings);
        return put("block", signatureLines(item, brush));
      case "signatures":
        return put("block", [...signaturesLines(item, brush), ...pointer.lines()]);
      case "arrival":
        pointer.add(item.findings);
        return put("line", arrivals.add(item));
      case "forwarded":
        return put("line", arrivals.forwarded(item));
      case "event": {
        if (item.findings.length === 0) return screen.verbose ? put("line", eventLines(item, [], brush)) : "";
        const shown = item.findings.filter(quota.isShown);
        pointer.add(shown);
        return shown.length > 0 ? put("block", eventLines(item, shown, brush)) : "";
      }
      case "body":
        pointer.add(item.findings);
        return put("block", bodyLines(item, item.findings, brush));
      case "finding":
        if (!quota.isShown(item.finding)) return "";
        pointer.add([item.finding]);
        return put("block", strayLines(item, brush));
      case "document":
        return put("line", [escapeJson(item.text, screen.ascii)]);
      case "table":
        return put("block", tableLines(item, brush, borders?.default));
      case "call":
        pointer.add(item.findings);
        if (item.detail === "whole") return put("block", callLines(item, brush));
        return lines(rows.add(item));
      case "calls":
        return lines(rows.flush()) + put("block", [...callSummaryLines(item, brush), ...pointer.lines()]);
      case "report":
        return "";
      case "delivery":
        return put("line", deliveryLines(item, brush));
      case "replay":
        return put("block", replayLines(item, brush));
      case "summary":
        return heldBack() + put("block", [...summaryLines(item, brush), ...pointer.lines()]);
    }
  }

  return { showsClean: screen.verbose, holdBack: quota.add, render, end: () => lines(rows.flush()) + heldBack() };
}

const unpainted = (text: Safe): Safe => text;

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

function tableLines(item: TableItem, { screen, width, colors }: TerminalStyle, Table?: typeof BorderedTable): Safe[] {
  const columns = item.columns.length;
  const isBordered = Table !== undefined && item.rows.length <= borderedRows;
  const { header, rows, widths } = gridOf(item, screen, width - (isBordered ? 3 * columns + 1 : 2 * (columns - 1)));
  if (!isBordered) return [colors.bold(plainRow(header, widths)), ...rows.map((row) => plainRow(row, widths))];
  const table = new Table({
    head: header.map(colors.bold),
    style: { head: [], border: [], compact: true },
    ...(screen.ascii && { chars: asciiBorder }),
  });
  for (const row of rows) table.push([...row]);
  return [table.toString() as Safe];
}
