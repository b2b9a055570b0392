import type { Mode } from "../../src/redact/pseudonym.ts";
import { createRedactor, type Redactor } from "../../src/redact/redactor.ts";
import { decodeBody } from "../../src/twiml/decode/decode-body.ts";
import { isWellFormed } from "../../src/twiml/lint/lint-twiml.ts";

/** A redactor whose pseudonyms are the same in every run, but for another seed. */
export function redactorOf(mode: Mode = "hash", seed = 1): Redactor {
  const readers = { decodeBody: (text: string) => decodeBody(text, undefined), isWellFormed };
  return createRedactor({ key: Buffer.alloc(32, seed), mode, readers });
}

/** The text with each token by its sign alone, so that a test reads like what is meant: "+1·ph_" and "CA_". */
export const signs = (text: string): string => text.replace(/(?<=_)[a-z2-7]{13}/g, "");

/** The data of a signature that holds but for one change. */
export function changed(change: string, detail: string) {
  return { fault: "changed", signed: "https://example.com/voice", changes: [{ change, detail }] };
}
