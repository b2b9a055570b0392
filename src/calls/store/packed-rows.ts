import type { TwilioEvent } from "../../events/event.ts";
import { createColumns, type Records } from "./columns.ts";
import { createTexts } from "./intern.ts";
import type { StepPosition } from "./row.ts";
import { createRows, type PackedRows } from "./rows.ts";
import { createSids, SID_INTS } from "./sids.ts";

/** What is known of events, in their order, and the SIDs of their calls. */
export interface PackedCalls {
  readonly rows: PackedRows;
  readonly sids: Records;
}

/** Packs in a thread what is to be known of events; the calls are put together elsewhere. */
export interface RowPacker {
  /** Takes an event of a call in. */
  add(event: TwilioEvent, source: StepPosition): void;
  /** About how many bytes are ready. */
  size(): number;
  /** What was packed since it was last asked. */
  take(): PackedCalls;
}

/** What a row and its share of the rest take. */
const ROW_BYTES = 128;

/** See `Packer`. */
export function createRowPacker(): RowPacker {
  let pack = createPack();
  return {
    add: (event, source) => pack.add(event, source),
    size: () => pack.count() * ROW_BYTES,
    take() {
      const packed = pack.take();
      pack = createPack();
      return packed;
    },
  };
}

function createPack() {
  const texts = createTexts();
  const rows = createRows(texts);
  const slab = createColumns({ ints: SID_INTS, floats: 0 });
  const sids = createSids(slab, 0, texts);
  let last: number | undefined;
  return {
    count: () => slab.end,
    add(event: TwilioEvent, source: StepPosition): void {
      if (event.callSid === undefined || event.callSid === "") return;
      const record = slab.allocate();
      sids.load(event.callSid);
      sids.store(record);
      last = rows.keep(event, source, last);
    },
    take: (): PackedCalls => ({ rows: rows.pack(), sids: slab.copy() }),
  };
}
