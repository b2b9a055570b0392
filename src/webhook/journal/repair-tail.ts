import { toRecordLine } from "../webhook-request.ts";
import { type OpenFile, readPart, writeAll } from "./journal-files.ts";
import { chunksBackwards, MAX_LINE_BYTES, parseRecordLine } from "./record-lines.ts";

const NEWLINE = 0x0a;

/** So much of a file is looked at to tell whether it is a record. */
const HEAD_BYTES = 256 * 1024;

/** How every line of a record begins. */
const RECORD_START = Buffer.from('{"v":1,"receivedAt":"');

/** A piece of a torn tail, as it is kept: small enough that each is a record by itself for every reader. */
const MAX_PIECE_BYTES = 1024 * 1024;

/**
 * Whether a file is a record of ours, by its first line: that is one, or at least begins as each does, since a crash may
 * have cut it off. A crash may also leave NULs where its bytes were to be.
 */
export async function isRecord(file: OpenFile, size: number): Promise<boolean> {
  const head = await readPart(file, 0, Math.min(size, HEAD_BYTES));
  const start = head.subarray(0, RECORD_START.length);
  if (start.equals(RECORD_START)) return true;
  const newline = head.indexOf(NEWLINE);
  if (newline >= 0) return parseRecordLine(head.subarray(0, newline)) !== undefined;
  return isRecordStart(start.subarray(0, await paddingStart(file, head.length)));
}

/** Whether the bytes are the beginning of the beginning of a record, which is the same in all and tells nothing. */
const isRecordStart = (bytes: Buffer): boolean => RECORD_START.subarray(0, bytes.length).equals(bytes);

/**
 * Ends the last line of a file with a newline, so that the next one stands alone. What is no data is cut off instead: NULs,
 * which a crash leaves, and what is the same in every line. Returns the size the file has then.
 */
export async function endLine(file: OpenFile, size: number): Promise<number> {
  const end = await paddingStart(file, size);
  const last = await readPart(file, Math.max(0, end - RECORD_START.length), end);
  const line = last.subarray(last.lastIndexOf(NEWLINE) + 1);
  // So short it is the whole of the last line; of a longer one it is the end.
  const tellsNothing = line.length < RECORD_START.length && isRecordStart(line);
  const kept = tellsNothing ? end - line.length : end;
  if (kept < size) await file.truncate(kept);
  if (tellsNothing) return kept;
  await writeAll(file, Buffer.of(NEWLINE));
  return end + 1;
}

/**
 * Makes a record whole again after a crash: where its last line is cut off, that is handed to `keep`, as lines of a
 * record, and cut from the file once they are kept; a last line that only lacks its newline gets it. Returns the size the
 * file has then. Memory stays bounded, whatever the size.
 */
export async function repairTail(
  file: OpenFile,
  size: number,
  now: number,
  keep: (line: Buffer) => Promise<unknown>,
): Promise<number> {
  const end = await paddingStart(file, size);
  const start = await lineStart(file, end);
  const isWhole = end - start <= MAX_LINE_BYTES && parseRecordLine(await readPart(file, start, end)) !== undefined;
  if (start === end || isWhole) return endLine(file, size);
  for (let from = start; from < end; from += MAX_PIECE_BYTES) {
    await keep(
      tornLine(await readPart(file, from, Math.min(from + MAX_PIECE_BYTES, end)), from - start, end - start, now),
    );
  }
  await file.truncate(start);
  return start;
}

/** A piece of a torn line as a record: of no method and no URL, its body the bytes as they stood in the file. */
function tornLine(piece: Buffer, at: number, length: number, now: number): Buffer {
  const rejected = piece.length === length ? "torn tail" : `torn tail, from byte ${at} of ${length}`;
  return toRecordLine({ receivedAt: now, method: "", url: "", headers: {}, signature: "none", rejected, body: piece });
}

/** Where the NULs at the end of a file begin: its size if there are none. */
async function paddingStart(file: OpenFile, size: number): Promise<number> {
  for await (const { bytes, from } of chunksBackwards(file, size)) {
    const last = bytes.findLastIndex((byte) => byte !== 0);
    if (last >= 0) return from + last + 1;
  }
  return 0;
}

/** Where the last line begins of those before `end`: at `end` if a newline stands there. */
async function lineStart(file: OpenFile, end: number): Promise<number> {
  for await (const { bytes, from } of chunksBackwards(file, end)) {
    const newline = bytes.lastIndexOf(NEWLINE);
    if (newline >= 0) return from + newline + 1;
  }
  return 0;
}
