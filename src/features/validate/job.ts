import { readSchemas, readTypes } from "../../cli/load-schemas.ts";
import { rules } from "../../findings/rules.ts";
import { createPartialRunStats, type EventCounter, type RunStatsPart } from "../../findings/run-stats.ts";
import {
  applySettings,
  type Filter,
  type FoundEvent,
  type RuleSettings,
  textFindings,
  toEventItem,
  toFindingItem,
} from "../../findings/select-events.ts";
import { createEventValidator } from "../../findings/validate-event.ts";
import type { ParseError } from "../../input/json-record.ts";
import type { OutputItem } from "../../output/items.ts";
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

/** Where that goes which was judged. */
interface Outcome {
  readonly score: EventCounter;
  readonly result: { readonly showsClean: boolean; add(item: OutputItem): void };
}

/** The judge that the options ask for. Throws a UsageError when the schemas or the types cannot be read. */
export async function openJudge({ slowMs, schemas, types }: ValidateOptions): Promise<Judge> {
  return createEventValidator({
    slowMs,
    ...(schemas !== undefined && { schemas: await readSchemas(schemas) }),
    ...(types !== undefined && { types: await readTypes(types) }),
  });
}

/** Judges what was read, wherever it runs. */
export function createValidator(
  judge: Judge,
  settings: RuleSettings,
  { score, result }: Outcome,
): (item: FoundEvent | ParseError) => void {
  return (item) => {
    if (item.kind === "event") {
      const findings = applySettings(withText(textFindings(item), judge(item.event)), settings);
      score.event(item.event, findings);
      if (findings.length > 0 || result.showsClean) result.add(toEventItem(item, findings));
    } else {
      const severity = settings.get(item.rule) ?? rules[item.rule].severity;
      if (severity === "off") return;
      score.finding(severity);
      result.add(toFindingItem(item, severity));
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
  readonly part: ResultPart;
}

/** `validate` in a thread. */
export async function createValidateJob({ filter, part, ...options }: ValidateJobOptions): Promise<Job> {
  const score = createPartialRunStats();
  const result = await openPart(part);
  const visit = createValidator(await openJudge(options), options.rules, { score, result });
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
