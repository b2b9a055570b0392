import type { Call } from "../../src/calls/call.ts";
import type { ShownCall } from "../../src/calls/call-text.ts";
import { type CallsSummary, callsSummaryItem } from "../../src/calls/calls-summary-item.ts";
import { type PageContent, pageItem } from "../../src/features/explain/page-item.ts";
import { forwardedItem } from "../../src/features/listen/received-item.ts";
import { changeItem, type LocatedChange } from "../../src/features/migrate/change-item.ts";
import { deliveryItem, replayItem } from "../../src/features/replay/replay-items.ts";
import { reportedCallItem, reportItem } from "../../src/features/report/report-items.ts";
import { type CheckedRequest, signatureItem, signaturesItem } from "../../src/features/verify/signature-item.ts";
import { bodyItem, type LocatedBody } from "../../src/findings/body-item.ts";
import { eventItem } from "../../src/findings/event-item.ts";
import { type RunResult, summaryItem } from "../../src/findings/summary-item.ts";
import type { Evidence, ReportContent } from "../../src/output/html/report-content.ts";
import type { OutputItem } from "../../src/output/items.ts";
import type { EventLabel, LocatedFinding, Source } from "../../src/output/located-finding.ts";
import { documentItem, type TableContent, tableItem } from "../../src/output/table-item.ts";

/** A call in which any text may stand, as no real one has it. */
export type CallData = Omit<Call, "told" | "clocks"> & { readonly clocks: readonly string[] };
export type CallFinding = Omit<LocatedFinding, "line" | "column"> & { readonly source: Source; readonly more?: number };

/** What each kind of item is made of. */
export type ItemData =
  | {
      readonly kind: "event";
      readonly event: EventLabel;
      readonly source: Source;
      readonly valid: boolean;
      readonly findings: readonly LocatedFinding[];
    }
  | { readonly kind: "finding"; readonly source: Source; readonly finding: LocatedFinding }
  | ({ readonly kind: "body" } & LocatedBody)
  | { readonly kind: "document"; readonly text: string }
  | ({ readonly kind: "table" } & TableContent)
  | CallItemData
  | { readonly kind: "calls"; readonly summary: CallsSummary; readonly isOne: boolean; readonly coverage: string }
  | ({ readonly kind: "report" } & ReportData)
  | ({ readonly kind: "summary" } & RunResult)
  | ({ readonly kind: "signature" } & CheckedRequest)
  | ({ readonly kind: "signatures" } & Parameters<typeof signaturesItem>[0])
  | ({ readonly kind: "page" } & PageContent)
  | ({ readonly kind: "change" } & LocatedChange);

export interface CallItemData extends Omit<ShownCall, "call" | "findings"> {
  readonly kind: "call";
  readonly call: CallData;
  readonly findings: readonly CallFinding[];
  readonly evidence?: readonly Evidence[];
}

type Loosened<T> = Omit<T, "rules" | "loose">;

export interface ReportData extends Loosened<ReportContent> {
  readonly rules: readonly (Omit<ReportContent["rules"][number], "rule"> & { readonly rule: string })[];
  readonly loose: readonly CallFinding[];
}

/** The item of the data. */
export function toItem(data: ItemData): OutputItem {
  switch (data.kind) {
    case "finding":
      return eventItem({ source: data.source, findings: [data.finding] });
    case "document":
      return documentItem(data.text);
    default: {
      const { kind, ...rest } = data;
      return makers[kind](rest as never);
    }
  }
}

const makers: Readonly<Record<Exclude<ItemData["kind"], "finding" | "document">, (data: never) => OutputItem>> = {
  event: eventItem,
  body: bodyItem,
  table: tableItem,
  call: reportedCallItem,
  calls: callsSummaryItem,
  report: reportItem,
  summary: summaryItem,
  signature: signatureItem,
  signatures: signaturesItem,
  page: pageItem,
  change: changeItem,
};

/** Items that only a person is shown, whatever is in them. */
export const forPeople = {
  forwarded: () => forwardedItem({} as never),
  delivery: () => deliveryItem({} as never),
  replay: () => replayItem({} as never, ""),
  calls: () => callsSummaryItem({ summary: {} } as never),
  report: () => reportItem({} as never),
  signatures: () => signaturesItem({ summary: {} } as never),
  summary: () => summaryItem({ summary: {} } as never),
};
