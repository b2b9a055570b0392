import { findingJson } from "../../findings/event-item.ts";
import { redactLocated, redactMembers, redactSource } from "../../findings/redact-located.ts";
import { count, grouped } from "../../output/count-text.ts";
import { escapeIdentifier, maskPasswords, type Raw, type Safe, safe } from "../../output/escape.ts";
import type { OutputItem } from "../../output/items.ts";
import type { LocatedFinding, Source } from "../../output/located-finding.ts";
import { reportableAt } from "../../output/reportable.ts";
import { behindDots, findingLines, header, summaryBlock } from "../../output/terminal/finding-lines.ts";
import { flow, hang, type Piece, pad } from "../../output/terminal/layout.ts";
import type { TerminalStyle } from "../../output/terminal/style.ts";
import { type Ended, totalsOf } from "../../output/totals.ts";

/** A request whose signature was checked. */
export interface CheckedRequest {
  readonly source: Source;
  readonly method: Raw;
  /** The URL that was checked; absent where none is known. `isAssumed`: it was put together from the request itself. */
  readonly url?: Raw | undefined;
  readonly isAssumed: boolean;
  readonly state: "ok" | "bad" | "missing" | "unverifiable";
  /** The URL that was signed, where it is known, and what makes it differ from the one that was checked. */
  readonly signedUrl?: Raw | undefined;
  readonly changes: readonly Raw[];
  readonly token?: "primary" | "secondary";
  /** What a signature that holds covers: the form's parameters, the body through its hash, or a URL without a body. */
  readonly covers?: "form" | "hash" | "url";
  /** The size of the body. */
  readonly bytes: number;
  readonly notes: readonly Raw[];
  readonly findings: readonly LocatedFinding[];
}

/** How many requests had which signature. */
interface SignaturesResult extends Ended {
  readonly summary: Readonly<Record<CheckedRequest["state"] | "inputs" | "bytes" | "requests" | "unreadable", number>>;
}

const labelWidth = "signature".length;

const verdicts = {
  ok: safe`holds`,
  bad: safe`does not hold`,
  missing: safe`is missing`,
  unverifiable: safe`cannot be verified`,
} as const satisfies Record<CheckedRequest["state"], Safe>;

/** A request: where it stands, its URL, what became of its signature, the URL that was signed, and why it fails. */
export function signatureItem(request: CheckedRequest): OutputItem {
  const { source, method, url, isAssumed, state, signedUrl, changes, token, covers, bytes, notes, findings } = request;
  return {
    text(style) {
      style.explain(findings);
      return style.block(requestLines(request, style));
    },
    redacted: (redactor) =>
      signatureItem({
        ...redactMembers(request, { method: "plain", url: "url", signedUrl: "url" }, redactor),
        source: redactSource(source, redactor),
        changes: changes.map(redactor.prose),
        notes: notes.map(redactor.prose),
        findings: findings.map((each) => redactLocated(each, redactor)),
      }),
    section: "requests",
    json: () => ({
      ...{
        source,
        method,
        url,
        urlAssumed: isAssumed,
        signature: state,
        signedUrl,
        changes,
        token,
        covers,
        bytes,
        notes,
      },
      findings: findings.map(findingJson),
    }),
    reportable: () => reportableAt(request, "request", {}, [url === undefined ? method : `${method} ${url}`]),
  };
}

function requestLines(request: CheckedRequest, style: TerminalStyle): Safe[] {
  const { source, url, isAssumed, state, signedUrl, changes, token, notes, findings } = request;
  const { colors, text } = style;
  const dim = (words: Safe): Piece => ({ text: words, paint: colors.dim });
  const isOk = state === "ok";
  const name = escapeIdentifier(maskPasswords(request.method));
  const called = url === undefined ? safe`${name}, its URL unknown` : safe`${name} ${text(url)}`;
  const verdict: Piece = {
    text: safe`${verdicts[state]}${extent(request)}`,
    paint: isOk ? colors.valid : colors.error,
  };
  const block = [
    ...header(isOk ? "valid" : "error", source, {}, style),
    ...factLines(
      safe`request`,
      [
        { text: called, paint: colors.bold },
        ...(isAssumed && url !== undefined ? [dim(safe`(by its own headers)`)] : []),
      ],
      style,
    ),
    ...factLines(
      safe`signature`,
      [verdict, ...(token === undefined ? [] : [dim(safe`(${token as Safe} token)`)])],
      style,
    ),
  ];
  if (signedUrl !== undefined && (signedUrl !== url || changes.length > 0)) {
    const how = changes.map((change) => dim(safe`(${text(change)})`));
    block.push(...factLines(safe`signed`, [text(signedUrl), ...how], style));
  } else if (isOk) {
    block.push(...factLines(safe`signed`, [safe`the URL as it stands`], style));
  }
  for (const note of notes) block.push(...factLines(safe`note`, [text(note)], style));
  return [...block, ...findingLines(findings, source, style)];
}

/** What of the request a signature that holds vouches for. */
function extent({ covers, bytes }: CheckedRequest): Safe {
  if (covers === "url") return safe` for the URL; there is no body`;
  if (covers === "form") return safe` for the URL and the parameters, ${count(bytes, safe`byte`)}`;
  return covers === "hash" ? safe` for the URL and by its hash for the body, ${count(bytes, safe`byte`)}` : safe``;
}

/** `    signature  holds …`, what follows aligned below it. */
function factLines(label: Safe, pieces: readonly Piece[], { width, colors }: TerminalStyle): Safe[] {
  const indent = pad(safe``, 4 + labelWidth + 2);
  const lines = flow(pieces, Math.max(20, width - indent.length), 1);
  return hang(lines, safe`    ${colors.name(pad(label, labelWidth))}  `, indent);
}

/** How many signatures hold, how many do not and why, and what of the input was read. */
export function signaturesItem(result: SignaturesResult): OutputItem {
  const { summary, coverage } = result;
  const { inputs, requests, ok, bad, missing, unverifiable, unreadable } = summary;
  const signatures = count(requests, safe`signature`);
  return {
    text(style) {
      const mark = ok < requests || unreadable > 0 ? "error" : requests === 0 ? "warning" : "valid";
      const all: readonly (readonly [number, Safe])[] = [
        [ok, ok === 1 ? safe`holds` : safe`hold`],
        [bad, bad === 1 ? safe`does not hold` : safe`do not hold`],
        [missing, missing === 1 ? safe`is missing` : safe`are missing`],
        [unverifiable, safe`cannot be verified`],
      ];
      const phrases = all.filter(([number]) => number > 0).map(([number, words]) => safe`${grouped(number)} ${words}`);
      const text = phrases.length > 0 ? safe`${signatures}:` : signatures;
      const others = [...phrases.slice(0, 1), ...behindDots(phrases.slice(1), style)];
      const lines = flow([{ text, paint: style.colors.bold }, ...others], style.width - 2, 1);
      return style.block(summaryBlock(mark, lines, coverage, style));
    },
    redacted: ({ prose }) => signaturesItem({ ...result, coverage: prose(coverage) }),
    section: "requests",
    summary: () => summary,
    totals() {
      const counts = { requests, hold: ok, "do not hold": bad, missing, unverifiable, inputs };
      const title = ok === requests ? safe`${signatures}, all hold` : safe`${signatures}, ${grouped(ok)} hold`;
      return totalsOf(title, counts, unreadable, result);
    },
  };
}
