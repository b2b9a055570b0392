/** What commands yield and formats render. Strings in it are `Raw`: formats escape them. */

import type { Raw } from "./escape.ts";
import type { ReportItem } from "./report-item.ts";
import type { RunInfo } from "./run-info.ts";

export interface Source {
  readonly input: Raw;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  readonly path: Raw;
}

export interface LocatedFinding {
  readonly rule: Raw;
  readonly severity: "error" | "warning" | "info";
  readonly message: Raw;
  /** What the message was made of; no format prints it. */
  readonly data?: unknown;
  readonly pointer?: Raw;
  readonly value?: Raw;
  /** Line and column in the source. */
  readonly line: number;
  readonly column: number;
  /** Line and column in the decoded response body, where the finding is about that. */
  readonly at?: BodyPosition;
}

export interface BodyPosition {
  readonly line: number;
  readonly column: number;
}

/** How the event names itself; what is absent there is absent here. */
export interface EventLabel {
  readonly id?: Raw;
  readonly type?: Raw;
  readonly callSid?: Raw;
  readonly schema?: Raw;
}

export interface EventItem {
  readonly kind: "event";
  readonly event: EventLabel;
  readonly source: Source;
  readonly valid: boolean;
  readonly findings: readonly LocatedFinding[];
}

/** A finding about text that is no event: broken JSON, a wrong encoding. */
export interface FindingItem {
  readonly kind: "finding";
  readonly finding: LocatedFinding;
  readonly source: Source;
}

/** What the customer's server answered, decoded. */
export interface BodyItem {
  readonly kind: "body";
  readonly event: EventLabel;
  readonly source: Source;
  /** Status code and duration of the answer, where they are known. */
  readonly code?: number;
  readonly durationMs?: number;
  readonly contentType?: Raw;
  readonly charset: Raw;
  /** The size in bytes, decoded. */
  readonly bytes: number;
  readonly body: "twiml" | "xml" | "json" | "html" | "text" | "binary" | "empty";
  /** The characters as they were sent. */
  readonly text: Raw;
  /** The text as a person reads it: indented, or a dump of bytes. */
  readonly shown: Raw;
  /** What the body is where its text does not say it. */
  readonly note?: Raw;
  readonly findings: readonly BodyFinding[];
}

export interface BodyFinding extends LocatedFinding {
  /** Where `at` stands in the shown text. */
  readonly shownAt?: BodyPosition;
}

/** A JSON text that is the result as it stands: an extracted event, a schema. `text` has no newline at its end. */
interface DocumentItem {
  readonly kind: "document";
  readonly text: Raw;
}

/** Rows with a header: the catalogue of types, the differences of two schemas. `rows` hold one string a column. */
export interface TableItem {
  readonly kind: "table";
  readonly columns: readonly Raw[];
  readonly rows: readonly (readonly Raw[])[];
  /** What machine formats print instead of the rows. */
  readonly value: unknown;
}

export interface StepData {
  readonly stage: Raw | undefined;
  readonly status: Raw | undefined;
  /** Epoch milliseconds, and milliseconds from the call's first step on. */
  readonly at: number | undefined;
  readonly offsetMs: number | undefined;
  readonly sequence: number | undefined;
  readonly type: Raw | undefined;
  readonly id: Raw | undefined;
  readonly callback: CallbackData | undefined;
  readonly source: Source;
}

interface CallbackData {
  readonly method: Raw | undefined;
  readonly url: Raw | undefined;
  readonly code: number | undefined;
  readonly durationMs: number | undefined;
}

export interface PhaseData {
  readonly name: "setup" | "ringing" | "before answer" | "in progress" | "call";
  readonly fromMs: number;
  readonly toMs: number;
  readonly isOpen: boolean;
}

/** A call that was put together from its events. What they do not tell is undefined; times are epoch milliseconds. */
export interface CallData {
  readonly sid: Raw;
  readonly parentSid: Raw | undefined;
  readonly direction: Raw | undefined;
  readonly from: Raw | undefined;
  readonly to: Raw | undefined;
  readonly status: Raw | undefined;
  readonly isOver: boolean;
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly totalMs: number | undefined;
  readonly ringMs: number | undefined;
  readonly talkMs: number | undefined;
  /** Seconds. */
  readonly callDuration: number | undefined;
  readonly sipCode: number | undefined;
  readonly clocks: readonly Raw[];
  /** Whether the times are whole seconds. */
  readonly isCoarse: boolean;
  readonly phases: readonly PhaseData[];
  readonly steps: readonly StepData[];
}

export interface CallFinding {
  readonly rule: Raw;
  readonly severity: LocatedFinding["severity"];
  readonly message: Raw;
  readonly data?: unknown;
  readonly source: Source;
  /** Where in the event, and what stands there; of a finding about one event alone. */
  readonly pointer?: Raw;
  readonly value?: Raw;
  /** So many of the same rule in the same call are not shown. */
  readonly more?: number;
}

/** An event of a call, for who wants to see it. */
export interface Evidence {
  readonly event: EventLabel;
  readonly source: Source;
  /** Its JSON, indented. */
  readonly text: Raw;
  /** How many characters were cut from its end. */
  readonly cut: number;
  /** What the customer's server answered, where there was a body. */
  readonly body: BodyItem | undefined;
}

/** An event as the listener shows it when it comes. */
export interface ReceivedItem {
  readonly kind: "arrival";
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly event: EventLabel;
  /** The step of the call, else what the event's type says. */
  readonly what: Raw;
  readonly from?: Raw;
  readonly to?: Raw;
  /** What the customer's server answered to the callback that the event tells of. */
  readonly code?: number;
  readonly durationMs?: number;
  readonly signature: "ok" | "bad" | "missing" | "unverifiable" | "none";
  /** It has come before. */
  readonly isDuplicate: boolean;
  /** What its sender was answered. */
  readonly answer: number;
  readonly source: Source;
  readonly valid: boolean;
  readonly findings: readonly LocatedFinding[];
}

/** How a request that was handed on was answered; `problem` says why it was not. */
export interface ForwardedItem {
  readonly kind: "forwarded";
  /** Epoch milliseconds. */
  readonly at: number;
  /** What was handed on, as in "ringing CAe57a…". */
  readonly what: Raw;
  readonly ms: number;
  readonly status?: number;
  readonly problem?: Raw;
  /** The beginning of an answer that is no success. */
  readonly head?: Raw;
}

/** A call: whole, on a line among others, or on a line as it ends while more are to come. */
export interface CallItem {
  readonly kind: "call";
  readonly detail: "whole" | "line" | "live";
  /** How many calls are above it in its family: 0 for one that no other began. */
  readonly depth: number;
  /** Of a whole call the moments of its family in order, epoch milliseconds: charts of several legs share a scale. */
  readonly moments: readonly number[];
  readonly call: CallData;
  readonly findings: readonly CallFinding[];
  /** Its events in their order of arrival, where the format is to show them. */
  readonly evidence?: readonly Evidence[];
}

/** Median and 95th percentile of so many lengths of time, in milliseconds. */
export interface Distribution {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
}

export interface CallsSummary {
  readonly inputs: number;
  readonly bytes: number;
  readonly events: number;
  /** Events that name no call. */
  readonly stray: number;
  readonly calls: number;
  readonly legs: number;
  /** The most frequent first; calls of which no status is known are under "unknown". */
  readonly statuses: readonly { readonly status: Raw; readonly calls: number }[];
  readonly ring: Distribution | undefined;
  readonly talk: Distribution | undefined;
  readonly callback: Distribution | undefined;
  /** How many callbacks took less than so many milliseconds but not less than the bucket before; the last has no end. */
  readonly callbacks: readonly { readonly below: number | undefined; readonly count: number }[];
  readonly rules: readonly { readonly rule: Raw; readonly findings: number }[];
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly unreadable: number;
}

export interface CallsSummaryItem {
  readonly kind: "calls";
  readonly summary: CallsSummary;
  /** One call that was shown whole needs no statistics. */
  readonly isOne: boolean;
  readonly coverage: Raw;
  /** The user has ended the run before all was read. */
  readonly isCutShort?: true;
}

export interface Summary {
  readonly inputs: number;
  readonly bytes: number;
  readonly events: number;
  readonly valid: number;
  readonly invalid: number;
  readonly calls: number;
  readonly duplicates: number;
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly unreadable: number;
}

export interface SummaryItem {
  readonly kind: "summary";
  readonly summary: Summary;
  /** What `events` of the summary are; events unless told. */
  readonly subject?: "bodies";
  /** One sentence: what was read, what of it held events, what did not and why. */
  readonly coverage: Raw;
  /** The user has ended the run before all was read. */
  readonly isCutShort?: true;
}

/** A delivery as `replay` would make it. */
export interface DeliveryItem {
  readonly kind: "delivery";
  /** Milliseconds from the first delivery on. */
  readonly dueMs: number;
  /** What is delivered, as in "ringing CAe57a…". */
  readonly what: Raw;
  /** The ids of the events in it. */
  readonly ids: readonly Raw[];
  readonly bytes: number;
  /** `again`: for the second time; `dropped`: not at all. */
  readonly fate: "sent" | "again" | "dropped";
}

/** How a replay went; where nothing was to be sent, what was planned. */
export interface ReplayReport {
  /** Where it went to, credentials masked. */
  readonly target: Raw;
  readonly isDryRun: boolean;
  /** Whether the requests had a signature. */
  readonly isSigned: boolean;
  /** Requests that were sent, second deliveries included, and those answered 2xx. */
  readonly sent: number;
  readonly delivered: number;
  readonly bytes: number;
  readonly dropped: number;
  /** What was found and is no webhook: items of the Call Events resource, records that hold part of a body. */
  readonly undeliverable: number;
  /** From the first request to the last answer. */
  readonly ms: number;
  readonly statuses: readonly { readonly status: number; readonly count: number }[];
  /** The most frequent first; `what` is the status, or the problem where there was no answer. */
  readonly failures: readonly {
    readonly what: number | Raw;
    readonly count: number;
    readonly example: Raw;
    readonly ids: readonly Raw[];
  }[];
  /** Milliseconds. */
  readonly latency:
    | { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number }
    | undefined;
  /** Second deliveries of which both answers are known, and those answered otherwise than the first. */
  readonly repeated: number;
  readonly differing: number;
  readonly differingIds: readonly Raw[];
}

export interface ReplayItem {
  readonly kind: "replay";
  readonly report: ReplayReport;
  readonly coverage: Raw;
}

/** A request whose signature was checked. */
export interface SignatureItem {
  readonly kind: "signature";
  readonly source: Source;
  readonly method: Raw;
  /** The URL that was checked; absent where none is known. `isAssumed`: it was put together from the request itself. */
  readonly url?: Raw;
  readonly isAssumed: boolean;
  readonly state: "ok" | "bad" | "missing" | "unverifiable";
  /** The URL that was signed, where it is known, and what makes it differ from the one that was checked. */
  readonly signedUrl?: Raw;
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
interface SignaturesSummary {
  readonly inputs: number;
  readonly bytes: number;
  readonly requests: number;
  readonly ok: number;
  readonly bad: number;
  readonly missing: number;
  readonly unverifiable: number;
  readonly unreadable: number;
}

export interface SignaturesItem {
  readonly kind: "signatures";
  readonly summary: SignaturesSummary;
  readonly coverage: Raw;
  /** The user has ended the run before all was read. */
  readonly isCutShort?: true;
}

/** Something explained, or the list of what can be. */
export interface PageItem {
  readonly kind: "page";
  readonly title: Raw;
  /** What it is about, in a word or two. */
  readonly about: Raw;
  readonly sections: readonly PageSection[];
  /** What machine formats print instead. */
  readonly value: unknown;
}

/** A part of a page: its heading, if it has one, and what stands under it. */
export type PageSection =
  | { readonly form: "text"; readonly heading?: Raw; readonly paragraphs: readonly Raw[] }
  | { readonly form: "terms"; readonly heading?: Raw; readonly terms: readonly (readonly [term: Raw, says: Raw])[] }
  | { readonly form: "lines"; readonly heading?: Raw; readonly lines: readonly Raw[] };

/** A place in a text that was or would be rewritten: its surroundings before and after. */
export interface ChangeItem {
  readonly kind: "change";
  readonly source: Source;
  readonly before: Raw;
  readonly after: Raw;
}

export type OutputItem =
  | PageItem
  | ChangeItem
  | SignatureItem
  | SignaturesItem
  | ReceivedItem
  | ForwardedItem
  | DeliveryItem
  | ReplayItem
  | EventItem
  | FindingItem
  | BodyItem
  | CallItem
  | CallsSummaryItem
  | ReportItem
  | DocumentItem
  | TableItem
  | SummaryItem;

/** How the reader's screen is. */
export interface Screen {
  readonly width: number;
  readonly color: boolean;
  readonly ascii: boolean;
  readonly verbose: boolean;
  readonly terminal: boolean;
  /** The zone that times are shown in, as Intl names it; UTC when there is none. */
  readonly timeZone?: string;
}

/** Renders items one by one; `end` returns what closes the output. Each returned string ends with a newline or is empty. */
export interface Renderer {
  /** Whether events without a finding are to be rendered too; the rest need not be made into items. */
  readonly showsClean: boolean;
  /** Whether the text of an item depends on no other item, so that texts made elsewhere can be put together. */
  readonly isStateless?: boolean;
  /** Counts findings, by their rules, that are not shown since so many of the rule were. */
  holdBack?(findings: ReadonlyMap<Raw, number>): void;
  render(item: OutputItem): string;
  end(): string;
}

export type Format = (screen: Screen, about?: RunInfo) => Renderer;
