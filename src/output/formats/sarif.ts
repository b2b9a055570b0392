import { createHash } from "node:crypto";
import { grouped } from "../count-text.ts";
import { escapeJson, escapeText, maskPasswords, type Raw, type Safe } from "../escape.ts";
import type { Format } from "../items.ts";
import type { LocatedFinding } from "../located-finding.ts";
import { plain } from "../markdown-text.ts";
import { placesFor, type Reportable, type ReportableFinding } from "../reportable.ts";
import { aboutNothing, type RunInfo } from "../run-info.ts";
import { textFor } from "../terminal/screen.ts";
import { toJson } from "../to-json.ts";
import type { Totals } from "../totals.ts";

const levels = { error: "error", warning: "warning", info: "note" } as const satisfies Record<
  LocatedFinding["severity"],
  string
>;

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** Stands for the folder that the paths start from, which is not told: it is another on each machine. */
const root = "%SRCROOT%";

/**
 * SARIF 2.1.0: one run, whose results are written as they come, and at the end how it went. The exit code is not told,
 * since it is decided behind the result.
 */
export const sarif: Format = (screen, about = aboutNothing) => {
  const text = textFor(screen);
  const placesOf = placesFor(screen);
  const fingerprint = createFingerprints();
  const indexes = new Map(about.rules.map(({ name }, index) => [name, index]));
  const write = (value: unknown): Safe => escapeJson(toJson(value), screen.ascii);
  let results = 0;
  let totals: Totals | undefined;

  function result(placed: ReportableFinding, judged: Reportable): string {
    const { finding, source } = placed;
    const { rule, severity, message, at } = finding;
    const { type, callSid, schema: named } = judged.label;
    const isInFile = about.fileOf(source.input) !== undefined;
    const input = isInFile ? [] : [`${text(source.input)}:${finding.line}:${finding.column}`];
    const places = [...input, ...placesOf(placed)].join(", ");
    const ruleIndex = indexes.get(rule);
    const properties = {
      ...{ type, callSid, schema: named, pointer: finding.pointer, value: finding.value },
      path: source.path === "" ? undefined : source.path,
      body: at && `${at.line}:${at.column}`,
    };
    return write({
      ruleId: rule,
      ...(ruleIndex !== undefined && { ruleIndex }),
      level: levels[severity],
      message: { text: literal(`${text(message)}${places === "" ? "" : ` (${places})`}`) },
      locations: [location(placed, judged, about)],
      partialFingerprints: { "twilioEventsFinding/v1": fingerprint(placed, judged) },
      ...(Object.values(properties).some((value) => value !== undefined) && { properties }),
    });
  }

  function head(): string {
    const driver = { name: about.tool.name, version: about.tool.version, rules: about.rules.map(descriptor) };
    const run = {
      tool: { driver: { ...driver, version: driver.version === "" ? undefined : driver.version } },
      columnKind: "utf16CodeUnits",
      originalUriBaseIds: {
        [root]: { description: { text: "The root of the repository, else the working directory." } },
      },
    };
    const log = { $schema: schema, version: "2.1.0" };
    return `${write(log).slice(0, -1)},"runs":[${write(run).slice(0, -1)},"results":[`;
  }

  function append(placed: ReportableFinding, judged: Reportable): string {
    const before = results++ === 0 ? `${head()}\n` : ",\n";
    return before + result(placed, judged);
  }

  return {
    showsClean: false,
    render(item) {
      totals = item.totals?.(text) ?? totals;
      const judged = item.reportable?.();
      return judged === undefined ? "" : judged.findings.map((placed) => append(placed, judged)).join("");
    },
    end() {
      const before = results === 0 ? head() : "\n";
      const properties = totals && {
        coverage: totals.coverage,
        ...Object.fromEntries(totals.counts),
        unreadable: totals.unreadable,
      };
      return `${before}],${write({ invocations: [invocation(totals)], properties }).slice(1, -1)}}]}\n`;
    },
  };
};

/** The rule, for a reader who meets it for the first time. */
function descriptor({ name, severity, says, help }: RunInfo["rules"][number]) {
  return {
    id: name,
    shortDescription: { text: literal(says) },
    fullDescription: { text: literal(help) },
    defaultConfiguration: { level: levels[severity] },
    help: { text: literal(help), markdown: literal(asMarkdown(help)) },
  };
}

/** Code between backticks stays; around it nothing is a tag or a link. */
const asMarkdown = (help: string): string =>
  help
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : plain(part as Safe)))
    .join("");

/** In a message braces stand for arguments unless they are doubled, and `[a](b)` is a link (SARIF 2.1.0, 3.11.5 and 3.11.6). */
const literal = (text: string): string => text.replace(/\](?=\()/g, "\\u{5D}").replace(/[{}]/g, "$&$&");

/** Where the finding is: in a file at a line, and in an event at a pointer. */
function location({ finding, source }: ReportableFinding, { subject, label, names }: Reportable, { fileOf }: RunInfo) {
  const file = fileOf(source.input);
  const owner = label.id ?? label.callSid ?? names[0];
  const { pointer } = finding;
  const logical = [
    ...(pointer ? [{ name: lastKey(pointer), fullyQualifiedName: `${owner ?? ""}${pointer}`, kind: "property" }] : []),
    ...(owner === undefined ? [] : [{ name: owner, kind: subject }]),
  ];
  return {
    ...(file && {
      physicalLocation: {
        artifactLocation: file.isInside ? { uri: uriOf(file.path), uriBaseId: root } : { uri: fileUri(file.path) },
        region: { startLine: Math.max(1, finding.line), startColumn: Math.max(1, finding.column) },
      },
    }),
    ...(logical.length > 0 && { logicalLocations: logical }),
  };
}

const lastKey = (pointer: Raw): Raw =>
  pointer.slice(pointer.lastIndexOf("/") + 1).replace(/~([01])/g, (_, digit) => (digit === "1" ? "/" : "~"));

/** A path as a URI reference (RFC 3986); what no UTF-8 can hold is made visible first. */
const uriOf = (path: Raw): string =>
  maskPasswords(path)
    .replace(/\p{Cs}/gu, escapeText)
    .split("/")
    .map(encodeURIComponent)
    .join("/");

const fileUri = (path: Raw): string => `file://${path.startsWith("/") ? "" : "/"}${uriOf(path).replaceAll("%3A", ":")}`;

/** How the run went: it failed where an input was not read, or not to its end. */
function invocation(totals: Totals | undefined) {
  const { unreadable = 0, isCutShort = false } = totals ?? {};
  const problems = [
    ...(unreadable > 0 ? [`${grouped(unreadable)} of the inputs could not be read.`] : []),
    ...(isCutShort ? ["The run was interrupted before all was read."] : []),
  ];
  return {
    executionSuccessful: problems.length === 0,
    ...(problems.length > 0 && {
      toolExecutionNotifications: problems.map((text) => ({ level: "error", message: { text } })),
    }),
  };
}

/**
 * What makes a finding the same in another run: the rule, the event's id and the pointer, not the line. An event that
 * was delivered twice has the same findings twice. What has no id is known by its input and message, and of several
 * alike by its number among them.
 */
function createFingerprints(): (placed: ReportableFinding, judged: Reportable) => string {
  const inItem = createNumbers();
  const inInput = createNumbers();
  return ({ finding, source }, judged) => {
    const { rule, pointer = "", at, message } = finding;
    const owner = judged.label.id ?? (judged.subject === "call" ? judged.label.callSid : undefined);
    const own = owner === undefined ? [source.input, ...judged.names, message] : [owner];
    const key = JSON.stringify([rule, pointer, at ? `${at.line}:${at.column}` : "", ...own]);
    const number = owner === undefined ? inInput(key, source.input) : inItem(key, judged);
    return createHash("sha256").update(`${key}${number}`).digest("hex").slice(0, 32);
  };
}

/** So many are told apart within a scope; of more, those that are alike may get one number. */
const mostNumbered = 10_000;

/** Numbers what is alike within a scope, from 1. */
function createNumbers(): (key: string, scope: unknown) => number {
  const numbers = new Map<string, number>();
  let within: unknown;
  return (key, scope) => {
    if (scope !== within || numbers.size >= mostNumbered) numbers.clear();
    within = scope;
    const number = (numbers.get(key) ?? 0) + 1;
    numbers.set(key, number);
    return number;
  };
}
