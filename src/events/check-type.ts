import type { Finding } from "../findings/finding.ts";
import type { Catalog } from "./catalog.ts";
import { placeOf } from "./describe-value.ts";
import type { TwilioEvent } from "./event.ts";
import { eventFinding } from "./rules.ts";

/** Reports type-unknown, type-deprecated, type-restricted and type-discontinued; a missing type is the envelope's fault. */
export function checkType(event: TwilioEvent, catalog: Catalog, findings: Finding[]): void {
  const { type } = event;
  if (type === undefined || type === "") return;
  const entry = catalog.types.get(type);
  if (entry === undefined) {
    findings.push(eventFinding("type-unknown", { type, nearest: catalog.suggest(type) }, placeOf("/type", type)));
  } else if (entry.status !== "available") {
    findings.push(
      eventFinding(`type-${entry.status}`, { type, replacement: entry.replacement }, placeOf("/type", type)),
    );
  }
}
