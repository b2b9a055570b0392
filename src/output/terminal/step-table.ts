import { briefType } from "../../events/event.ts";
import { escapeIdentifier, type Safe, safe } from "../escape.ts";
import { formatDuration, offset } from "../format-duration.ts";
import type { CallData, StepData } from "../items.ts";
import type { TerminalStyle } from "./blocks.ts";
import { type Column, fitWidths, rowLine } from "./fit-columns.ts";
import { glyphsFor, textFor } from "./screen.ts";

const cutOrder = ["event", "callback", "type"];
const dropOrder = ["event", "seq", "callback", "status", "took"];

/** The steps under one another: when, what, which callback, how it was answered. */
export function stepLines(call: CallData, { screen, width, colors }: TerminalStyle): Safe[] {
  const { more } = glyphsFor(screen);
  const text = textFor(screen);
  const { steps, isCoarse } = call;
  const cells = (cell: (step: StepData) => Safe | undefined): readonly Safe[] =>
    steps.map((step) => cell(step) ?? safe``);
  const columns: readonly Column[] = [
    {
      name: safe`offset`,
      least: 0,
      isNumber: true,
      cells: cells(({ offsetMs }) => (offsetMs === undefined ? safe`?` : offset(offsetMs, isCoarse))),
    },
    { name: safe`type`, least: 16, cells: cells((step) => shortType(step)) },
    { name: safe`status`, least: 0, cells: cells(({ status }) => (status === undefined ? undefined : text(status))) },
    { name: safe`callback`, least: 14, cells: cells(({ callback }) => callbackText(callback, text)) },
    { name: safe`code`, least: 0, isNumber: true, cells: cells(({ callback }) => numberText(callback?.code)) },
    {
      name: safe`took`,
      least: 0,
      isNumber: true,
      cells: cells(({ callback }) =>
        callback?.durationMs === undefined ? undefined : formatDuration(callback.durationMs),
      ),
    },
    { name: safe`seq`, least: 0, isNumber: true, cells: cells(({ sequence }) => numberText(sequence)) },
    { name: safe`event`, least: 8, cells: cells(({ id }) => (id === undefined ? undefined : escapeIdentifier(id))) },
  ];
  const widths = fitWidths(columns, width - 2, cutOrder, dropOrder);
  const head = rowLine(
    columns.map(({ name }) => name),
    columns,
    widths,
    more,
    columns.map(() => colors.dim),
  );
  const lines = steps.map((step, row) => {
    const failed = (step.callback?.code ?? 0) >= 400 ? colors.error : colors.plain;
    const paints = [
      colors.plain,
      colors.name,
      colors.plain,
      colors.plain,
      failed,
      colors.plain,
      colors.plain,
      colors.dim,
    ];
    return rowLine(
      columns.map(({ cells }) => cells[row] as Safe),
      columns,
      widths,
      more,
      paints,
    );
  });
  return [head, ...lines].map((line) => safe`  ${line}`);
}

/** The type without what all types begin with; what has none is a callback, or another request. */
export function shortType({ type, stage }: StepData): Safe {
  const name = briefType(type ?? "");
  if (name === "") return stage === undefined ? safe`(request)` : safe`(callback)`;
  return escapeIdentifier(name.replace("status-callback.", ""));
}

/** `POST /voice/status`: your own host is seldom what differs, and whole in every other format. */
export function callbackText(callback: StepData["callback"], text: (raw: string) => Safe): Safe | undefined {
  if (callback === undefined) return undefined;
  const path = callback.url
    ?.replace(/^https:\/\/api\.twilio\.com\/2010-04-01\/Accounts\/\w+(?=\/)/, "api.twilio.com")
    .replace(/^https?:\/\/[^/?#]*(?=[/?#])/, "");
  return text([callback.method, path].filter((part) => part !== undefined).join(" "));
}

const numberText = (number: number | undefined): Safe | undefined =>
  number === undefined ? undefined : safe`${number}`;
