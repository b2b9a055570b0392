import { readTokens } from "../../cli/auth-tokens.ts";
import { toFilter } from "../../cli/filters.ts";
import { openResult, type Result } from "../../cli/output.ts";
import { createProgress } from "../../cli/progress.ts";
import { createRandom, type Random } from "../../cli/random.ts";
import { startReading } from "../../cli/read-events.ts";
import { ExitCode, UsageError } from "../../errors.ts";
import type { Source, SourceError } from "../../input/sources.ts";
import type { Io } from "../../io.ts";
import { grouped } from "../../output/count-text.ts";
import { escapeText, safe } from "../../output/escape.ts";
import { formatDuration } from "../../output/format-duration.ts";
import { toReplayedRequest } from "../../webhook/outgoing-request.ts";
import { createRecordFinder } from "../../webhook/record-reader.ts";
import { createSender } from "../../webhook/sender.ts";
import { resolveTarget, type Target } from "../../webhook/target.ts";
import { type Delivery, toDeliveries } from "./deliveries.ts";
import { planDeliveries, runPlan, type Step } from "./plan.ts";
import { deliveryItem, replayItem } from "./replay-items.ts";
import type { ReplayOptions } from "./replay-options.ts";
import { createReplayStats, type ReplayCounts, type ReplayStats } from "./stats.ts";

/** What is under way at an interrupt is waited for so many milliseconds. */
const DRAIN_MS = 1000;

/** How often the progress is looked at while nothing comes. */
const TICK_MS = 200;

/** A wait of so many milliseconds is told. */
const LONG_WAIT_MS = 2000;

const UNSIGNED = "the requests go without X-Twilio-Signature; to sign them, set TWILIO_AUTH_TOKEN or --auth-token-file";

/** Sends what the inputs hold to the target, or tells what would be sent; prints how it went and returns the exit code. */
export async function replay(
  io: Io,
  sources: readonly (Source | SourceError)[],
  options: ReplayOptions,
): Promise<ExitCode> {
  const isDryRun = options.dryRun === true;
  if (options.redact && !isDryRun) {
    throw new UsageError(
      "what is sent goes as it was found: --redact is for --dry-run; redact FILE makes events to send",
    );
  }
  const target = await resolveTarget(options.to, {
    option: "--to",
    unlock: "--anywhere",
    anywhere: options.anywhere,
  });
  const filter = toFilter(options, io.now());
  const interruption = new AbortController();
  const { signal } = interruption;
  const [token] = isDryRun ? [] : await readTokens(io, options.authTokenFile);
  const result = await openResult(io, options, sources);
  const reading = startReading(io, sources, filter, { take: createRecordFinder(filter), signal });
  let undeliverable = 0;
  const deliveries = toDeliveries(reading.batches(), options.batch, () => undeliverable++);
  const random = (name: string): Random => createRandom(options.seed, `replay ${name}`, 0);
  const steps = planDeliveries(deliveries, { ...options, random });
  const stats = createReplayStats<Delivery>();
  const release = io.onInterrupt(() => interruption.abort());
  try {
    const ms = isDryRun
      ? await print(steps, stats, result, signal)
      : await send(steps, stats, { io, target, token, signal, concurrency: options.concurrency });
    const isSigned = token !== undefined;
    const report = { target: target.shown, isDryRun, isSigned, undeliverable, ms, ...stats.result() };
    const isCovered = options.format === "pretty" && result.isOnStdout;
    result.add(replayItem(report, isCovered ? reading.coverage() : ""));
    await result.end();
    const { sent, delivered, dropped } = report;
    const isEmpty = sent + dropped === 0;
    // Where a record without an event was sent, nothing is amiss.
    if (isEmpty) await reading.report(isCovered);
    else if (!isCovered) await io.stderr.write(safe`${escapeText(reading.coverage())}\n`);
    if (signal.aborted) return ExitCode.Interrupted;
    const read = reading.exitCode(options.allowEmpty === true || !isEmpty);
    if (read !== ExitCode.Done) return read;
    return delivered === sent || isDryRun ? ExitCode.Done : ExitCode.Findings;
  } finally {
    release();
  }
}

type Steps = AsyncIterable<Step<Delivery>>;

/** Prints each delivery as it would be made, in no time. */
async function print(steps: Steps, stats: ReplayStats<Delivery>, result: Result, signal: AbortSignal): Promise<number> {
  for await (const step of steps) {
    if (signal.aborted) break;
    const { what, ids, bytes } = step.delivery;
    result.add(deliveryItem({ dueMs: step.dueMs, what, ids, bytes, fate: step.kind }));
    await result.flush();
    stats.add(step);
  }
  return 0;
}

interface Sending {
  readonly io: Io;
  readonly target: Target;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly concurrency: number;
}

/** Sends each delivery at its time; returns the milliseconds from the first request to the last answer. */
async function send(
  steps: Steps,
  stats: ReplayStats<Delivery>,
  { io, target, token, signal, concurrency }: Sending,
): Promise<number> {
  const sender = createSender({ target, concurrency });
  const reached = await sender.probe();
  if ("problem" in reached) throw new UsageError(`--to ${target.shown} ${reached.words}`);
  let nextAt = 0;
  const progress = createProgress(io, () => progressText(stats.result(), nextAt - performance.now()));
  const ticking = setInterval(() => void progress.show().catch(() => undefined), TICK_MS);
  let draining: NodeJS.Timeout | undefined;
  const drain = (): void => {
    draining = setTimeout(sender.close, DRAIN_MS);
  };
  signal.addEventListener("abort", drain);
  let first: number | undefined;
  let last = 0;
  try {
    await runPlan({
      steps,
      concurrency,
      signal,
      onWait(ms) {
        nextAt = performance.now() + ms;
      },
      async send({ request }) {
        if (first === undefined) {
          first = performance.now();
          last = first;
          if (token === undefined) await io.stderr.write(`twilio-events: ${UNSIGNED}\n`);
        }
        return sender.send(toReplayedRequest(request, target, token));
      },
      onStep(step, outcome) {
        stats.add(step, outcome);
        last = performance.now();
      },
    });
  } finally {
    signal.removeEventListener("abort", drain);
    clearTimeout(draining);
    clearInterval(ticking);
    sender.close();
    await progress.clear();
  }
  return first === undefined ? 0 : Math.round(last - first);
}

function progressText({ sent, delivered }: ReplayCounts, leftMs: number): string {
  const failed = sent === delivered ? "" : `, ${grouped(sent - delivered)} not answered 2xx`;
  const next = leftMs < LONG_WAIT_MS ? "" : `, the next in ${formatDuration(leftMs)}`;
  return `${grouped(sent)} sent${failed}${next}`;
}
