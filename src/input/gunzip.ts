import { createGunzip } from "node:zlib";
import { isGzip } from "./base64.ts";
import { encodingOf, TELLING, transcode, type WideEncoding } from "./charset.ts";

/** So much is fed at once: each byte may unpack to a thousand, and all of a step's output is held. */
const STEP = 16 * 1024;
/** A step that is damaged is searched for the damage in pieces of so many bytes. */
const PIECE = 128;
/** So much comes out at once. */
const OUTPUT = 512 * 1024;
/** So many bytes of a gzip stream are kept, to be unpacked again up to the very byte that is damaged. */
const KEPT = 16 * 1024 * 1024;

/** What stands before the bytes of an input: gzip is unpacked, UTF-16 and UTF-32 become UTF-8. */
interface Opened {
  readonly chunks: AsyncIterable<Buffer>;
  /** How the text was encoded, where it was not UTF-8. */
  readonly encoding: WideEncoding | undefined;
}

const DAMAGED = "the gzip data is damaged or cut off here; what came before it was read";

/** Gzip data that cannot be unpacked any further; the message says what was read of it. */
export class GzipError extends Error {}

/**
 * Opens the bytes as text, however they are packed: gzip, UTF-16 and UTF-32 are recognised by their first bytes. Reading
 * on throws GzipError where gzip is damaged, after what could be unpacked.
 */
export async function openText(bytes: AsyncIterable<Buffer>): Promise<Opened> {
  const { head, chunks } = await peek(bytes);
  if (isGzip(head)) return openText(gunzip(chunks));
  const encoding = encodingOf(head);
  return { chunks: encoding ? transcode(chunks, encoding) : chunks, encoding };
}

/** Whether the bytes, the first of an input, are those of a text that needs no unpacking. */
export const isPlain = (head: Buffer): boolean => !isGzip(head) && encodingOf(head) === undefined;

/** The first bytes of a stream, as many as tell what it is where it has so many, and the whole stream again. */
async function peek(bytes: AsyncIterable<Buffer>): Promise<{ head: Buffer; chunks: AsyncIterable<Buffer> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let size = 0;
  let failure: unknown;
  try {
    while (size < TELLING) {
      const next = await iterator.next();
      if (next.done) break;
      first.push(next.value);
      size += next.value.length;
    }
  } catch (error) {
    failure = error;
  }
  async function* all(): AsyncGenerator<Buffer> {
    try {
      yield* first;
      if (failure !== undefined) throw failure;
      yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(first).subarray(0, TELLING), chunks: all() };
}

/** Unpacks gzip step by step. */
async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacker = createUnpacker();
  const kept: Buffer[] = [];
  let size = 0;
  let fed = 0;
  let given = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size <= KEPT) kept.push(chunk);
    for (let from = 0; from < chunk.length && !unpacker.isOver(); from += STEP) {
      const step = chunk.subarray(from, from + STEP);
      for (const bytes of await unpacker.feed(step)) {
        given += bytes.length;
        yield bytes;
      }
      if (!unpacker.isDamaged()) fed += step.length;
    }
    if (unpacker.isDamaged()) break;
    if (unpacker.isOver()) refuse(chunk.subarray(Math.max(0, chunk.length - (size - unpacker.consumed()))));
  }
  // What the step that failed had unpacked is lost: it is done again, in smaller ones.
  if (!unpacker.isDamaged()) yield* await unpacker.finish();
  else if (size <= KEPT) yield* unpackAgain(Buffer.concat(kept), fed, given);
  else throw new GzipError(`${DAMAGED}, but for the last 16 kB`);
  if (unpacker.isDamaged()) throw new GzipError(DAMAGED);
}

/**
 * Unpacks what gzip data holds behind the first `given` bytes, up to where it is damaged: that is behind `safe`. Goes on in
 * pieces of `size` bytes, and through the one that is damaged byte by byte.
 */
async function* unpackAgain(packed: Buffer, safe: number, given: number, size = PIECE): AsyncGenerator<Buffer> {
  const unpacker = createUnpacker();
  let unpacked = 0;
  let sound = safe;
  for (let from = 0; from < packed.length && !unpacker.isOver(); ) {
    const to = from < safe ? Math.min(from + STEP, safe) : from + size;
    for (const bytes of await unpacker.feed(packed.subarray(from, to))) {
      const known = Math.min(Math.max(0, given - unpacked), bytes.length);
      unpacked += bytes.length;
      yield bytes.subarray(known);
    }
    if (to > safe && !unpacker.isDamaged()) sound = to;
    from = to;
  }
  if (size > 1) yield* unpackAgain(packed, sound, unpacked, 1);
}

/** Zeros may pad gzip data; anything else behind them would be passed over in silence. */
function refuse(rest: Buffer): void {
  if (rest.some((byte) => byte !== 0)) throw new GzipError(DAMAGED);
}

interface Unpacker {
  /** Takes a step's bytes; resolves with what it has unpacked, which is nothing where the step is damaged. */
  feed(step: Buffer): Promise<readonly Buffer[]>;
  /** Ends the data: what is cut off is damaged. */
  finish(): Promise<readonly Buffer[]>;
  /** Whether it takes no more bytes: the data ended, or is damaged. */
  isOver(): boolean;
  isDamaged(): boolean;
  /** How many bytes belonged to the data. */
  consumed(): number;
}

function createUnpacker(): Unpacker {
  const unzip = createGunzip({ chunkSize: OUTPUT });
  const output: Buffer[] = [];
  let isDamaged = false;
  let isOver = false;
  let goOn = (): void => undefined;
  // Of what was being written at an error, or when zeros behind the data ended it, nobody calls back.
  function end(): void {
    isOver = true;
    goOn();
  }
  unzip.on("data", (bytes: Buffer) => output.push(bytes)).on("end", end);
  unzip.on("error", () => {
    isDamaged = true;
    end();
  });
  const until = async (act: (done: () => void) => void): Promise<readonly Buffer[]> => {
    await new Promise<void>((resolve) => {
      goOn = resolve;
      act(resolve);
    });
    return output.splice(0);
  };
  return {
    feed: (step) => until((done) => unzip.write(step, () => done())),
    finish: () => (isOver ? Promise.resolve([]) : until(() => unzip.end())),
    isOver: () => isOver,
    isDamaged: () => isDamaged,
    consumed: () => unzip.bytesWritten,
  };
}
