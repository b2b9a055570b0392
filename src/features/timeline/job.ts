import { createNamedCalls, type NamedCalls } from "../../calls/call-filter.ts";
import type { Calls } from "../../calls/calls.ts";
import { parentSidOf } from "../../calls/store/event-facts.ts";
import { createRowPacker, type PackedCalls } from "../../calls/store/packed-rows.ts";
import { type FoundEvent, noFilter, sourceOf } from "../../findings/select-events.ts";
import type { ParseError } from "../../input/json-record.ts";
import type { Job } from "../../parallel/protocol.ts";

/** Hands the events of calls to `add`, those of the named one and its legs; `onStray` is told of one that names no call. */
export function createAdding(
  naming: NamedCalls | undefined,
  add: (...event: Parameters<Calls["add"]>) => void,
  onStray: () => void,
): (item: FoundEvent | ParseError) => void {
  return (item) => {
    if (item.kind !== "event") return;
    const { event, found } = item;
    if (event.callSid === undefined) onStray();
    else if (naming === undefined || naming.has(event.callSid, parentSidOf(event))) add(event, sourceOf(found));
  };
}

/** What a thread needs to read calls: the name of the one that is asked for, as the user gave it. */
export interface TimelineJobOptions {
  readonly call: string | undefined;
}

/** What it makes of that: `legs` are all that are known of the named call. */
export interface TimelineJobResult {
  readonly calls: PackedCalls;
  readonly stray: number;
  readonly legs: readonly string[];
}

/** `timeline` in a thread: calls are put together, and judged, where all their events are. */
export async function createTimelineJob({ call }: TimelineJobOptions): Promise<Job> {
  const packer = createRowPacker();
  let naming: NamedCalls | undefined;
  let stray = 0;
  return {
    begin(known) {
      naming = call === undefined ? undefined : createNamedCalls(call);
      naming?.addLegs(known);
      return {
        filter: { ...noFilter, names: naming?.texts },
        visit: createAdding(naming, packer.add, () => {
          stray++;
        }),
      };
    },
    size: packer.size,
    take() {
      const calls = packer.take();
      const result: TimelineJobResult = { calls, stray, legs: naming?.legs() ?? [] };
      stray = 0;
      const { records, parties } = calls.rows;
      const transferred = [records, parties, calls.sids].flatMap(({ ints, floats }) => [ints.buffer, floats.buffer]);
      return { result, transferred };
    },
  };
}
