import { readTokens } from "../../cli/auth-tokens.ts";
import { type FilterOptions, toFilter } from "../../cli/options.ts";
import { openResult, type Result, type ResultOptions } from "../../cli/output.ts";
import { createProgress } from "../../cli/progress.ts";
import { createRandom } from "../../cli/random.ts";
import { type EventReading, startReading } from "../../cli/read-events.ts";
import { ExitCode, UsageError } from "../../errors.ts";
import type { Source, SourceError } from "../../input/sources.ts";
import type { Io } from "../../io.ts";
import { grouped } from "../../output/count-text.ts";
import { escapeText, safe } from "../../output/escape.ts";
import { formatDuration } from "../../output/format-duration.ts";
import { toReplayed } from "../../webhook/outgoing-request.ts";
import { createBatcher, createRecordTaker, type Delivery, type ReadRecord } from "../../webhook/record-reader.ts";
import { createSender } from "../../webhook/sender.ts";
import { resolveTarget, type Target } from "../../webhook/target.ts";
import { planDeliveries, type Step } from "./plan.ts";
import { deliveryItem, type ReplayReport, replayItem } from "./replay-items.ts";
import { runReplay } from "./send-plan.ts";
import { createReplayTally } from "./stats.ts";

/** What the options of `replay` say. */
export interface ReplayOptions extends ResultOptions, FilterOptions {
  readonly to: string;
  readonly anywhere?: true | undefined;
  readonly speed: number;
  readonly shuffle?: true | undefined;
  readonly duplicate: number;
  readonly drop: number;
  readonly seed: number;
  readonly batch: number;
  readonly concurrency: number;
  readonly dryRun?: true | undefined;
  readonly authTokenFile?: string | undefined;
  readonly allowEmpty?: true | undefined;
}

/** What is under way at an interrupt is waited for so many milliseconds. */
const DRAIN_MS = 1000;

/** How often the progress is looked at while nothing comes. */
const TICK_MS = 200;

/** A wait of so many milliseconds is told. */
const LONG_WAIT = 2000;

const UNSIGNED = "the requests go without X-Twilio-Signature; to sign them, set TWILIO_AUTH_TOKEN or --auth-token-file";

/** A run over the inputs: what is read, what becomes of it, and where that is told. */
interface Run {
  readonly io: Io;
  readonly options: ReplayOptions;
  readonly target: Target;
  readonly reading: EventReading<ReadRecord>;
  readonly result: Result;
  readonly signal: AbortSignal;
}

/** Sends what the inputs hold to the target, or tells what would be sent; prints how it went and returns the exit code. */
export async function replay(
  io: Io,
  sources: readonly (Source | SourceError)[],
  options: ReplayOptions,
): Promise<ExitCode> {
  if (options.redact && options.dryRun !== true) {
    throw new UsageError(
      "what is sent goes as it was found: --redact is for --dry-run; redact FILE makes events to send",
    );
  }
  const target = await resolveTarget(options.to, {
    option: "--to",
    unlock: "--anywhere",
    anywhere: options.anywhere === true,
  });
  const filter = toFilter(options, io.now());
  const interruption = new AbortController();
  const { signal } = interruption;
  const tokens = options.dryRun ? [] : await readTokens(io, options.authTokenFile);
  const result = await openResult(io, options, sources);
  const take = createRecordTaker(filter);
  const reading = startReading(io, sources, filter, { take, signal });
  const run: Run = { io, options, target, reading, result, signal };
  const release = io.onInterrupt(() => interruption.abort());
  try {
    const report = options.dryRun ? await plan(run) : await send(run, tokens[0]);
    return await finish(run, report);
  } finally {
    release();
  }
}

async function finish({ io, options, reading, result, signal }: Run, report: ReplayReport): Promise<ExitCode> {
  const isCovered = options.format === "pretty" && result.isOnStdout;
  result.add(replayItem(report, isCovered ? reading.coverage() : ""));
  await result.end();
  const isEmpty = report.sent + report.dropped === 0;
  // Where a record without an event was sent, nothing is amiss.
  if (isEmpty) await reading.report(isCovered);
  else if (!isCovered) await io.stderr.write(safe`${escapeText(reading.coverage())}\n`);
  if (signal.aborted) return ExitCode.Interrupted;
  const read = reading.exitCode(options.allowEmpty === true || !isEmpty);
  if (read !== ExitCode.Done) return read;
  return report.delivered === report.sent || report.isDryRun ? ExitCode.Done : ExitCode.Findings;
}

/** The deliveries of the inputs, planned; counts what cannot be delivered. */
function createPlan({ options, reading }: Run): {
  readonly steps: AsyncIterable<Step<Delivery>>;
  undeliverable(): number;
} {
  const { speed, duplicate, drop, seed, batch } = options;
  let undeliverable = 0;
  const batcher = createBatcher(batch, () => undeliverable++);

  async function* deliveries(): AsyncGenerator<Delivery> {
    for await (const items of reading.batches()) {
      for (const item of items) {
        if (item.kind === "event") yield* batcher.add(item);
        else if (item.kind === "taken") {
          yield* batcher.end();
          if (item.delivery === undefined) undeliverable++;
          else yield item.delivery;
        }
      }
    }
    yield* batcher.end();
  }

  const steps = planDeliveries(deliveries(), {
    speed,
    shuffle: options.shuffle === true,
    duplicate,
    drop,
    dice: (name) => createRandom(seed, `replay ${name}`, 0),
  });
  return { steps, undeliverable: () => undeliverable };
}

/** Prints each delivery as it would be made. */
async function plan(run: Run): Promise<ReplayReport> {
  const { target, result, signal } = run;
  const { steps, undeliverable } = createPlan(run);
  const counts = { sent: 0, bytes: 0, dropped: 0 };
  for await (const { kind, dueMs, delivery } of steps) {
    if (signal.aborted) break;
    const { what, ids, bytes } = delivery;
    result.add(deliveryItem({ dueMs, what, ids, bytes, fate: kind }));
    await result.flush();
    if (kind === "dropped") counts.dropped++;
    else {
      counts.sent++;
      counts.bytes += bytes;
    }
  }
  return { ...nothing(target), ...counts, isDryRun: true, undeliverable: undeliverable() };
}

async function send(run: Run, token: string | undefined): Promise<ReplayReport> {
  const { io, options, target, signal } = run;
  const { concurrency } = options;
  const sender = createSender({ target, concurrency });
  const reached = await sender.probe();
  if ("problem" in reached) throw new UsageError(`--to ${target.shown} ${reached.words}`);
  const { steps, undeliverable } = createPlan(run);
  const tally = createReplayTally<Delivery>();
  let nextAt = 0;
  const progress = createProgress(io, () => progressText(tally.result(), nextAt - performance.now()));
  const ticking = setInterval(() => void progress.show().catch(() => undefined), TICK_MS);
  let draining: NodeJS.Timeout | undefined;
  const drain = (): void => {
    draining = setTimeout(() => sender.close(), DRAIN_MS);
  };
  signal.addEventListener("abort", drain);
  let span: { readonly first: number; readonly last: number } | undefined;
  try {
    await runReplay({
      steps,
      concurrency,
      signal,
      onWait(ms) {
        nextAt = performance.now() + ms;
      },
      async send(delivery) {
        const now = performance.now();
        if (span === undefined) {
          span = { first: now, last: now };
          if (token === undefined) await io.stderr.write(`twilio-events: ${UNSIGNED}\n`);
        }
        return sender.send(toReplayed(delivery.request, target, token));
      },
      onStep(step, outcome) {
        tally.add(step, outcome);
        if (span !== undefined) span = { ...span, last: performance.now() };
      },
    });
  } finally {
    signal.removeEventListener("abort", drain);
    clearTimeout(draining);
    clearInterval(ticking);
    sender.close();
    await progress.clear();
  }
  return {
    ...nothing(target),
    ...tally.result(),
    isSigned: token !== undefined,
    undeliverable: undeliverable(),
    ms: span === undefined ? 0 : Math.round(span.last - span.first),
  };
}

const nothing = (target: Target): ReplayReport => ({
  target: target.shown,
  isDryRun: false,
  isSigned: false,
  sent: 0,
  delivered: 0,
  bytes: 0,
  dropped: 0,
  undeliverable: 0,
  ms: 0,
  statuses: [],
  failures: [],
  latency: undefined,
  repeated: 0,
  differing: 0,
  differingIds: [],
});

function progressText({ sent, delivered }: Pick<ReplayReport, "sent" | "delivered">, leftMs: number): string {
  const failed = sent === delivered ? "" : `, ${grouped(sent - delivered)} not answered 2xx`;
  const next = leftMs < LONG_WAIT ? "" : `, the next in ${formatDuration(leftMs)}`;
  return `${grouped(sent)} sent${failed}${next}`;
}
