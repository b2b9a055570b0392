import { maskPasswords } from "../escape.ts";
import type { SignatureItem } from "../items.ts";
import { findingMembers, sourceJson, valueJson } from "./json-text.ts";

/** A request whose signature was checked as one JSON object; what is not known of it is absent. */
export function signatureJson({ source, findings, ...item }: SignatureItem): string {
  const { method, url, isAssumed, state, signedUrl, changes, token, covers, bytes, notes } = item;
  const text = (raw: string | undefined): string | undefined => raw && maskPasswords(raw);
  const members = {
    method: text(method),
    url: text(url),
    urlAssumed: isAssumed,
    signature: state,
    signedUrl: text(signedUrl),
    changes,
    token,
    covers,
    bytes,
    notes: notes.map(maskPasswords),
  };
  const found = findings.map((finding) => `{${findingMembers(finding)}}`).join(",");
  return `{"source":${sourceJson(source)},${valueJson(members).slice(1, -1)},"findings":[${found}]}`;
}
