import { type FilterOptions, toFilter } from "../../cli/options.ts";
import { openResult, PIPE_WIDTH, type ResultOptions } from "../../cli/output.ts";
import { ExitCode, UsageError } from "../../errors.ts";
import { createRunStats } from "../../findings/run-stats.ts";
import { noReadStats, type RuleSettings } from "../../findings/select-events.ts";
import { summaryItem } from "../../findings/summary-item.ts";
import { createEventValidator } from "../../findings/validate-event.ts";
import type { Io } from "../../io.ts";
import { escapeText, maskPasswords, safe } from "../../output/escape.ts";
import type { FormatName } from "../../output/formats/index.ts";
import { hostName } from "../../webhook/request-guard.ts";
import { openReceiver } from "../../webhook/server.ts";
import { createSignatureCheck } from "./check-signatures.ts";
import { createDisplay } from "./display.ts";
import { openForwarding } from "./forward-requests.ts";
import { createRequestHandler } from "./handle-request.ts";
import { createLiveCalls } from "./live-calls.ts";
import { coverageOf, keptLine, readyLines } from "./messages.ts";
import { createReceivedEvents } from "./received-events.ts";
import { openRecordFile } from "./record-requests.ts";

export interface ListenOptions extends ResultOptions, FilterOptions {
  readonly format: FormatName;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly get?: true | undefined;
  readonly publicUrl?: URL | undefined;
  readonly allowHost: readonly string[];
  readonly maxBody: number;
  readonly record?: string | undefined;
  readonly keepDuplicates?: true | undefined;
  readonly requireSignature?: true | undefined;
  readonly authTokenFile?: string | undefined;
  readonly reject?: true | number | undefined;
  readonly respond: number;
  readonly respondDelay?: number | undefined;
  readonly forwardTo?: string | undefined;
  readonly forwardAnywhere?: true | undefined;
  readonly maxEvents?: number | undefined;
  readonly rule: RuleSettings;
  readonly calls?: true | undefined;
  readonly slow: number;
}

/** How long requests under way, and then the app they are handed on to, are waited for at the end. */
const DRAIN_MS = 3000;
const FORWARD_DRAIN_MS = 2000;

/** Listens until it is interrupted or has what was asked for. */
export async function listen(io: Io, options: ListenOptions): Promise<ExitCode> {
  const signatures = await createSignatureCheck(io, options);
  if (options.reject !== undefined && options.record === undefined) {
    throw new UsageError("--reject needs --record FILE: what is turned away is kept in FILE.rejected first");
  }
  const now = (): number => io.now().getTime();
  const record = await openRecordFile(io, options, signatures.isChecked);
  try {
    const result = await openResult(io, options, record.name === undefined ? [] : [{ name: record.name }]);
    const tally = noReadStats();
    const score = createRunStats();
    const calls = options.calls === true ? createLiveCalls(options, result) : undefined;
    const filter = toFilter(options, io.now());
    const arrivals = createReceivedEvents({
      input: record.name ?? "listen",
      filter,
      tally,
      rules: options.rule,
      judge: createEventValidator({ slowMs: options.slow * 1000 }),
      signatureFindings: signatures.findings,
    });
    const desk = createDisplay({
      io,
      result,
      isRecorded: record.name !== undefined,
      firstLine: record.lines + 1,
      maxEvents: options.maxEvents,
      judge: arrivals,
      take({ read, findings }) {
        score.event(read.event, findings);
        calls?.add(read, now());
      },
      sweep: () => calls?.sweep(now()),
      redactor: result.redactor,
    });
    const forwarding = await openForwarding(options, record, desk, now).catch(async (error: unknown) => {
      await desk.close();
      throw error;
    });
    const inbox = createRequestHandler({
      journal: record.journal,
      rejected: record.rejected,
      seen: record.seen,
      keepsDuplicates: options.keepDuplicates === true,
      rejection: toRejection(options.reject),
      respond: options.respond,
      respondDelayMs: (options.respondDelay ?? 0) * 1000,
      signatureOf: signatures.stateOf,
      show: desk.show,
    });
    const stopped = waitForStop(io);
    try {
      const receiver = await openReceiver({
        host: options.host,
        port: options.port,
        path: options.path,
        hosts: hostsOf(options),
        methods: new Set(options.get === true ? ["POST", "GET"] : ["POST"]),
        maxBody: options.maxBody,
        now,
        take: inbox.take,
        refuse: inbox.refuse,
      });
      try {
        const width = io.stderr.columns ?? PIPE_WIDTH;
        const isRedacted = result.redactor !== undefined;
        const words = { isRedacted, origin: receiver.origin, options, record, signatures, forwarding, width };
        await io.stderr.write(readyLines(words));
        await Promise.race([stopped.promise, receiver.ended, desk.ended]);
      } finally {
        inbox.hurry();
        await receiver.close(DRAIN_MS);
      }
    } finally {
      stopped.release();
      await forwarding?.stop(FORWARD_DRAIN_MS);
      await desk.close();
      const isNeeded = record.isTemporary && forwarding?.isBehind() === true;
      if (isNeeded) await io.stderr.write(keptLine(record));
      await record.close(isNeeded);
    }
    calls?.end();
    const summary = score.summary({ ...tally, inputs: 1 });
    const coverage = coverageOf(desk.takings, record, forwarding);
    result.add(summaryItem({ summary, coverage }));
    await result.end();
    if (options.format !== "pretty" || !result.isOnStdout) {
      await io.stderr.write(safe`${escapeText(maskPasswords(coverage))}\n`);
    }
    return options.requireSignature === true && signatures.failures() > 0 ? ExitCode.Signature : ExitCode.Done;
  } finally {
    await record.close();
  }
}

/** Resolves when the user or the system asks the program to end. */
function waitForStop(io: Io): { readonly promise: Promise<void>; release(): void } {
  let release: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    release = io.onInterrupt(resolve, "termination");
  });
  return { promise, release: () => release() };
}

/** Names by which the listener may be called: this machine's, and those that the user gave. */
function hostsOf({ host, publicUrl, allowHost }: ListenOptions): ReadonlySet<string> {
  const own = hostName(host.includes(":") ? `[${host}]` : host);
  const names = ["localhost", "127.0.0.1", "[::1]", ...(own === undefined ? [] : [own]), ...allowHost];
  return new Set(publicUrl === undefined ? names : [...names, publicUrl.hostname]);
}

function toRejection(reject: true | number | undefined) {
  if (reject === undefined) return undefined;
  return reject === true ? { content: 400, signature: 403 } : { content: reject, signature: reject };
}
