import type { ReadStats, Taken } from "../../findings/select-events.ts";
import type { ScanResult } from "../../input/json-record.ts";
import { pathText, placeOf } from "../../input/position.ts";
import { problemOf, rewind, type Source, type SourceError } from "../../input/sources.ts";
import type { Source as ItemSource } from "../../output/located-finding.ts";
import { type Cause, diagnoseVerdict, oddNames, toFinding } from "../../webhook/signature/diagnose/diagnose.ts";
import { checkSignature, type Success } from "../../webhook/signature/signature.ts";
import { type Capture, type CapturedRequest, capturesIn } from "./capture.ts";
import { looksRaw, rawRequestsIn } from "./raw-request.ts";
import type { CheckedRequest } from "./signature-item.ts";

/** A request that was found, and where. */
export interface FoundRequest extends Taken {
  readonly request: CapturedRequest;
  readonly source: ItemSource;
  /** It was described on the command line: its URL is the one given there. */
  readonly isByHand?: true;
}

/** What a command that reads raw requests has read of them. */
interface RawReading {
  readonly found: readonly FoundRequest[];
  /** The inputs that hold none. */
  readonly rest: readonly (Source | SourceError)[];
  /** Counts what was read. */
  addTo(tally: ReadStats): void;
}

/** What is larger is not kept whole to be read as the dump of a connection. */
const MAX_RAW_BYTES = 64 * 1024 * 1024;

const NEWLINE = 0x0a;

/** The requests in a piece of JSON; one without any is counted. Text that could not be read is left as it is. */
export function findRequests(piece: ScanResult, tally: ReadStats): readonly FoundRequest[] | undefined {
  if (piece.kind === "fault") return undefined;
  const found = piece.kind === "json" ? capturesIn(piece.document) : [];
  if (found.length === 0) tally.barren++;
  return found.map((capture) => ({
    kind: "taken",
    request: capture.request,
    get source() {
      return sourceOf(capture);
    },
  }));
}

/** Where a capture stands: what a string held is placed at that string. */
function sourceOf({ document, path }: Capture): ItemSource {
  const place = "outer" in document.at ? placeOf(document.at.outer, document.at.path) : placeOf(document, path);
  return { ...place, path: pathText(document, path) };
}

/**
 * Takes out the inputs that are requests as they go over a connection, and reads them whole; the others can be read from
 * their start as before.
 */
export async function readRawRequests(sources: readonly (Source | SourceError)[]): Promise<RawReading> {
  const found: FoundRequest[] = [];
  const rest: (Source | SourceError)[] = [];
  const read = { inputs: 0, bytes: 0, lines: 0 };
  for (const source of sources) {
    const bytes = "problem" in source ? source : await readRaw(source);
    if (!Buffer.isBuffer(bytes)) {
      rest.push(bytes);
      continue;
    }
    read.inputs++;
    read.bytes += bytes.length;
    read.lines += lineOf(bytes, bytes.length) - (bytes.at(-1) === NEWLINE ? 1 : 0);
    for (const { offset, ...request } of rawRequestsIn(bytes)) {
      const before = offset === 0 ? -1 : bytes.lastIndexOf(NEWLINE, offset - 1);
      const place = { line: lineOf(bytes, offset), column: offset - before, offset };
      found.push({
        kind: "taken",
        request: { ...request, isRebuilt: false },
        source: { input: source.name, ...place, path: "" },
      });
    }
  }
  return {
    found,
    rest,
    addTo(tally) {
      tally.inputs += read.inputs;
      tally.bytes += read.bytes;
      tally.lines += read.lines;
    },
  };
}

/** The request with what became of its signature, of whichever of the URLs it holds for, and why it does not. */
export function checkRequest(
  { request, source }: FoundRequest,
  urls: readonly string[],
  isAssumed: boolean,
  tokens: readonly string[],
): CheckedRequest {
  const verdict = checkSignature(request, urls, tokens);
  const causes = diagnoseVerdict(verdict, request, urls, tokens);
  const success = verdict.state === "ok" ? verdict : undefined;
  const signedUrl = success?.signedUrl ?? causes.map(signedIn).find((each) => each !== undefined);
  const url = success?.url ?? urls[0];
  const { line, column } = source;
  return {
    source,
    method: request.method,
    url,
    isAssumed,
    state: verdict.state === "none" ? "unverifiable" : verdict.state,
    signedUrl,
    changes: success?.changes ?? [],
    ...(success && { token: success.token, covers: success.covers }),
    bytes: request.body.length,
    notes: notesOf(request, success),
    findings: causes.map((cause) => ({ ...toFinding(cause), line, column })),
  };
}

const signedIn = (cause: Cause): string | undefined =>
  cause.rule === "signature-mismatch" && cause.data.fault === "changed" ? cause.data.signed : undefined;

function notesOf(request: CapturedRequest, success: Success | undefined): readonly string[] {
  const notes: string[] = [];
  if (success?.token === "secondary") {
    notes.push(
      "it holds with the second token; Twilio signs with the primary one, so the two were swapped or promoted",
    );
  }
  const names = success === undefined ? [] : oddNames(request);
  if (names.length > 0) notes.push(toFinding({ rule: "signature-mismatch", data: { fault: "names", names } }).message);
  if (request.isRebuilt) notes.push("the body was logged as an object, so its bytes were written again, compactly");
  return notes;
}

function lineOf(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(NEWLINE); at !== -1 && at < offset; at = bytes.indexOf(NEWLINE, at + 1)) line++;
  return line;
}

/** The bytes of a source that is a dump of requests; else the source, to be read from its start. */
async function readRaw(source: Source): Promise<Buffer | Source | SourceError> {
  const iterator = source.open()[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let size = 0;
  let isRaw = false;
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      read.push(next.value);
      size += next.value.length;
      isRaw ||= looksRaw(Buffer.concat(read));
      // Of a log that still grows no more is waited for than a first line.
      if (!isRaw && next.value.includes(NEWLINE)) break;
      if (size > MAX_RAW_BYTES) return { name: source.name, problem: "larger than 64 MiB; cut the capture into parts" };
    }
  } catch (error) {
    return { name: source.name, problem: problemOf(error) };
  }
  return isRaw ? Buffer.concat(read) : rewind(source, read, iterator);
}
