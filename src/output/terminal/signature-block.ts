import { count, grouped } from "../count-text.ts";
import { escapeIdentifier, maskPasswords, type Safe, safe } from "../escape.ts";
import type { SignatureItem, SignaturesItem } from "../items.ts";
import { findingLines, hang, header, type TerminalStyle } from "./blocks.ts";
import { flow, type Piece, pad, wrap } from "./layout.ts";
import { glyphsFor, textFor } from "./screen.ts";

const labelWidth = "signature".length;

const verdicts = {
  ok: safe`holds`,
  bad: safe`does not hold`,
  missing: safe`is missing`,
  unverifiable: safe`cannot be verified`,
} as const satisfies Record<SignatureItem["state"], Safe>;

/** A request: where it stands, its URL, what became of its signature, the URL that was signed, and why it fails. */
export function signatureLines(item: SignatureItem, brush: TerminalStyle): Safe[] {
  const { colors, screen } = brush;
  const text = textFor(screen);
  const { state, url, signedUrl, changes } = item;
  const isOk = state === "ok";
  const verdict: Piece = { text: safe`${verdicts[state]}${extent(item)}`, paint: isOk ? colors.valid : colors.error };
  const block = [
    ...header(isOk ? "valid" : "error", item.source, {}, brush),
    ...row(safe`request`, requestPieces(item, brush), brush),
    ...row(safe`signature`, [verdict, ...tokenPieces(item, brush)], brush),
  ];
  if (signedUrl !== undefined && (signedUrl !== url || changes.length > 0)) {
    const how: Piece[] = changes.map((change) => ({ text: safe`(${text(change)})`, paint: colors.dim }));
    block.push(...row(safe`signed`, [{ text: text(signedUrl), paint: colors.plain }, ...how], brush));
  } else if (isOk) {
    block.push(...row(safe`signed`, [{ text: safe`the URL as it stands`, paint: colors.plain }], brush));
  }
  for (const note of item.notes) block.push(...row(safe`note`, [{ text: text(note), paint: colors.plain }], brush));
  return [...block, ...findingLines(item.findings, item.source, brush)];
}

function requestPieces({ method, url, isAssumed }: SignatureItem, { screen, colors }: TerminalStyle): readonly Piece[] {
  const text = textFor(screen);
  const name = escapeIdentifier(maskPasswords(method));
  if (url === undefined) return [{ text: safe`${name}, its URL unknown`, paint: colors.bold }];
  const whole: Piece = { text: safe`${name} ${text(url)}`, paint: colors.bold };
  return isAssumed ? [whole, { text: safe`(by its own headers)`, paint: colors.dim }] : [whole];
}

/** What of the request a signature that holds vouches for. */
function extent({ covers, bytes }: SignatureItem): Safe {
  if (covers === "url") return safe` for the URL; there is no body`;
  if (covers === "form") return safe` for the URL and the parameters, ${count(bytes, safe`byte`)}`;
  return covers === "hash" ? safe` for the URL and by its hash for the body, ${count(bytes, safe`byte`)}` : safe``;
}

function tokenPieces({ token }: SignatureItem, { colors }: TerminalStyle): readonly Piece[] {
  return token === undefined ? [] : [{ text: safe`(${token as Safe} token)`, paint: colors.dim }];
}

/** `    signature  holds …`, what follows aligned below it. */
function row(label: Safe, pieces: readonly Piece[], { width, colors }: TerminalStyle): Safe[] {
  const indent = pad(safe``, 4 + labelWidth + 2);
  const lines = flow(pieces, Math.max(20, width - indent.length), 1);
  return hang(lines, safe`    ${colors.name(pad(label, labelWidth))}  `, indent);
}

/** How many signatures hold, how many do not and why, and what of the input was read. */
export function signaturesLines(
  { summary, coverage }: SignaturesItem,
  { screen, width, colors }: TerminalStyle,
): Safe[] {
  const { requests, ok, bad, missing, unverifiable, unreadable } = summary;
  const { also, ...marks } = glyphsFor(screen);
  const mark = ok < requests || unreadable > 0 ? "error" : requests === 0 ? "warning" : "valid";
  const others: readonly (readonly [number, Safe])[] = [
    [bad, bad === 1 ? safe`does not hold` : safe`do not hold`],
    [missing, missing === 1 ? safe`is missing` : safe`are missing`],
    [unverifiable, safe`cannot be verified`],
  ];
  const failed = others.filter(([number]) => number > 0).map(([number, words]) => safe`${grouped(number)} ${words}`);
  const held = ok === 0 ? [] : [safe`${grouped(ok)} ${ok === 1 ? safe`holds` : safe`hold`}`];
  const phrases = requests === 0 ? [] : [...held, ...failed];
  const verdict = safe`${count(requests, safe`signature`)}${phrases.length > 0 ? safe`:` : safe``}`;
  const pieces: readonly Piece[] = [
    { text: verdict, paint: colors.bold },
    ...phrases.map((phrase, index) => ({ text: index === 0 ? phrase : safe`${also} ${phrase}`, paint: colors.plain })),
  ];
  const lines = flow(pieces, width - 2, 1);
  if (coverage) lines.push(...wrap(textFor(screen)(coverage), width - 2));
  return hang(lines, safe`${colors[mark](marks[mark])} `, safe`  `);
}
