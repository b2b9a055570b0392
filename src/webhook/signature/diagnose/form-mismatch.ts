import { isUtf8 } from "node:buffer";
import { decodePart, type FormPair, percentBytes, readPairs } from "../../form.ts";
import { groupPairs, isForm } from "../../webhook-request.ts";
import type { SignatureChange } from "../rules.ts";
import { type SignedRequest, signedText } from "../signature.ts";
import { withoutLastNewlines } from "./body-mismatch.ts";

/** What else of the body may have been signed, as it stands behind the URL in the signed text. */
export interface FormMismatch {
  readonly suffix: string;
  readonly changes: readonly SignatureChange[];
}

/** A form with more parameters is none that Twilio sends; a change of each of them would be too much to try. */
const MAX_PARAMETERS = 100;

/**
 * What may have been signed where not the body's parameters were: those that it had before something decoded it wrongly,
 * trimmed a value or dropped the empty ones, and what a signer takes that does not sign as Twilio does.
 */
export function* findFormMismatches({ headers, body }: SignedRequest): Generator<FormMismatch> {
  const text = isUtf8(body) ? body.toString("utf8") : body.toString("latin1");
  const isJson = /^\s*[[{]/.test(text);
  if (isForm(headers)) yield fault(isJson ? "json-as-form" : "no-parameters", []);
  if (isJson || !text.includes("=")) return;
  const type = headers["content-type"] ?? "not given";
  const read = readPairs(text, decodePart);
  if (!isForm(headers)) {
    if (read) yield fault("as-form", read, type);
    return;
  }
  const trimmed = withoutLastNewlines(text);
  if (trimmed !== text) yield fault("newline", readPairs(trimmed, decodePart));
  if (text.includes("+")) yield fault("plus", readPairs(text.replaceAll("+", "%2B"), decodePart));
  yield fault(
    "latin1",
    readPairs(text, (part) => percentBytes(part.replaceAll("+", " ")).toString("latin1")),
  );
  if (read === undefined) return;
  yield fault(
    "utf8-twice",
    read.map(([name, value]) => [name, halfDecoded(value)]),
  );
  yield* signerFaults(read);
  yield* emptyFaults(read);
  yield* trimFaults(read);
}

function fault(
  change: SignatureChange["change"],
  pairs: readonly FormPair[] | undefined,
  detail?: string,
): FormMismatch {
  const suffix = pairs === undefined ? "" : signedText(groupPairs(pairs));
  return { suffix, changes: [{ change, ...(detail !== undefined && { detail }) }] };
}

/** The text whose UTF-8 bytes were taken for characters; the text itself where they were not. */
function halfDecoded(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  return isUtf8(bytes) && bytes.toString("latin1") === text ? bytes.toString("utf8") : text;
}

function* signerFaults(pairs: readonly FormPair[]): Generator<FormMismatch> {
  const inOrder = (change: SignatureChange["change"], ordered: readonly FormPair[]): FormMismatch => ({
    suffix: ordered.map(([name, value]) => name + value).join(""),
    changes: [{ change }],
  });
  const byName = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  yield fault(
    "signed-trimmed",
    pairs.map(([name, value]) => [name, value.trim()]),
  );
  yield fault(
    "signed-filled",
    pairs.filter(([, value]) => value !== ""),
  );
  yield inOrder("signed-unsorted", pairs);
  yield inOrder(
    "signed-repeats",
    pairs.toSorted(([one, first], [other, second]) => byName(one, other) || byName(first, second)),
  );
  yield inOrder(
    "signed-caseless",
    pairs.toSorted(([one], [other]) => byName(one.toLowerCase(), other.toLowerCase())),
  );
  yield fault("signed-last", [...new Map(pairs)]);
}

/**
 * The geographic parameters, which are empty where Twilio does not know the place; Caller has what From has, and Called
 * what To has (twilio.com/docs/voice/api/call-resource#statuscallbackevent).
 */
const places = ["City", "State", "Zip", "Country"].flatMap((part) => [
  [`Caller${part}`, `From${part}`],
  [`Called${part}`, `To${part}`],
]);

/** Every set of the geographic parameters that are missing, put back with empty values: at most 255. */
function* emptyFaults(pairs: readonly FormPair[]): Generator<FormMismatch> {
  const names = new Set(pairs.map(([name]) => name));
  const missing = places.map((group) => group.filter((name) => !names.has(name))).filter((group) => group.length > 0);
  for (let set = 1; set < 2 ** missing.length; set++) {
    const dropped = missing.filter((_, index) => (set >> index) & 1).flat();
    yield fault("empty-dropped", [...pairs, ...dropped.map((name): FormPair => [name, ""])], dropped.join(", "));
  }
}

/** Each value with a blank or a line break that it may have had. */
function* trimFaults(pairs: readonly FormPair[]): Generator<FormMismatch> {
  if (pairs.length > MAX_PARAMETERS) return;
  for (const [index, [name, value]] of pairs.entries()) {
    for (const whole of [`${value} `, ` ${value}`, `${value}\n`]) {
      yield fault("trimmed", pairs.with(index, [name, whole]), name);
    }
  }
}
