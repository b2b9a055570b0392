import { resolve } from "node:path";
import { setTimeout as pause, setImmediate as takeTurn } from "node:timers/promises";
import { Argument, Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { Context } from "../../cli/context.ts";
import { toTime } from "../../cli/filters.ts";
import { examples, toCount, withSuggestions } from "../../cli/options.ts";
import { openTarget, type Target } from "../../cli/output.ts";
import { toSeed } from "../../cli/random.ts";
import { ExitCode, UsageError } from "../../errors.ts";
import { findNearest } from "../../findings/suggest.ts";
import type { Io } from "../../io.ts";
import type { Delivery } from "./delivery.ts";
import { type FormName, forms } from "./forms.ts";
import { type SampleOptions, sampleCalls } from "./sample-calls.ts";
import { type ScenarioName, scenarios } from "./scenarios.ts";

const DEFAULT_START = "2025-08-24T13:00:00.000Z";

/** `sample`: realistic events of whole calls, byte for byte the same for the same options. */
export function sampleCommand({ io, exit }: Context) {
  return new Command("sample")
    .description("Make realistic events of whole calls, byte for byte the same for the same options.")
    .addArgument(
      withSuggestions(new Argument("[scenario...]", "what happens in the calls, see below (default: answered)"), () => [
        ...Object.keys(scenarios),
        "all",
      ]),
    )
    .option("--calls <n>", "how many calls; the scenarios take turns (default: one of each)", toCount)
    .option("--seed <n>", "another seed makes other calls", toSeed, 1)
    .option("--start <time>", "when the first call starts: ISO 8601, or back from now as in 2h", DEFAULT_START)
    .addOption(
      new Option("--family <name>", "which types tell of the steps of a call")
        .choices(["current", "deprecated", "both"] as const)
        .default("current" as const),
    )
    .addOption(
      new Option("--schema <version>", "the version of Voice.WebhookEvent")
        .choices(["1", "2"] as const)
        .default("2" as const),
    )
    .addOption(
      new Option("--form <name>", "what the events are wrapped in, see below")
        .choices(Object.keys(forms).filter(isForm))
        .default("ndjson" as const),
    )
    .option("--rate <n>", "so many events a second (default: as fast as it goes)", toRate)
    .option("--truth <file>", "write there what the calls are, one JSON object a call or leg")
    .option("-o, --output <file>", "write the events there instead of to standard output")
    .addHelpText("after", `\n${list("Scenarios", { ...scenarios, all: { says: "every one of them in turn" } })}`)
    .addHelpText("after", `\n${list("Forms", forms)}`)
    .addHelpText(
      "after",
      examples([
        ["twilio-events sample busy", "the events of one call"],
        ["twilio-events sample all --calls 1000 | twilio-events validate", "a day's work, judged"],
        ["twilio-events sample lossy --calls 20 --truth truth.ndjson", "and what is missing"],
        ["twilio-events sample all --calls 80 --form docker --rate 5", "a log that grows"],
      ]),
    )
    .action(async (names, options) => {
      const { truth, output, form, rate, calls, start, ...ways } = options;
      if (truth !== undefined && resolve(truth) === resolve(output ?? "-")) {
        throw new UsageError(`--truth ${truth}: the events go there; name another file`);
      }
      const chosen = toScenarios(names);
      const plan = { ...ways, scenarios: chosen, calls: calls ?? chosen.length, start: toTime(start, io.now()) };
      const events = await openTarget(io, output);
      try {
        const truths = truth === undefined ? undefined : await openTarget(io, truth);
        try {
          exit(await print(plan, { io, form, rate, events, truths }));
        } finally {
          await truths?.close();
        }
      } finally {
        await events.close();
      }
    });
}

interface Printing {
  readonly io: Io;
  readonly form: FormName;
  /** Events a second. */
  readonly rate: number | undefined;
  readonly events: Target;
  readonly truths: Target | undefined;
}

/** So many characters are written at once, unless each event has its time. */
const CHUNK = 65_536;

/** Writes the events, and the truth of each call before its first event. Memory does not grow with the calls. */
async function print(plan: SampleOptions, { io, form, rate, events, truths }: Printing): Promise<ExitCode> {
  const { size, write } = forms[form];
  const together = rate === undefined ? size : 1;
  const interruption = new AbortController();
  const release = io.onInterrupt(() => interruption.abort());
  const started = io.now().getTime();
  let group: Delivery[] = [];
  let sent = 0;
  let text = "";
  let truthText = "";

  function close(): void {
    if (group.length > 0) text += write(group, sent);
    sent += group.length;
    group = [];
  }

  async function flush(): Promise<void> {
    await truths?.output.write(truthText);
    await events.output.write(text);
    truthText = "";
    text = "";
    // Else nobody could interrupt while files take all that is written at once.
    await takeTurn();
  }

  try {
    for (const { deliveries, truths: begun } of sampleCalls(plan)) {
      if (truths !== undefined) for (const truth of begun()) truthText += `${JSON.stringify(truth)}\n`;
      for (const delivery of deliveries) {
        if (rate !== undefined) {
          await flush();
          await until(started + (sent * 1000) / rate, io, interruption.signal);
        }
        if (interruption.signal.aborted) return ExitCode.Interrupted;
        group.push(delivery);
        if (group.length === together) close();
      }
      if (text.length + truthText.length >= CHUNK) await flush();
    }
    close();
    await flush();
    return interruption.signal.aborted ? ExitCode.Interrupted : ExitCode.Done;
  } finally {
    release();
  }
}

/** Waits until the time, in epoch milliseconds, or until the signal. */
async function until(time: number, io: Io, signal: AbortSignal): Promise<void> {
  const ms = time - io.now().getTime();
  if (ms > 0 && !signal.aborted) await pause(ms, undefined, { signal }).catch(() => undefined);
}

/** The scenarios named, `all` for every one; without a name the simplest. */
function toScenarios(names: readonly string[]): SampleOptions["scenarios"] {
  const known = Object.keys(scenarios).filter(isScenario);
  const [first = "answered", ...others] = names.flatMap((name) => {
    if (isScenario(name)) return [name];
    if (name === "all") return known;
    const close = findNearest(name, [...known, "all"]);
    const hint = close === undefined ? `the scenarios are ${known.join(", ")} and all` : `did you mean ${close}?`;
    throw new UsageError(`no scenario is named '${name}'; ${hint}`);
  });
  return [first, ...others];
}

const isScenario = (name: string): name is ScenarioName => Object.hasOwn(scenarios, name);

const isForm = (name: string): name is FormName => Object.hasOwn(forms, name);

/** Events a second; a timer cannot wait for much longer than the least of them. */
function toRate(text: string): number {
  const rate = Number(text);
  if (!(rate >= 0.001 && rate < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError("It is not a number of events a second, as in 0.5 or 200.");
  }
  return rate;
}

function list(title: string, entries: Readonly<Record<string, { readonly says: string }>>): string {
  const width = Math.max(...Object.keys(entries).map((name) => name.length));
  const lines = Object.entries(entries).map(([name, { says }]) => `  ${name.padEnd(width)}  ${says}`);
  return `${title}:\n${lines.join("\n")}`;
}
