import { openResult, PIPE_WIDTH } from "../../cli/output.ts";
import { ExitCode, UsageError } from "../../errors.ts";
import { summaryItem } from "../../findings/summary-item.ts";
import type { Io } from "../../io.ts";
import { escapeText, maskPasswords, safe } from "../../output/escape.ts";
import { hostName } from "../../webhook/request-guard.ts";
import { openReceiver } from "../../webhook/server.ts";
import { createSignatureCheck } from "./check-signatures.ts";
import { createDisplay } from "./display.ts";
import { type Forwarding, openForwarding } from "./forward-requests.ts";
import { createRequestHandler } from "./handle-request.ts";
import type { ListenOptions } from "./listen-options.ts";
import { coverageOf, keptLine, readyLines } from "./messages.ts";
import { createReceivedEvents } from "./received-events.ts";
import { openRecordFile } from "./record-requests.ts";

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
    const received = createReceivedEvents(io, options, record.name ?? "listen", signatures, result);
    const display = createDisplay(io, result, record, received, options.maxEvents);
    const handler = createRequestHandler(record, options, signatures.stateOf, display.show);
    let forwarding: Forwarding | undefined;
    let release = (): void => undefined;
    try {
      forwarding = await openForwarding(options, record, display, now);
      const stopped = new Promise<void>((resolve) => {
        release = io.onInterrupt(resolve, "termination");
      });
      const methods = new Set(options.get === true ? ["POST", "GET"] : ["POST"]);
      const receiver = await openReceiver({ ...options, ...handler, hosts: hostsOf(options), methods, now });
      try {
        const width = io.stderr.columns ?? PIPE_WIDTH;
        const isRedacted = result.redactor !== undefined;
        const words = { isRedacted, origin: receiver.origin, options, record, signatures, forwarding, width };
        await io.stderr.write(readyLines(words));
        await Promise.race([stopped, receiver.ended, display.ended]);
      } finally {
        handler.hurry();
        await receiver.close(DRAIN_MS);
      }
    } finally {
      release();
      await forwarding?.stop(FORWARD_DRAIN_MS);
      await display.close();
      const isNeeded = record.isTemporary && forwarding?.isBehind() === true;
      if (isNeeded) await io.stderr.write(keptLine(record));
      await record.close(isNeeded);
    }
    const coverage = coverageOf(display.stats, record, forwarding);
    result.add(summaryItem({ summary: received.end(), coverage }));
    await result.end();
    if (options.format !== "pretty" || !result.isOnStdout) {
      await io.stderr.write(safe`${escapeText(maskPasswords(coverage))}\n`);
    }
    return options.requireSignature === true && signatures.failures() > 0 ? ExitCode.Signature : ExitCode.Done;
  } finally {
    await record.close();
  }
}

/** Names by which the listener may be called: this machine's, and those that the user gave. */
function hostsOf({ host, publicUrl, allowHost }: ListenOptions): ReadonlySet<string> {
  const own = hostName(host.includes(":") ? `[${host}]` : host);
  const names = ["localhost", "127.0.0.1", "[::1]", own, publicUrl?.hostname, ...allowHost];
  return new Set(names.flatMap((name) => name ?? []));
}
