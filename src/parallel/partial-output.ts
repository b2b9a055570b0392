import { type FormatName, openRenderer } from "../output/formats/index.ts";
import type { EventItem, FindingItem, LocatedFinding, OutputItem, Screen, Source } from "../output/items.ts";
import { createRuleLimit } from "../output/limit-per-rule.ts";

/** What a thread has to know of a result to make a part of it. */
export interface PartOrder {
  readonly format: FormatName;
  readonly screen: Screen;
  /** Whether the thread makes text of the items; else it hands over the items that may be shown. */
  readonly isText: boolean;
}

/** A part of a result, made in a thread. */
export interface ResultPart {
  readonly text: string;
  /** Items as JSON, which crosses from thread to thread sooner than objects do. */
  readonly items: string;
  /** How many findings of a rule are not among the items, since a person is shown the first of them only. */
  readonly heldBack: ReadonlyMap<string, number>;
}

/** Takes items in a thread; `take` hands over what has come of them since it was last asked. */
export interface PartialResult {
  readonly showsClean: boolean;
  /** Begins with other lines, of which nobody knows what was shown before. */
  begin(): void;
  add(item: OutputItem): void;
  /** About how many bytes are ready. */
  size(): number;
  take(): ResultPart;
}

/** So many bytes an item takes, more or less. */
const ITEM_BYTES = 512;

/** Opens the part of a result that a thread makes. */
export async function openPart({ format, screen, isText }: PartOrder): Promise<PartialResult> {
  const renderer = await openRenderer(format, screen);
  const isThinned = renderer.holdBack !== undefined;
  let quota = createRuleLimit(screen.verbose);
  let text = "";
  let items: OutputItem[] = [];
  let heldBack = new Map<string, number>();

  function isWanted(findings: readonly LocatedFinding[]): boolean {
    if (!isThinned || (findings.length === 0 && renderer.showsClean)) return true;
    if (findings.filter(quota.isShown).length > 0) return true;
    for (const { rule, severity } of findings) {
      if (severity !== "info") heldBack.set(rule, (heldBack.get(rule) ?? 0) + 1);
    }
    return false;
  }

  return {
    showsClean: renderer.showsClean,
    begin() {
      quota = createRuleLimit(screen.verbose);
    },
    add(item) {
      if (isText) text += renderer.render(item);
      else if (item.kind === "event" ? isWanted(item.findings) : item.kind !== "finding" || isWanted([item.finding])) {
        items.push(item);
      }
    },
    size: () => text.length + items.length * ITEM_BYTES,
    take() {
      const part = { text, items: items.length === 0 ? "" : JSON.stringify(items), heldBack };
      text = "";
      items = [];
      heldBack = new Map();
      return part;
    },
  };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The items of a part, each at its lines in the whole input. */
export function itemsOf({ items }: ResultPart, linesBefore: number): readonly (EventItem | FindingItem)[] {
  if (items === "") return [];
  const all: readonly (EventItem | FindingItem)[] = JSON.parse(items);
  for (const item of all) {
    (item.source as Mutable<Source>).line += linesBefore;
    for (const finding of item.kind === "event" ? item.findings : [item.finding]) {
      (finding as Mutable<LocatedFinding>).line += linesBefore;
    }
  }
  return all;
}
