import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { platform } from "node:os";
import { resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { createCallStats } from "../../calls/call-stats.ts";
import type { Draft } from "../../calls/calls.ts";
import type { StoredEvent } from "../../calls/event-store.ts";
import { families } from "../../calls/legs.ts";
import { chosen, isLegOf, momentsOf, parentOf, sorted } from "../../calls/select-calls.ts";
import { mostFirst } from "../../calls/statistics.ts";
import type { Context } from "../../cli/context.ts";
import { addExitOptions, exitCodeOf } from "../../cli/exit-code.ts";
import { addCallInputs, toFilter } from "../../cli/filters.ts";
import { examples, slowOption, timeZoneOption, toCount, toSources } from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { startReading } from "../../cli/read-events.ts";
import { addSharedRedactOptions } from "../../cli/redact-options.ts";
import { ExitCode } from "../../errors.ts";
import { noFilter } from "../../findings/select-events.ts";
import { count, formatBytes } from "../../output/count-text.ts";
import { escapeText, safe } from "../../output/escape.ts";
import { createCollector } from "./collect.ts";
import { toEvidence, toReport } from "./evidence.ts";
import { reportedCallItem, reportItem } from "./report-items.ts";

const DEFAULT_FILE = "twilio-events-report.html";

/** The events of so many bytes are shown, those of the worst calls first. */
const MAX_SHOWN_BYTES = 4 * 1024 * 1024;

/** So many calls are written at a time. */
const BATCH = 64;

/** `report`: one HTML file of a set of calls. Exit 1 when a finding is at or above `--fail-on`. */
export function reportCommand({ io, exit }: Context) {
  const description = "Write one self-contained HTML file: what went wrong, where, when, and every call.";
  const base = addCallInputs(new Command("report").description(description))
    .option("-o, --output <file>", "write the report there; - for standard output", DEFAULT_FILE)
    .option("--open", "open it in the browser")
    .option("--title <text>", "what it says at the top", "Twilio voice calls")
    .option("--max-calls <n>", "list so many calls, those with findings first; the others are counted", toCount, 5000)
    .addOption(timeZoneOption());
  return addExitOptions(addSharedRedactOptions(base))
    .addOption(slowOption())
    .addHelpText(
      "after",
      examples([
        ["docker logs app 2>&1 | twilio-events report --open", "what happened, in the browser"],
        ["twilio-events report --since 12h logs/", "last night"],
        ["twilio-events report --status failed,busy -o failed.html app.log", "some calls, for a ticket"],
        ["twilio-events report --call CAe57a --title 'Ticket 4711' app.log", "one call and its legs"],
        ["twilio-events report -o - app.log | gzip > report.html.gz", "to standard output"],
      ]),
    )
    .action(async (names, options, command) => {
      const sources = await toSources(names, io, command);
      const filter = toFilter(options, io.now());
      const reading = startReading(io, sources, { ...noFilter, limit: options.limit });
      const collector = createCollector({ filter, slowMs: options.slow * 1000, settings: options.rule });
      const { calls, evidence, loose, overview } = collector;
      for await (const batch of reading.batches()) {
        for (const item of batch) {
          if (item.kind === "event") collector.event(item);
          else collector.fault(item);
        }
      }

      const judge = collector.judge();
      const eventsWithoutCall = collector.eventsWithoutCall();
      const drafts = chosen(calls, filter);
      const byInterest = sorted(calls, drafts, "findings", judge);
      const listed = byInterest.slice(0, options.maxCalls);
      const evidenced = withinRoom(listed, evidence.size);

      // Only now: what goes wrong before leaves an older report as it is.
      const result = await openResult(io, { ...options, format: "html", color: "never", isPrivate: true }, sources);
      const stats = createCallStats();
      const unlisted = new Map<string, number>();
      const isListed = new Set(listed);
      for (const draft of byInterest) {
        const { call, findings } = judge(draft);
        overview.add(call, findings);
        stats.add(call, findings, isLegOf(calls, draft));
        const status = call.status ?? "unknown";
        if (!isListed.has(draft)) unlisted.set(status, (unlisted.get(status) ?? 0) + 1);
      }
      const totals = overview.totals();
      const { inputs, bytes, unreadable, passed } = reading.tally;
      const { error: errors, warning: warnings, info: infos } = totals.counts;
      const summary = {
        inputs,
        bytes,
        ...stats.totals(),
        stray: eventsWithoutCall,
        unreadable,
        errors,
        warnings,
        infos,
      };
      result.add(
        reportItem(
          toReport(totals, {
            title: options.title,
            madeAt: io.now().getTime(),
            inputs: sources.map(({ name }) => (name === "-" ? "standard input" : name)),
            summary,
            loose: loose.findings,
            looseMore: loose.more(),
            listed: listed.length,
            evidenced: evidenced.size,
            unlisted: mostFirst(unlisted).map(([status, number]) => ({ status, calls: number })),
            coverage: reading.coverage(),
          }),
        ),
      );

      const inTime = sorted(calls, listed, "time", judge);
      let shown = 0;
      for (const family of families(inTime, (draft) => parentOf(calls, draft))) {
        const moments = momentsOf(calls, family);
        for (const { call: draft, depth } of family) {
          const { call, findings } = judge(draft);
          const kept: readonly StoredEvent[] = evidenced.has(draft) ? evidence.of(draft) : [];
          const seen = kept.map((each) => toEvidence(each, options.rule, result.redactor));
          result.add(reportedCallItem({ detail: "whole", depth, moments, call, findings, evidence: seen }));
          if (++shown % BATCH === 0) await result.flush();
        }
      }
      await result.end();
      await reading.report();
      if (!result.isOnStdout) await reportFile(options.output, listed.length);
      if (options.open && !result.isOnStdout && !(await openFile(options.output, io.env))) {
        await io.stderr.write(safe`twilio-events: no browser could be started; open ${escapeText(options.output)}\n`);
      }
      const read = reading.exitCode(options.allowEmpty === true);
      const isEmpty =
        read === ExitCode.Done && drafts.length === 0 && passed > eventsWithoutCall && options.allowEmpty !== true;
      if (isEmpty) {
        await io.stderr.write(
          "twilio-events: no call passed the filters; see them all without --call, --type, --status, --since, --until\n",
        );
      }
      exit(exitCodeOf(isEmpty ? ExitCode.NoEvents : read, summary, options));
    });

  async function reportFile(file: string, calls: number): Promise<void> {
    const what = count(calls, safe`call`);
    await io.stderr.write(
      safe`Wrote ${escapeText(file)}: ${what}, ${escapeText(formatBytes((await stat(file)).size))}.\n`,
    );
  }
}

/** Those of the calls, the first of them first, whose events have room in the report. */
function withinRoom(drafts: readonly Draft[], size: (draft: Draft) => number): ReadonlySet<Draft> {
  const within = new Set<Draft>();
  let left = MAX_SHOWN_BYTES;
  for (const draft of drafts) {
    const bytes = size(draft);
    if (bytes === 0 || bytes > left) continue;
    left -= bytes;
    within.add(draft);
  }
  return within;
}

/** What opens a file with the program that the desktop has for it; an entry for others than these is xdg-open. */
const openers: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: "open", win32: "explorer.exe" };

/** Opens the file in the program that the desktop has for it, and does not wait for that. False when none can be started. */
function openFile(path: string, env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  return new Promise((settle) => {
    const opener = openers[platform()] ?? "xdg-open";
    const child = spawn(opener, [resolve(path)], { detached: true, stdio: "ignore", env: { ...env } });
    child.once("error", () => settle(false));
    child.once("spawn", () => {
      child.unref();
      settle(true);
    });
  });
}
