import { excerpt, type Finding } from "../findings/finding.ts";
import { memoize } from "../input/memoize.ts";
import { describe, placeOf } from "./describe-value.ts";
import type { TwilioEvent } from "./event.ts";
import { parseRfc3339 } from "./parse-time.ts";
import { eventFinding } from "./rules.ts";
import type { Schemas } from "./schemas/bundled.ts";
import type { SchemaError } from "./schemas/validators.js";

/** Attributes that another rule speaks of. */
const elsewhere: ReadonlySet<string> = new Set(["datacontenttype", "dataschema", "time"]);

/** RFC 9110, section 8.3.1: type "/" subtype, then parameters. */
const mediaType = /^[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+\s*(?:;|$)/;
const isMediaType = memoize((text) => mediaType.test(text));

/** Reports envelope and envelope-content-type: the attributes of CloudEvents 1.0, section 3.1. */
export function checkEnvelope(event: TwilioEvent, schemas: Schemas, findings: Finding[]): void {
  const validate = schemas.get("CloudEvents/1.0")?.validate;
  if (validate !== undefined && !validate(event.value)) reportAttributes(event, validate.errors ?? [], findings);
  const contentType = event.value.datacontenttype;
  if (contentType !== undefined && contentType !== null) checkContentType(contentType, findings);
}

/** One finding an attribute: an ill-typed one breaks several keywords at once. */
function reportAttributes(event: TwilioEvent, errors: readonly SchemaError[], findings: Finding[]): void {
  const reported = new Set(elsewhere);
  for (const { keyword, params, instancePath } of errors) {
    const missing = keyword === "required";
    const attribute = missing ? String(params.missingProperty) : instancePath.slice(1);
    if (reported.has(attribute)) continue;
    reported.add(attribute);
    if (missing) {
      findings.push(eventFinding("envelope", { fault: "missing", attribute }, { pointer: "" }));
    } else {
      const found = event.value[attribute];
      const expected = attribute === "specversion" ? 'the string "1.0"' : "a string that is not empty";
      const data = { fault: "value", attribute, expected, found: describe(found) } as const;
      findings.push(eventFinding("envelope", data, placeOf(instancePath, found)));
    }
  }
}

function checkContentType(contentType: unknown, findings: Finding[]): void {
  const isText = typeof contentType === "string";
  if (isText && (contentType === "application/json" || isMediaType(contentType))) return;
  const isTime = isText && parseRfc3339(contentType) !== undefined;
  const data = { found: isTime ? excerpt(contentType) : describe(contentType), isTime };
  findings.push(eventFinding("envelope-content-type", data, placeOf("/datacontenttype", contentType)));
}
