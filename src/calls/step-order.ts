import type { Family, Row } from "./store/row.ts";

/** The events that report one step, the one that tells most first: the current type, the deprecated one, the callback itself. */
export type Reports = readonly [Row, ...Row[]];

const familyRank: Readonly<Record<Family, number>> = { current: 0, deprecated: 1, "call-event": 2, callback: 3 };

/**
 * The rows in the order in which they happened: by time, at the same time by SequenceNumber, else as calls go. Rows
 * without a time stand behind the last that must have been before them. No order of arrival changes the result.
 */
export function inOrder(rows: readonly Row[]): readonly Row[] {
  if (isAscending(rows)) return rows;
  const dated = rows
    .filter(({ at }) => at !== undefined)
    .sort((one, other) => timeOf(one) - timeOf(other) || byLife(one, other));
  sortTies(dated);
  const undated = rows
    .filter(({ at }) => at === undefined)
    .sort((one, other) => bySequence(one, other) || byLife(one, other));
  if (undated.length === 0) return dated;
  const placed = undated.map((row) => ({ row, behind: dated.findLastIndex((each) => isBefore(each, row)) }));
  placed.sort((one, other) => one.behind - other.behind);
  const ordered: Row[] = [];
  let next = 0;
  for (let index = -1; index < dated.length; index++) {
    const row = dated[index];
    if (row !== undefined) ordered.push(row);
    for (let one = placed[next]; one !== undefined && one.behind === index; one = placed[++next]) ordered.push(one.row);
  }
  return ordered;
}

/** Whether each row is later than the one before it, as in most inputs. */
function isAscending(rows: readonly Row[]): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of rows) {
    if (at === undefined || at <= last) return false;
    last = at;
  }
  return true;
}

/** The steps, in order: what a second subscription or a callback beside the event tells again is one step. */
export function inSteps(rows: readonly Row[]): readonly Reports[] {
  const steps: [Row, ...Row[]][] = [];
  const open = new Map<string, [Row, ...Row[]][]>();
  for (const row of rows) {
    const { stage, status, family } = row.common;
    const alike = stage === undefined ? [] : (open.get(`${stage} ${status}`) ?? []);
    const step = alike.find((each) => each.every((one) => one.common.family !== family && isSameNumber(one, row)));
    if (step !== undefined) {
      step.push(row);
      continue;
    }
    const fresh: [Row] = [row];
    steps.push(fresh);
    // A stage repeats now and then; who looks for its like among hundreds looks for trouble.
    if (stage !== undefined && alike.length < 64) open.set(`${stage} ${status}`, [...alike, fresh]);
  }
  for (const step of steps) if (step.length > 1) step.sort(byFamily);
  return steps;
}

function byFamily(one: Row, other: Row): number {
  return familyRank[one.common.family] - familyRank[other.common.family];
}

function isSameNumber(one: Row, other: Row): boolean {
  return one.sequence === undefined || other.sequence === undefined || one.sequence === other.sequence;
}

const timeOf = ({ at }: Row): number => at ?? Number.NaN;

/** At the same time, rows with a SequenceNumber keep their places among the others and follow it. */
function sortTies(rows: Row[]): void {
  for (let start = 0; start < rows.length; ) {
    let end = start + 1;
    while (end < rows.length && rows[end]?.at === rows[start]?.at) end++;
    if (end - start > 1) {
      const places: number[] = [];
      for (let index = start; index < end; index++) if (rows[index]?.sequence !== undefined) places.push(index);
      const numbered = places.map((index) => rows[index] as Row).sort(bySequence);
      for (const [index, row] of numbered.entries()) rows[places[index] as number] = row;
    }
    start = end;
  }
}

function bySequence(one: Row, other: Row): number {
  return (one.sequence ?? 1e9) - (other.sequence ?? 1e9);
}

function isBefore(one: Row, other: Row): boolean {
  if (one.sequence !== undefined && other.sequence !== undefined) return one.sequence < other.sequence;
  return lifeOf(one) <= lifeOf(other);
}

/** As calls go; what goes alike is put in an order that depends on nothing but the events. */
function byLife(one: Row, other: Row): number {
  return (
    lifeOf(one) - lifeOf(other) ||
    byFamily(one, other) ||
    byText(one.common.type, other.common.type) ||
    byText(one.id, other.id) ||
    byText(one.common.status, other.common.status) ||
    byText(one.url, other.url)
  );
}

const life = ["initiated", "ringing", "answered", "", "completed"] as const;

function lifeOf({ common: { stage, type } }: Row): number {
  if (stage !== undefined) return life.indexOf(stage);
  if (type === undefined) return 3;
  if (type.startsWith("com.twilio.voice.api-request.") && type.endsWith(".created")) return -1;
  return type.endsWith(".processed") || type.startsWith("com.twilio.voice.insights.") ? 5 : 3;
}

/** The order of two texts by their characters; what is absent counts as empty. */
export function byText(one = "", other = ""): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
