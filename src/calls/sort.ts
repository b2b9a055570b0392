import type { Call } from "./call.ts";
import type { Draft } from "./calls.ts";
import type { CallFinding } from "./verdicts.ts";

/** What calls can be sorted by: `time` and `status` go up, `findings` and `duration` down. */
export type Sort = "time" | "findings" | "duration" | "status";

const weights = { error: 1e8, warning: 1e4, info: 1 } as const;

/** The calls sorted; those that are alike, or of which it is not known, stand by their start, and by their SID. */
export function sorted(
  drafts: readonly Draft[],
  by: Sort,
  judge: (draft: Draft) => { readonly call: Call; readonly findings: readonly CallFinding[] },
): readonly Draft[] {
  if (by === "time") return drafts.toSorted(byStart);
  const keys = new Map<Draft, number | string>();
  for (const draft of drafts) {
    const { call, findings } = judge(draft);
    if (by === "status") keys.set(draft, call.status ?? "~");
    else if (by === "duration") keys.set(draft, -(call.totalMs ?? -1));
    else keys.set(draft, -findings.reduce((sum, { severity }) => sum + weights[severity], 0));
  }
  return drafts.toSorted((one, other) => byKey(keys.get(one), keys.get(other)) || byStart(one, other));
}

function byStart(one: Draft, other: Draft): number {
  const first = one.start ?? Number.MAX_VALUE;
  const second = other.start ?? Number.MAX_VALUE;
  return first - second || (one.sid < other.sid ? -1 : 1);
}

function byKey(one: number | string = "", other: number | string = ""): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
