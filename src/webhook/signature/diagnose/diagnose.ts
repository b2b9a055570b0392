// The diagnosis of invalid signatures: this folder explains why a signature doesn't match, and decides nothing. Whether it
// matches is decided in ../signature.ts alone. To work on anything else, you can skip this folder: its interface is
// `diagnose`, `diagnoseVerdict`, `toFinding` and `oddNames` in this file. It signs variants of the URL (url-mismatch.ts), of
// the form (form-mismatch.ts) and of the body (body-mismatch.ts) until one produces the signature that was received.

import type { Finding } from "../../../findings/finding.ts";
import { formParameters, readForm } from "../../form.ts";
import { isForm } from "../../webhook-request.ts";
import { type SignatureBody, type SignatureChange, type SignatureMismatch, signatureFinding } from "../rules.ts";
import {
  bodyHashesIn,
  checkSignature,
  isBodiless,
  isSame,
  SIGNATURE_HEADER,
  type SignatureVerdict,
  signedText,
  signText,
} from "../signature.ts";
import { withoutFragment } from "../url-forms.ts";
import { findBodyMismatch } from "./body-mismatch.ts";
import { findFormMismatches } from "./form-mismatch.ts";
import { type DiagnosedRequest, findUrlMismatches } from "./url-mismatch.ts";

/** Why a signature does not hold, as the data of the rule that says it. */
export type Cause =
  | { readonly rule: "signature-missing"; readonly data: { readonly isEmpty: boolean } }
  | { readonly rule: "signature-mismatch"; readonly data: SignatureMismatch }
  | { readonly rule: "signature-body"; readonly data: SignatureBody };

/** So many texts are signed, with each token, before the doctor gives up; fewer where the form is a long one. */
const MAX_TRIALS = 1500;
const MAX_SIGNED_BYTES = 16 * 1024 * 1024;

/**
 * Why the request's signature holds for none of the URLs, the likeliest cause first; empty where it holds or nobody can
 * tell. Each cause but `unknown` was proved by making the signature again. Takes some milliseconds.
 */
export function diagnose(
  request: DiagnosedRequest,
  urls: readonly string[],
  tokens: readonly string[],
): readonly Cause[] {
  return diagnoseVerdict(checkSignature(request, urls, tokens), request, urls, tokens);
}

/** The same where the verdict is known. */
export function diagnoseVerdict(
  verdict: SignatureVerdict,
  request: DiagnosedRequest,
  urls: readonly string[],
  tokens: readonly string[],
): readonly Cause[] {
  if (verdict.state === "ok" || verdict.state === "none") return [];
  if (verdict.state === "missing") {
    return [{ rule: "signature-missing", data: { isEmpty: request.headers[SIGNATURE_HEADER] === "" } }];
  }
  if (verdict.state === "unverifiable" && verdict.reason === "no URL") {
    return [{ rule: "signature-mismatch", data: { fault: "no-url" } }];
  }
  const isUrlRight = verdict.state === "bad" && verdict.reason === "body";
  const mismatch = isUrlRight ? undefined : mismatchOf(request, urls, tokens);
  const causes: Cause[] = [];
  if (mismatch !== undefined && (verdict.state === "bad" || mismatch.fault === "changed")) {
    causes.push({ rule: "signature-mismatch", data: mismatch });
  }
  const body = bodyFaultOf(verdict, request, mismatch?.fault === "changed" ? [mismatch.signed] : urls);
  if (body !== undefined) causes.push({ rule: "signature-body", data: body });
  const names = oddNames(request);
  if (names.length > 0) causes.push({ rule: "signature-mismatch", data: { fault: "names", names } });
  return causes;
}

/** The cause with its sentence. */
export function toFinding(cause: Cause): Finding {
  switch (cause.rule) {
    case "signature-missing":
      return signatureFinding(cause.rule, cause.data);
    case "signature-mismatch":
      return signatureFinding(cause.rule, cause.data);
    case "signature-body":
      return signatureFinding(cause.rule, cause.data);
  }
}

/** Names of a form's parameters that could be taken for a part of what stands around them in the signed text. */
export function oddNames(request: DiagnosedRequest): readonly string[] {
  const parameters = formParameters(request);
  return [...(parameters?.keys() ?? [])].filter((name) => !/^[A-Za-z0-9_.-]+$/.test(name));
}

function bodyFaultOf(
  verdict: SignatureVerdict,
  request: DiagnosedRequest,
  urls: readonly string[],
): SignatureBody | undefined {
  if (isBodiless(request)) return undefined;
  for (const url of urls) {
    const fault = findBodyMismatch(request, url);
    if (fault !== undefined) return fault;
  }
  const isUncovered = verdict.state === "unverifiable" && urls.every((url) => bodyHashesIn(url).length === 0);
  return isUncovered && !isForm(request.headers) ? { fault: "uncovered" } : undefined;
}

/** What was tried, and what of it was found. */
interface Trial {
  readonly url: string;
  readonly suffix: string;
  readonly changes: readonly SignatureChange[];
}

function mismatchOf(
  request: DiagnosedRequest,
  urls: readonly string[],
  tokens: readonly string[],
): SignatureMismatch | undefined {
  const signature = request.headers[SIGNATURE_HEADER] as string;
  const header = headerFault(request, signature, urls, tokens);
  if (header !== undefined) return { fault: header };
  const given = Buffer.from(signature);
  const keys = tokens.filter((token) => token !== "");
  const tried = new Set<string>();
  let signed = 0;
  for (const { url, suffix, changes } of trials(request, urls)) {
    if (tried.size >= MAX_TRIALS || signed > MAX_SIGNED_BYTES) break;
    const made = keys.map((key) => signText(key, url + suffix));
    if (made.some((each) => isSame(given, each))) return { fault: "changed", signed: url, changes };
    tried.add(made[0] as string);
    signed += (url.length + suffix.length) * keys.length;
  }
  if (isForm(request.headers) && readForm(request.body) === undefined) return { fault: "not-utf8" };
  const hashed = urls.filter((url) => bodyHashesIn(url).length === 1);
  const isBodyIntact =
    hashed.length > 0 && !isBodiless(request) && hashed.every((url) => !findBodyMismatch(request, url));
  const [account] = readForm(request.body)?.get("AccountSid") ?? [];
  const isNamed = isForm(request.headers) && account !== undefined;
  return { fault: "unknown", tried: tried.size, isBodyIntact, ...(isNamed && { account }) };
}

/** Few changes before many, those of the URL before those of the body. */
function* trials(request: DiagnosedRequest, urls: readonly string[]): Generator<Trial> {
  const parameters = formParameters(request);
  const suffixes = parameters === undefined ? [""] : [signedText(parameters)];
  if (urls.some((url) => bodyHashesIn(url).length > 0) && parameters !== undefined) suffixes.push("");
  for (const url of urls) yield* withSuffixes(findUrlMismatches(url, request, 1), suffixes);
  for (const end of findFormMismatches(request)) for (const url of urls) yield { url: withoutFragment(url), ...end };
  for (const url of urls) yield* withSuffixes(findUrlMismatches(url, request, 2), suffixes);
  for (const url of urls) yield* withSuffixes(findUrlMismatches(url, request, 3), suffixes);
  for (const { suffix, changes } of findFormMismatches(request)) {
    for (const url of urls) {
      for (const fault of findUrlMismatches(url, request, 1)) {
        yield { url: fault.url, suffix, changes: [...fault.changes, ...changes] };
      }
    }
  }
}

function* withSuffixes(
  faults: Iterable<Pick<Trial, "url" | "changes">>,
  suffixes: readonly string[],
): Generator<Trial> {
  for (const fault of faults) for (const suffix of suffixes) yield { ...fault, suffix };
}

/** What is wrong with the header itself, where it is no signature at all. */
function headerFault(
  request: DiagnosedRequest,
  signature: string,
  urls: readonly string[],
  tokens: readonly string[],
): Extract<SignatureMismatch["fault"], "repeated" | "blank" | "quoted" | "malformed"> | undefined {
  if (/^[A-Za-z0-9+/]{27}=$/.test(signature)) return undefined;
  const holds = (value: string): boolean => {
    const { state } = checkSignature(
      { ...request, headers: { ...request.headers, [SIGNATURE_HEADER]: value } },
      urls,
      tokens,
    );
    return state === "ok";
  };
  if (/^[^,]{20,},/.test(signature)) return "repeated";
  if (signature.includes(" ") && holds(signature.replaceAll(" ", "+"))) return "blank";
  const [bare] = /[A-Za-z0-9+/]{27}=/.exec(signature) ?? [];
  if (bare !== undefined && holds(bare)) return "quoted";
  return "malformed";
}
