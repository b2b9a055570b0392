import { readSchemas, readTypes } from "../../cli/load-schemas.ts";
import { eventItem, type LocatedEvent, toLocatedEvent, toLocatedFault } from "../../findings/event-item.ts";
import { rules } from "../../findings/rules.ts";
import { createPartialRunStats, type EventCounter, type RunStatsPart } from "../../findings/run-stats.ts";
import {
  applySettings,
  type Filter,
  type FoundEvent,
  type RuleSettings,
  textFindings,
} from "../../findings/select-events.ts";
import { createEventValidator } from "../../findings/validate-event.ts";
import type { ParseError } from "../../input/json-record.ts";
import { openPart, type PartOrder, type ResultPart } from "../../parallel/partial-output.ts";
import type { Job } from "../../parallel/protocol.ts";

/** What `validate` judges by. */
export interface ValidateOptions {
  readonly slowMs: number;
  /** The folder and the file that the user named. */
  readonly schemas: string | undefined;
  readonly types: string | undefined;
  readonly rules: RuleSettings;
}

type Judge = ReturnType<typeof createEventValidator>;

/** The judge that the options ask for. Throws a UsageError when the schemas or the types cannot be read. */
export async function openJudge({ slowMs, schemas, types }: ValidateOptions): Promise<Judge> {
  return createEventValidator({
    slowMs,
    ...(schemas !== undefined && { schemas: await readSchemas(schemas) }),
    ...(types !== undefined && { types: await readTypes(types) }),
  });
}

/** Judges what was read, wherever it runs, and adds what is to be shown. */
export function createValidator(
  judge: Judge,
  settings: RuleSettings,
  showsClean: boolean,
  score: EventCounter,
  add: (found: LocatedEvent) => void,
): (item: FoundEvent | ParseError) => void {
  return (item) => {
    if (item.kind === "event") {
      const findings = applySettings(withText(textFindings(item), judge(item.event)), settings);
      score.event(item.event, findings);
      if (findings.length > 0 || showsClean) add(toLocatedEvent(item, findings));
    } else {
      const severity = settings.get(item.rule) ?? rules[item.rule].severity;
      if (severity === "off") return;
      score.finding(severity);
      add(toLocatedFault(item, severity));
    }
  };
}

function withText<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  return first.length === 0 ? second : [...first, ...second];
}

/** What a thread needs to validate a part of the input. */
export interface ValidateJobOptions extends ValidateOptions {
  readonly filter: Filter;
  readonly part: PartOrder;
}

/** What it makes of that. */
export interface ValidateJobResult {
  readonly score: RunStatsPart;
  readonly part: ResultPart<LocatedEvent>;
}

/** `validate` in a thread. */
export async function createValidateJob({ filter, part, ...options }: ValidateJobOptions): Promise<Job> {
  const score = createPartialRunStats();
  const result = await openPart(part, eventItem);
  const visit = createValidator(await openJudge(options), options.rules, result.showsClean, score, result.add);
  return {
    begin() {
      result.begin();
      return { filter, visit };
    },
    size: result.size,
    take() {
      const counts = score.take();
      return {
        result: { score: counts, part: result.take() } satisfies ValidateJobResult,
        transferred: [counts.ids.hashes.pairs.buffer, counts.calls.hashes.pairs.buffer],
      };
    },
  };
}
