import type { Call } from "./call.ts";
import { isTerminal, rankOf, type Stage } from "./store/row.ts";
import type { Brief } from "./store/rows.ts";

/** What the run's calls have in common: what one of them lacks is measured by the others. */
export interface Survey {
  add(rows: Iterable<Brief>): void;
  /** Of the calls like this one, itself left out: how many there are, and how many have the stage. */
  othersWith(call: Call, stage: Stage): { readonly having: number; readonly of: number };
  /** Whether any call has come to its end. */
  readonly seesEnds: boolean;
  /** The latest time of all, in epoch milliseconds. */
  readonly lastAt: number | undefined;
}

/** Surveys calls as they are added; each is to be added once before it is asked about. */
export function createSurvey(): Survey {
  const kinds = new Map<string, { calls: number; stages: Map<Stage, number> }>();
  let seesEnds = false;
  let lastAt: number | undefined;
  return {
    add(rows) {
      const stages: Stage[] = [];
      let direction: string | undefined;
      let status: string | undefined;
      for (const { common, party, at } of rows) {
        if (common.stage !== undefined && !stages.includes(common.stage)) stages.push(common.stage);
        direction ??= party.direction;
        if (rankOf(common.status) > rankOf(status)) status = common.status;
        if (at !== undefined && (lastAt === undefined || at > lastAt)) lastAt = at;
      }
      seesEnds ||= isTerminal(status);
      const key = kindOf({ direction, status });
      const kind = kinds.get(key) ?? { calls: 0, stages: new Map<Stage, number>() };
      kinds.set(key, kind);
      kind.calls++;
      for (const stage of stages) kind.stages.set(stage, (kind.stages.get(stage) ?? 0) + 1);
    },
    othersWith(call, stage) {
      const kind = kinds.get(kindOf(call));
      const own = stagesOf(call).has(stage) ? 1 : 0;
      return { having: Math.max(0, (kind?.stages.get(stage) ?? 0) - own), of: Math.max(0, (kind?.calls ?? 0) - 1) };
    },
    get seesEnds() {
      return seesEnds;
    },
    get lastAt() {
      return lastAt;
    },
  };
}

/** The stages that status callbacks told of. */
export function stagesOf(call: Call): ReadonlySet<Stage> {
  return new Set(call.steps.flatMap(({ stage }) => stage ?? []));
}

/** Calls of one direction that went the same way have the same steps. */
function kindOf({ direction, status }: Pick<Call, "direction" | "status">): string {
  return `${direction} ${status === "in-progress" ? "completed" : status}`;
}
