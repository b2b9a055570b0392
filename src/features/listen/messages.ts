import { count, formatBytes, grouped } from "../../output/count-text.ts";
import { escapeText, maskPasswords, type Safe, safe } from "../../output/escape.ts";
import { hang, wrap } from "../../output/terminal/layout.ts";
import type { SignatureCheck } from "./check-signatures.ts";
import type { ListenStats } from "./display.ts";
import type { Forwarding } from "./forward-requests.ts";
import type { RecordFile } from "./record-requests.ts";

interface Ready {
  /** As in "http://127.0.0.1:4319". */
  readonly origin: string;
  readonly options: {
    readonly host: string;
    readonly path: string;
    readonly publicUrl?: URL | undefined;
    readonly requireSignature?: true | undefined;
  };
  readonly record: RecordFile;
  readonly signatures: SignatureCheck;
  readonly forwarding: Forwarding | undefined;
  /** What is shown has no people in it. */
  readonly isRedacted: boolean;
  /** Columns. */
  readonly width: number;
}

/** What is said when the listener is ready: where it listens, what it does with what comes, and what to configure. */
export function readyLines({ origin, options, record, signatures, forwarding, isRedacted, width }: Ready): Safe {
  const { path, publicUrl } = options;
  const rows: (readonly [string, string])[] = [
    ["record", recordWords(record)],
    ["signatures", signatureWords(signatures, publicUrl)],
  ];
  if (forwarding) {
    const { target, health, start } = forwarding;
    rows.push(["forward", `to ${target}, which ${health}${start === "" ? "" : `; ${start}`}`]);
  }
  if (isRedacted) rows.push(["redacted", redactedWords(record, forwarding)]);
  rows.push(["configure", configureWords(origin, path, publicUrl)]);
  if (!isLocal(origin)) {
    rows.push(["warning", "every machine that reaches this address can send here; 127.0.0.1 is the default"]);
  }
  const words = (text: string): Safe => escapeText(maskPasswords(text));
  const lines = rows.flatMap(([name, says]) =>
    hang(
      wrap(words(says), Math.max(width, MIN_WIDTH) - INDENT),
      words(`  ${name.padEnd(INDENT - 2)}`),
      words(" ".repeat(INDENT)),
    ),
  );
  return [words(`Listening on ${origin}${path}  (Ctrl-C ends it)`), ...lines]
    .map((line) => `${line}\n`)
    .join("") as Safe;
}

/** Where the words begin that follow a row's name. */
const INDENT = 14;
const MIN_WIDTH = 40;

const isLocal = (origin: string): boolean => /^http:\/\/(?:127\.|\[::1\])/.test(origin);

function recordWords({ name, journal, lines }: RecordFile): string {
  if (name === undefined || journal === undefined)
    return "none: what comes is shown and not kept; --record FILE keeps it";
  const before =
    lines === 0 ? "" : `, behind ${count(lines, safe`request`)} (${formatBytes(journal.size)}) from before`;
  const { movedBytes } = journal.recovered;
  const moved = movedBytes > 0 ? `; ${grouped(movedBytes)} bytes of a torn line moved to ${name}.rejected` : "";
  return `${name}${before}${moved}`;
}

function redactedWords({ name }: RecordFile, forwarding: Forwarding | undefined): string {
  const others = [...(name === undefined ? [] : ["recorded"]), ...(forwarding === undefined ? [] : ["handed on"])];
  return `what is shown here${others.length === 0 ? "" : `; what is ${others.join(" and ")} stays as it came`}`;
}

function signatureWords({ isChecked }: SignatureCheck, publicUrl: URL | undefined): string {
  if (!isChecked) return "NOT checked; set TWILIO_AUTH_TOKEN or give --auth-token-file";
  if (publicUrl !== undefined) return `checked for ${publicUrl.href}`;
  return "checked for the URL that each request names; give --public-url behind a tunnel or proxy";
}

function configureWords(origin: string, path: string, publicUrl: URL | undefined): string {
  if (publicUrl === undefined) {
    return `give Twilio a public URL that leads to ${origin}${path}, and that URL here as --public-url`;
  }
  return `the destination of your webhook sink, or your status callback: ${publicUrl.href}`;
}

/** Where requests are that the app has not taken yet. */
export function keptLine({ journal }: RecordFile): Safe {
  const words = `twilio-events: what your app has not taken is in ${journal?.path}; replay sends it`;
  return safe`${escapeText(words)}\n`;
}

/** One sentence on what came and what became of it. */
export function coverageOf(
  { taken, again, rejected, lost, unshown, barren }: ListenStats,
  { name }: RecordFile,
  forwarding: Forwarding | undefined,
): string {
  const parts = [
    `${grouped(taken)} ${name === undefined ? "new" : `recorded in ${name}`}`,
    ...inWords([
      [again, "delivered again"],
      [barren, "without an event"],
      [rejected, "turned away"],
      [lost, "answered 503"],
      [unshown, "not shown, for want of time"],
    ]),
  ];
  const took = `Took ${count(taken + again + rejected + lost, safe`request`)}: ${parts.join(", ")}.`;
  return forwarding === undefined ? took : `${took} ${forwardWords(forwarding)}`;
}

/** The counts that are not zero, each with its words. */
const inWords = (counts: readonly (readonly [number, string])[]): readonly string[] =>
  counts.filter(([number]) => number > 0).map(([number, words]) => `${grouped(number)} ${words}`);

function forwardWords({ target, counts, isBehind }: Forwarding): string {
  const parts = [
    `${grouped(counts.delivered)} handed on to ${target}`,
    ...inWords([
      [counts.failing, "answered with a failure"],
      [counts["given up"], "given up (replay sends them again)"],
    ]),
  ];
  if (counts.unreadable > 0) parts.push(`${count(counts.unreadable, safe`line`)} unreadable`);
  if (isBehind()) parts.push("the rest when you listen again");
  return `${parts.join(", ")}.`;
}
