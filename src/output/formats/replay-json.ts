import type { Safe } from "../escape.ts";
import type { DeliveryItem, ReplayReport } from "../items.ts";
import { valueJson } from "./json-text.ts";

/** A planned delivery: `{"dueMs","fate","what","ids","bytes"}`. */
export function deliveryJson({ dueMs, fate, what, ids, bytes }: DeliveryItem): Safe {
  return valueJson({ dueMs, fate, what, ids, bytes });
}

/** How a replay went, on one line; of one that was only planned what was counted. */
export function replayJson(report: ReplayReport): Safe {
  const { target, isDryRun, isSigned, sent, delivered, bytes, dropped, undeliverable, ms } = report;
  const { statuses, failures, latency, repeated, differing, differingIds } = report;
  if (isDryRun) return valueJson({ target, dryRun: true, deliveries: sent, bytes, dropped, undeliverable });
  return valueJson({
    target,
    signed: isSigned,
    sent,
    delivered,
    bytes,
    dropped,
    undeliverable,
    ms,
    statuses: Object.fromEntries(statuses.map(({ status, count }) => [status, count])),
    failures: failures.map(({ what, count, example, ids }) => ({
      ...(typeof what === "number" ? { status: what } : { problem: what }),
      count,
      example,
      ids,
    })),
    ...(latency !== undefined && { latencyMs: latency }),
    duplicates: { compared: repeated, differing, ids: differingIds },
  });
}
