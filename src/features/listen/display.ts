import type { Result } from "../../cli/output.ts";
import { OutputError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { grouped } from "../../output/count-text.ts";
import { escapeText, maskPasswords, safe } from "../../output/escape.ts";
import type { Redactor } from "../../redact/redactor.ts";
import { mediaTypeOf } from "../../webhook/webhook-request.ts";
import type { ReceivedRequest, RequestOutcome } from "./handle-request.ts";
import type { ReceivedEvents } from "./received-events.ts";
import { type ForwardedRequest, forwardedItem } from "./received-item.ts";
import type { RecordFile } from "./record-requests.ts";

/** What came, by what became of it. */
export type ListenStats = Readonly<Record<RequestOutcome, number>> & {
  readonly unshown: number;
  readonly barren: number;
};

/** Where arrivals are shown in their order, as fast as the reader takes them; nobody who sends waits for that. */
export interface Display {
  /** False when there is no room and nothing else keeps the arrival. */
  show(request: ReceivedRequest): boolean;
  forwarded(item: ForwardedRequest): void;
  /** Writes a notice to stderr; what repeats fast is counted. */
  report(text: string): void;
  readonly stats: ListenStats;
  /** Resolves when so many events have come as were asked for; rejects when the result cannot be written. */
  readonly ended: Promise<void>;
  /** Shows all that is left and resolves then. */
  close(): Promise<void>;
}

/** So many arrivals wait to be shown. */
const MAX_WAITING = 10_000;

/** So many are judged before others get their turn: judging must not keep senders waiting. */
const MAX_AT_ONCE = 16;

/** So many notices are written a second. */
const MAX_NOTICES = 10;

const TICK_MS = 1000;

export function createDisplay(
  io: Pick<Io, "stderr">,
  result: Pick<Result, "add" | "flush" | "redactor">,
  record: Pick<RecordFile, "name" | "lines">,
  received: Pick<ReceivedEvents, "find" | "add" | "sweep">,
  maxEvents?: number,
): Display {
  const { redactor } = result;
  // What cannot be shown in time is on disk then.
  const isRecorded = record.name !== undefined;
  const waiting: (ReceivedRequest | ForwardedRequest)[] = [];
  const stats = { taken: 0, again: 0, rejected: 0, lost: 0, unshown: 0, barren: 0 };
  /** The number of the record's next line. */
  let line = record.lines + 1;
  let events = 0;
  let notices = 0;
  let unreported = 0;
  let isMuted = false;
  let isFull = false;
  let fail!: (error: unknown) => void;
  let finish!: () => void;
  const ended = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  ended.catch(() => undefined);
  let turn: Promise<void> | undefined;

  function push(item: ReceivedRequest | ForwardedRequest): boolean {
    if (waiting.length >= MAX_WAITING) {
      if (!isRecorded) return false;
      stats.unshown++;
      if ("outcome" in item && item.outcome === "taken") line++;
      return true;
    }
    waiting.push(item);
    turn ??= nextTurn();
    return true;
  }

  const nextTurn = (): Promise<void> =>
    new Promise<void>((resolve) => setImmediate(resolve)).then(showSome).catch((error: unknown) => {
      waiting.length = 0;
      turn = undefined;
      fail(error);
    });

  async function showSome(): Promise<void> {
    for (const item of waiting.splice(0, MAX_AT_ONCE)) {
      if ("outcome" in item) showRequest(item);
      else if (!isMuted && !isFull) result.add(forwardedItem(item));
    }
    received.sweep();
    await flush();
    turn = waiting.length > 0 ? nextTurn() : undefined;
  }

  function showRequest(request: ReceivedRequest): void {
    const { outcome } = request;
    const own = line;
    if (outcome === "taken") line++;
    if (outcome === "rejected" || outcome === "lost") {
      return report(`answered ${request.answer} to ${describe(request, redactor)}: ${request.reason ?? ""}`);
    }
    const { events: found, count } = received.find(request, own);
    if (count === 0) {
      stats.barren++;
      report(`no event in ${describe(request, redactor)}`);
    }
    for (const each of found) {
      if (isFull) return;
      events++;
      received.add(each);
      if (!isMuted) result.add(each.item);
      if (events === maxEvents) {
        isFull = true;
        finish();
      }
    }
  }

  async function flush(): Promise<void> {
    try {
      await result.flush();
    } catch (error) {
      // Whoever looked on has gone; what comes is recorded all the same.
      if (!(error instanceof OutputError && error.closed && isRecorded)) throw error;
      isMuted = true;
    }
  }

  function report(text: string): void {
    if (notices++ < MAX_NOTICES) void write(text);
    else unreported++;
  }

  const write = (text: string): Promise<void> =>
    io.stderr
      .write(safe`twilio-events: ${escapeText(maskPasswords(redactor?.prose(text) ?? text))}\n`)
      .catch(() => undefined);

  async function writeUnreported(): Promise<void> {
    if (unreported === 0) return;
    const more = grouped(unreported);
    unreported = 0;
    await write(`and ${more} more of such notices`);
  }

  const timer = setInterval(() => {
    notices = 0;
    void writeUnreported();
    turn ??= nextTurn();
  }, TICK_MS);

  return {
    show(request) {
      const isKept = push(request);
      if (isKept) stats[request.outcome]++;
      return isKept;
    },
    forwarded: (item) => void push(item),
    report,
    stats,
    ended,
    async close() {
      clearInterval(timer);
      while (turn !== undefined) await turn;
      await writeUnreported();
    },
  };
}

function describe(
  { request: { method, url, headers, body } }: ReceivedRequest,
  redactor: Redactor | undefined,
): string {
  const type = mediaTypeOf(headers) ?? "no content type";
  const shown = type.includes("/") ? (redactor?.byKind(type, "media") ?? type) : type;
  return `${method} ${url} (${shown}, ${grouped(body.length)} bytes)`;
}
