import type { Calls, Draft } from "./calls.ts";
import type { CheckedCall } from "./check-call.ts";
import { byText } from "./step-order.ts";

/** What calls can be sorted by: `time` and `status` go up, `findings` and `duration` down. */
export type Sort = "time" | "findings" | "duration" | "status";

const weights = { error: 1e8, warning: 1e4, info: 1 } as const;

/** The calls sorted; those that are alike, or of which it is not known, stand by their start, and by their SID. */
export function sorted(
  calls: Calls,
  drafts: readonly Draft[],
  by: Sort,
  judge: (draft: Draft) => CheckedCall,
): readonly Draft[] {
  const end = drafts.reduce((most, draft) => Math.max(most, draft + 1), 0);
  const starts = new Float64Array(end);
  for (const draft of drafts) starts[draft] = calls.start(draft) ?? Number.MAX_VALUE;
  const byStart = (one: Draft, other: Draft): number =>
    (starts[one] as number) - (starts[other] as number) || calls.compare(one, other);
  if (by === "time") return drafts.toSorted(byStart);
  const statuses = new Map<Draft, string>();
  const keys = new Float64Array(end);
  for (const draft of drafts) {
    const { call, findings } = judge(draft);
    if (by === "status") statuses.set(draft, call.status ?? "~");
    else if (by === "duration") keys[draft] = -(call.totalMs ?? -1);
    else keys[draft] = -findings.reduce((sum, { severity }) => sum + weights[severity], 0);
  }
  return drafts.toSorted(
    (one, other) =>
      (by === "status"
        ? byText(statuses.get(one), statuses.get(other))
        : (keys[one] as number) - (keys[other] as number)) || byStart(one, other),
  );
}
