import { Command, Option } from "@commander-js/extra-typings";
import { createNamedCalls } from "../../calls/call-filter.ts";
import { callItem } from "../../calls/call-item.ts";
import { createCallStats } from "../../calls/call-stats.ts";
import { type Calls, createCalls, type Draft } from "../../calls/calls.ts";
import { callsSummaryItem } from "../../calls/calls-summary-item.ts";
import { createCallChecker } from "../../calls/check-call.ts";
import { createFollower, toLiveCall } from "../../calls/follow-calls.ts";
import { families, type Leg } from "../../calls/legs.ts";
import { chosen, momentsOf, parentOf, type Sort, sorted } from "../../calls/select-calls.ts";
import { byText } from "../../calls/step-order.ts";
import type { Context } from "../../cli/context.ts";
import { addExitOptions, exitCodeOf } from "../../cli/exit-code.ts";
import { addCallInputs, toFilter } from "../../cli/filters.ts";
import {
  addJobsOption,
  addOutputOptions,
  examples,
  formatOption,
  slowOption,
  timeZoneOption,
  toSeconds,
  toSources,
} from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { startReading } from "../../cli/read-events.ts";
import { addSharedRedactOptions } from "../../cli/redact-options.ts";
import { ExitCode } from "../../errors.ts";
import { noFilter } from "../../findings/select-events.ts";
import { count } from "../../output/count-text.ts";
import { safe } from "../../output/escape.ts";
import type { Redactor } from "../../redact/redactor.ts";
import { createAdding, type TimelineJobOptions, type TimelineJobResult } from "./job.ts";

const sorts = ["time", "findings", "duration", "status"] as const satisfies readonly Sort[];

/** How often --follow looks for calls that have gone quiet. */
const TICK_MS = 1000;

/** So many calls are written at a time. */
const BATCH = 256;

/** `timeline`: puts calls together from the events in the inputs. Exit 1 when a finding is at or above `--fail-on`. */
export function timelineCommand({ io, exit, sizes }: Context) {
  const base = addJobsOption(
    addCallInputs(
      new Command("timeline").description("Put calls together from their events, and say what went wrong in each."),
    ),
  );
  const printing = addSharedRedactOptions(addOutputOptions(base))
    .addOption(formatOption("pretty", "compact", "json", "ndjson", "github", "sarif", "junit", "markdown", "mermaid"))
    .option("-v, --verbose", "show infos of many calls too")
    .option("--all", "show every call whole, not on a line")
    .addOption(new Option("--sort <by>", "the order of many calls").choices(sorts).default("time" as const))
    .option("--follow", "print calls as they end or go quiet, while events come through a pipe")
    .option(
      "--quiet-after <seconds>",
      "with --follow: a call without an event for so long is done with",
      toSeconds("--quiet-after"),
      600,
    )
    .addOption(timeZoneOption());
  return addExitOptions(printing)
    .addOption(slowOption())
    .addHelpText(
      "after",
      examples([
        ["docker logs app 2>&1 | twilio-events timeline", "the calls in an app's log, a line each"],
        ["twilio-events timeline --call CAe57a app.log", "one call: chart, steps, findings"],
        ["twilio-events timeline --sort findings --since 2h logs/", "what went wrong, first"],
        ["kubectl logs -f deploy/ivr | twilio-events timeline --follow", "each call when it has ended"],
        ["twilio-events timeline --call CAe57a -f markdown app.log", "for a ticket"],
        ["twilio-events timeline --status busy,failed --all app.log", "these calls, each whole"],
      ]),
    )
    .action(async (names, options, command) => {
      const sources = await toSources(names, io, command);
      const filter = toFilter(options, io.now());
      const result = await openResult(io, options, sources);
      const naming = filter.call === undefined ? undefined : createNamedCalls(filter.call);
      const calls = createCalls();
      const reading = startReading(
        io,
        sources,
        { ...noFilter, limit: options.limit, names: naming?.texts },
        {
          jobs: options.jobs,
          sizes,
          parallel: {
            spec: { name: "timeline", options: { call: filter.call } satisfies TimelineJobOptions },
            countsLines: false,
            known: () => naming?.legs() ?? [],
            merge(batch: TimelineJobResult, linesBefore) {
              calls.merge(batch.calls, linesBefore);
              stray += batch.stray;
              naming?.addLegs(batch.legs);
            },
          },
        },
      );
      const settings = { slowMs: options.slow * 1000, rules: options.rule };
      const score = createCallStats();
      let stray = 0;
      const onStray = (): void => {
        stray++;
      };
      let isOne = false;
      if (options.follow) {
        const follower = createFollower({
          quietMs: options.quietAfter * 1000,
          ...settings,
          score,
          filter,
          show: (judged) => result.add(callItem(toLiveCall(judged, options.all === true ? "whole" : "live"))),
        });
        const now = (): number => io.now().getTime();
        const visit = createAdding(naming, (event, source) => follower.add(event, source, now()), onStray);
        for await (const _ of reading.chunks(visit, TICK_MS)) {
          follower.sweep(now());
          await result.flush();
        }
        follower.end();
      } else {
        for await (const _ of reading.chunks(createAdding(naming, calls.add, onStray)));
        const judge = createCallChecker(calls, settings);
        const order = sorted(
          asShown(calls, result.redactor),
          chosen(calls, filter, result.redactor),
          options.sort,
          judge,
        );
        const all = families(order, (draft) => parentOf(calls, draft));
        const first = [...take(all), ...take(all)];
        isOne = first.length === 1;
        const detail = isOne || options.all === true ? "whole" : "line";
        let shown = 0;
        for (const family of chain(first, all)) {
          const moments = detail === "whole" ? momentsOf(calls, family) : [];
          for (const { call: draft, depth } of family) {
            const { call, findings } = judge(draft);
            score.add(call, findings, depth > 0);
            result.add(callItem({ detail, depth, moments, call, findings }));
            if (++shown % BATCH === 0) await result.flush();
          }
        }
      }
      const { inputs, bytes, unreadable, passed } = reading.tally;
      const totals = score.totals();
      const summary = { inputs, bytes, ...totals, stray, unreadable };
      const named = stray === 0 ? "" : ` ${count(stray, safe`event names`, "events name")} no call.`;
      const coverage = reading.coverage() + named;
      result.add(callsSummaryItem({ summary, isOne, coverage, isCutShort: reading.isCutShort() }));
      await result.end();
      await reading.report(options.format === "pretty" && result.isOnStdout);
      if (totals.calls === 0 && passed > stray)
        await io.stderr.write(
          "twilio-events: no call passed the filters; see them all without --call, --type, --status, --since, --until\n",
        );
      const read = reading.exitCode(options.allowEmpty === true);
      const isEmpty = read === ExitCode.Done && totals.calls === 0 && options.allowEmpty !== true;
      exit(exitCodeOf(isEmpty ? ExitCode.NoEvents : read, totals, options));
    });
}

/** Calls of one moment stand by the SIDs that are shown: by the true ones, the order would tell of them. */
function asShown(calls: Calls, redactor: Redactor | undefined): Calls {
  if (redactor === undefined) return calls;
  const shown = (draft: Draft): string => redactor.byKind(calls.sid(draft), "sid");
  return { ...calls, compare: (one, other) => byText(shown(one), shown(other)) };
}

/** The next of them, if there is one. */
function take(families: Iterator<readonly Leg[]>): readonly (readonly Leg[])[] {
  const { value, done } = families.next();
  return done ? [] : [value];
}

function* chain(first: Iterable<readonly Leg[]>, rest: Iterable<readonly Leg[]>): Generator<readonly Leg[]> {
  yield* first;
  yield* rest;
}
