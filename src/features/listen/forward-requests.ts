import { setTimeout as pause } from "node:timers/promises";
import {
  createForwarder,
  type Forwarder,
  type ForwardNews,
  type ForwardResult,
} from "../../webhook/forward/forwarder.ts";
import { createSender } from "../../webhook/sender.ts";
import { resolveTarget } from "../../webhook/target.ts";
import { callSidsIn } from "../../webhook/webhook-request.ts";
import type { Display } from "./display.ts";
import type { ForwardedRequest } from "./received-item.ts";
import type { RecordFile } from "./record-requests.ts";

interface ForwardingOptions {
  readonly forwardTo?: string | undefined;
  readonly forwardAnywhere?: true | undefined;
  readonly publicUrl?: URL | undefined;
}

/** Requests that are handed on to the user's app. */
export interface Forwarding {
  /** The target, its credentials masked. */
  readonly target: string;
  /** How the target was found to be at the start, in words that follow its name. */
  readonly health: string;
  /** Where in the record it began, in words. */
  readonly start: string;
  readonly counts: Readonly<Record<ForwardResult["verdict"], number>>;
  /** Whether there is something in the record that was not handed on yet. */
  isBehind(): boolean;
  /** Hands on what is left, for so long at the most. */
  stop(drainMs: number): Promise<void>;
}

/** So many requests are on their way at once; a kill repeats no more than these. */
const CONCURRENCY = 8;

const LOOK_EVERY_MS = 10;

/** Starts to hand on what the record holds, where the options ask for it. */
export async function openForwarding(
  { forwardTo, forwardAnywhere, publicUrl }: ForwardingOptions,
  { journal, isTemporary }: RecordFile,
  display: Display,
  now: () => number,
): Promise<Forwarding | undefined> {
  if (forwardTo === undefined || journal === undefined) return undefined;
  const target = await resolveTarget(forwardTo, {
    option: "--forward-to",
    unlock: "--forward-anywhere",
    anywhere: forwardAnywhere,
  });
  const sender = createSender({ target, concurrency: CONCURRENCY });
  const health = await sender.probe();
  const counts: Record<ForwardResult["verdict"], number> = { delivered: 0, failing: 0, "given up": 0, unreadable: 0 };

  function onResult(forwarded: ForwardResult): void {
    counts[forwarded.verdict]++;
    const item = itemOf(forwarded, now());
    if (item !== undefined) display.forwarded(item);
  }

  const forwarder = await createForwarder({
    journal,
    cursorPath: `${journal.path}.cursor`,
    target: target.shown,
    sender,
    from: "cursor",
    concurrency: CONCURRENCY,
    ...(publicUrl !== undefined && { publicUrl }),
    onResult,
    onNews: (news) => display.report(wordsOf(news, target.shown)),
  });
  const isBehind = (): boolean => forwarder.progress().offset < journal.size;
  return {
    target: target.shown,
    health: "problem" in health ? health.words : "takes connections",
    start: isTemporary ? "" : starts[forwarder.state],
    counts,
    isBehind,
    async stop(drainMs) {
      const end = performance.now() + drainMs;
      const left = (): number => Math.max(0, end - performance.now());
      // What came just now is handed on, unless nobody takes it.
      while (isBehind() && !forwarder.progress().isDown && left() > 0) await pause(LOOK_EVERY_MS);
      await forwarder.stop({ drainMs: left() });
      sender.close();
    },
  };
}

/** What is shown of a request that was handed on; undefined where the line could not be read. */
export function itemOf({ verdict, request, outcome, tries }: ForwardResult, at: number): ForwardedRequest | undefined {
  if (request === undefined || outcome === undefined) return undefined;
  const [sid] = callSidsIn(request.body);
  const again = tries > 1 ? ` (try ${tries}${verdict === "given up" ? ", given up; it is in the record" : ""})` : "";
  const what = `${request.method} ${request.url}${sid === undefined ? "" : ` ${sid}`}${again}`;
  if ("problem" in outcome) return { at, what, ms: outcome.ms, problem: outcome.words };
  const { status, ms, head } = outcome;
  return { at, what, ms, status, ...(verdict !== "delivered" && { head }) };
}

/** What is said of the target when it goes, comes back, or where handing on is in trouble. */
export function wordsOf(news: ForwardNews, target: string): string {
  if (news.kind === "trouble") return news.words;
  if (news.kind === "up") return `${target} answers again`;
  return `${target} ${news.problem.words}; what comes is kept and handed on later`;
}

const starts: Readonly<Record<Forwarder["state"], string>> = {
  continued: "from where the last run ended",
  new: "what comes from now on",
  "other target": "what comes from now on (the last run had another target)",
  "other record": "what comes from now on (the record is another file now)",
};
