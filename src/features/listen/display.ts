import type { Result } from "../../cli/output.ts";
import { OutputError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { grouped } from "../../output/count-text.ts";
import { escapeText, maskPasswords, safe } from "../../output/escape.ts";
import type { Redactor } from "../../redact/redactor.ts";
import { mediaTypeOf } from "../../webhook/webhook-request.ts";
import type { Outcome, ReceivedRequest } from "./handle-request.ts";
import type { ReceivedEvents } from "./received-events.ts";
import { type ForwardedRequest, forwardedItem } from "./received-item.ts";

interface DeskOptions {
  readonly io: Pick<Io, "stderr">;
  readonly result: Pick<Result, "add" | "flush">;
  /** Whether what cannot be shown in time is on disk. */
  readonly isRecorded: boolean;
  /** The number of the record's next line. */
  readonly firstLine: number;
  readonly maxEvents: number | undefined;
  judge(arrival: ReceivedRequest, line: number): { readonly judged: readonly ReceivedEvents[]; readonly found: number };
  /** Hears of each event that is shown. */
  take(judged: ReceivedEvents): void;
  /** Called once a second and after events have come. */
  sweep(): void;
  /** Takes people out of what is said; absent where they are shown. */
  readonly redactor?: Redactor | undefined;
}

/** What came, by what became of it. */
export type ListenStats = Readonly<Record<Outcome, number>> & { readonly unshown: number; readonly barren: number };

/** Where arrivals are shown in their order, as fast as the reader takes them; nobody who sends waits for that. */
export interface Display {
  /** False when there is no room and nothing else keeps the arrival. */
  show(arrival: ReceivedRequest): boolean;
  forwarded(item: ForwardedRequest): void;
  /** Says something on stderr; what repeats fast is counted. */
  say(text: string): void;
  readonly takings: ListenStats;
  /** Resolves when so many events have come as were asked for; rejects when the result cannot be written. */
  readonly ended: Promise<void>;
  /** Shows all that is left and resolves then. */
  close(): Promise<void>;
}

/** So many arrivals wait to be shown. */
const MAX_WAITING = 10_000;

/** So many are judged before others get their turn: judging must not keep senders waiting. */
const AT_ONCE = 16;

/** So many notices are written a second. */
const MAX_NOTICES = 10;

const TICK_MS = 1000;

export function createDisplay(options: DeskOptions): Display {
  const { io, result, isRecorded, firstLine, maxEvents, judge, take, sweep, redactor } = options;
  const waiting: (ReceivedRequest | ForwardedRequest)[] = [];
  const takings = { taken: 0, again: 0, rejected: 0, lost: 0, unshown: 0, barren: 0 };
  let line = firstLine;
  let events = 0;
  let notices = 0;
  let held = 0;
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
      takings.unshown++;
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
    for (const item of waiting.splice(0, AT_ONCE)) {
      if ("outcome" in item) showArrival(item);
      else if (!isMuted && !isFull) result.add(forwardedItem(item));
    }
    sweep();
    await flush();
    turn = waiting.length > 0 ? nextTurn() : undefined;
  }

  function showArrival(arrival: ReceivedRequest): void {
    const { outcome } = arrival;
    const own = line;
    if (outcome === "taken") line++;
    if (outcome === "rejected" || outcome === "lost") return say(turnedAway(arrival, redactor));
    const { judged, found } = judge(arrival, own);
    if (found === 0) {
      takings.barren++;
      say(`no event in ${describe(arrival, redactor)}`);
    }
    for (const each of judged) {
      if (isFull) return;
      events++;
      take(each);
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

  function say(text: string): void {
    if (notices++ < MAX_NOTICES) void write(text);
    else held++;
  }

  const write = (text: string): Promise<void> =>
    io.stderr
      .write(safe`twilio-events: ${escapeText(maskPasswords(redactor?.prose(text) ?? text))}\n`)
      .catch(() => undefined);

  const timer = setInterval(() => {
    notices = 0;
    if (held > 0) void write(`and ${grouped(held)} more of such notices`);
    held = 0;
    turn ??= nextTurn();
  }, TICK_MS);

  return {
    show(arrival) {
      const isKept = push(arrival);
      if (isKept) takings[arrival.outcome]++;
      return isKept;
    },
    forwarded: (item) => void push(item),
    say,
    takings,
    ended,
    async close() {
      clearInterval(timer);
      while (turn !== undefined) await turn;
      if (held > 0) await write(`and ${grouped(held)} more of such notices`);
    },
  };
}

const turnedAway = (arrival: ReceivedRequest, redactor: Redactor | undefined): string =>
  `answered ${arrival.answer} to ${describe(arrival, redactor)}: ${arrival.reason ?? ""}`;

function describe(
  { request: { method, url, headers, body } }: ReceivedRequest,
  redactor: Redactor | undefined,
): string {
  const type = mediaTypeOf(headers) ?? "no content type";
  const shown = type.includes("/") ? (redactor?.byKind(type, "media") ?? type) : type;
  return `${method} ${url} (${shown}, ${grouped(body.length)} bytes)`;
}
