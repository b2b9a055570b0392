import { hash, randomBytes } from "node:crypto";
import { type Files, readFrom, systemFiles } from "../../webhook/journal/journal-files.ts";
import { linesBackwards, parseRecordLine } from "../../webhook/journal/record-lines.ts";
import { deliveryIds, type RecordedRequest } from "../../webhook/webhook-request.ts";

/** The ids of what was delivered lately: at most so many, and only within the window. */
export interface RecentIds {
  /** How far back ids count, in milliseconds. */
  readonly windowMs: number;
  /** Whether the id was added within the window before `now` (epoch milliseconds), and is not too many ids ago. */
  has(id: string, now: number): boolean;
  /** Adds an id; one that counts already keeps its time. */
  add(id: string, now: number): void;
  /** Adds an id that is older than all that are known, unless it is known. Returns false when there is no room for older ones. */
  addOlder(id: string, time: number): boolean;
}

const HOUR_MS = 60 * 60 * 1000;

/** Twilio repeats a delivery for up to four hours (Event Streams, "Event delivery and duplication"). */
const DEFAULT_WINDOW_MS = 4 * HOUR_MS;

/**
 * A set of ids that forgets the oldest, 32 bytes an id, and resident only as far as it is filled. Ids are kept as 128 bits of a
 * salted SHA-256, so that no two are taken for one, not even if someone tries.
 */
export function createRecentIds({
  capacity = 1_000_000,
  windowMs = DEFAULT_WINDOW_MS,
}: {
  readonly capacity?: number;
  readonly windowMs?: number;
} = {}): RecentIds {
  const salt = randomBytes(16).toString("latin1");
  /** A ring in order of time: four words of hash, and the time. */
  const words = new Uint32Array(capacity * 4);
  const times = new Float64Array(capacity);
  let oldest = 0;
  let size = 0;
  /** Open addressing, at most half full: the place in the ring, counted from 1; 0 is free. */
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2)));
  const mask = slots.length - 1;
  const wanted = new Uint32Array(4);

  function load(id: string): void {
    const bytes = hash("sha256", salt + id, "buffer");
    for (let word = 0; word < 4; word += 1) wanted[word] = bytes.readUInt32LE(word * 4);
  }

  /** The slot of the hash in `wanted`, or the free one where it belongs. */
  function find(): number {
    let slot = at(wanted, 0) & mask;
    for (let place = at(slots, slot); place !== 0; place = at(slots, slot)) {
      const from = (place - 1) * 4;
      if (
        words[from] === wanted[0] &&
        words[from + 1] === wanted[1] &&
        words[from + 2] === wanted[2] &&
        words[from + 3] === wanted[3]
      ) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function isCounting(slot: number, now: number): boolean {
    const place = at(slots, slot);
    return place !== 0 && now - at(times, place - 1) <= windowMs;
  }

  function put(place: number, time: number): void {
    words.set(wanted, place * 4);
    times[place] = time;
    slots[find()] = place + 1;
    size += 1;
  }

  function dropOldest(): void {
    wanted.set(words.subarray(oldest * 4, oldest * 4 + 4));
    const slot = find();
    // One that was added again after its window stands at its later place.
    if (slots[slot] === oldest + 1) free(slot);
    oldest = (oldest + 1) % capacity;
    size -= 1;
  }

  /** Frees a slot and moves up those behind it that could not be where they belong, so that `find` still meets them. */
  function free(slot: number): void {
    let gap = slot;
    for (let next = (slot + 1) & mask; slots[next] !== 0; next = (next + 1) & mask) {
      const home = at(words, (at(slots, next) - 1) * 4) & mask;
      if (((next - home) & mask) < ((next - gap) & mask)) continue;
      slots[gap] = at(slots, next);
      gap = next;
    }
    slots[gap] = 0;
  }

  return {
    windowMs,
    has(id, now) {
      load(id);
      return isCounting(find(), now);
    },
    add(id, now) {
      load(id);
      if (isCounting(find(), now)) return;
      if (size === capacity) {
        dropOldest();
        load(id);
      }
      put((oldest + size) % capacity, now);
    },
    addOlder(id, time) {
      if (size === capacity) return false;
      load(id);
      if (slots[find()] !== 0) return true;
      oldest = (oldest + capacity - 1) % capacity;
      put(oldest, time);
      return true;
    },
  };
}

/** An entry of a typed array whose index is known to be in it. */
const at = (array: Uint32Array | Int32Array | Float64Array, index: number): number => array[index] as number;

/** Requests are recorded in about the order they came: one that took its time stands behind later ones. */
const MAX_DISORDER_MS = 60_000;

/**
 * Fills in the ids of a record's requests, from its end backwards, as far as they can still count. `counts` tells which
 * requests do: who guesses an id and sends it unsigned must not make the true event pass for a second delivery.
 * Memory does not grow with the record.
 */
export async function fillRecentIds(
  recentIds: RecentIds,
  path: string,
  now: number,
  counts: (request: RecordedRequest) => boolean,
  files: Files = systemFiles,
): Promise<void> {
  await readFrom(files, path, async (file) => {
    const { size } = await file.stat();
    for await (const line of linesBackwards(file, size)) {
      const request = parseRecordLine(line);
      if (request === undefined) continue;
      const age = now - request.receivedAt;
      if (age > recentIds.windowMs + MAX_DISORDER_MS) return;
      if (age > recentIds.windowMs || !counts(request)) continue;
      for (const id of deliveryIds(request)) if (!recentIds.addOlder(id, request.receivedAt)) return;
    }
  });
}
