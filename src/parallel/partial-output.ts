import { type FormatName, openRenderer } from "../output/formats/index.ts";
import type { OutputItem } from "../output/items.ts";
import { createRuleLimit } from "../output/limit-per-rule.ts";
import type { LocatedFinding, Source } from "../output/located-finding.ts";
import type { Screen } from "../output/terminal/screen.ts";

/** What a thread has to know of a result to make a part of it. */
export interface PartOrder {
  readonly format: FormatName;
  readonly screen: Screen;
  /** Whether the thread makes text of the items; else it hands over what they are made of, as far as it may be shown. */
  readonly isText: boolean;
}

/** A part of a result, made in a thread of what items are made of. */
export interface ResultPart<_Data> {
  readonly text: string;
  /** The data as JSON, which crosses from thread to thread sooner than objects do. */
  readonly items: string;
  /** How many findings of a rule are not among the items, since a person is shown the first of them only. */
  readonly heldBack: ReadonlyMap<string, number>;
}

/** Adds data of items in a thread; `take` hands over what has come of them since it was last asked. */
export interface PartialResult<Data> {
  readonly showsClean: boolean;
  /** Begins with other lines, of which nobody knows what was shown before. */
  begin(): void;
  add(data: Data): void;
  /** About how many bytes are ready. */
  size(): number;
  take(): ResultPart<Data>;
}

/** What stands in lines of the input. */
interface Located {
  readonly source: Source;
  readonly findings: readonly LocatedFinding[];
}

/** So many bytes an item takes, more or less. */
const ITEM_BYTES = 512;

/** Opens the part of a result that a thread makes. Data that no place is known of can only be made into text. */
export async function openPart<Data extends Located | string>(
  { format, screen, isText }: PartOrder,
  toItem: (data: Data) => OutputItem,
): Promise<PartialResult<Data>> {
  const renderer = await openRenderer(format, screen);
  let limit = createRuleLimit(screen.verbose);
  let text = "";
  let items: Data[] = [];
  let heldBack = new Map<string, number>();

  function isWanted({ findings }: Located): boolean {
    if (renderer.holdBack === undefined || (findings.length === 0 && renderer.showsClean)) return true;
    if (findings.filter(limit.isShown).length > 0) return true;
    for (const { rule, severity } of findings) {
      if (severity !== "info") heldBack.set(rule, (heldBack.get(rule) ?? 0) + 1);
    }
    return false;
  }

  return {
    showsClean: renderer.showsClean,
    begin() {
      limit = createRuleLimit(screen.verbose);
    },
    add(data) {
      if (isText) text += renderer.render(toItem(data));
      else if (typeof data !== "string" && isWanted(data)) items.push(data);
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

/** The data of a part, each at its lines in the whole input. */
export function dataOf<Data>({ items }: ResultPart<Data>, linesBefore: number): readonly Data[] {
  if (items === "") return [];
  const all: (Data & Located)[] = JSON.parse(items);
  for (const { source, findings } of all) {
    for (const each of [source, ...findings]) (each as Mutable<Source | LocatedFinding>).line += linesBefore;
  }
  return all;
}
