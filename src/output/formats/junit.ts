import { count, grouped } from "../count-text.ts";
import { type Raw, type Safe, safe } from "../escape.ts";
import type { Format } from "../items.ts";
import { placesFor, type Reportable, type ReportableFinding } from "../reportable.ts";
import { aboutNothing } from "../run-info.ts";
import { textFor } from "../terminal/screen.ts";
import type { Totals } from "../totals.ts";

/** The numbers of a suite stand before its cases, so this many are kept; an input with more has several suites. */
const casesPerSuite = 1000;

/** So many findings of a case are told; the rest is counted. */
const findingsPerCase = 50;

/**
 * JUnit XML as the xunit plugin of Jenkins reads it (its junit-10.xsd): a suite for each input, a case for each event,
 * which fails where a finding is an error. Warnings and infos are its output.
 */
export const junit: Format = (screen, about = aboutNothing) => {
  const text = textFor(screen);
  const xml = (raw: Raw): string => escapeXml(text(raw));
  const placesOf = placesFor(screen);
  let isOpen = false;
  let totals: Totals | undefined;
  let suite = { name: "", part: 1 };
  let cases: string[] = [];
  let failures = 0;

  function line(placed: ReportableFinding): string {
    const { severity, rule, message, line, column } = placed.finding;
    const places = [safe`${text(placed.source.input)}:${line}:${column}`, ...placesOf(placed)].join(", ");
    return `${severity} ${xml(rule)}: ${xml(message)} (${escapeXml(places as Safe)})\n`;
  }

  function lines(findings: readonly ReportableFinding[]): string {
    const rest = findings.length - findingsPerCase;
    const more = rest > 0 ? `and ${grouped(rest)} more\n` : "";
    return `\n${findings.slice(0, findingsPerCase).map(line).join("")}${more}`;
  }

  function failure(errors: readonly ReportableFinding[]): string {
    const [first] = errors;
    if (first === undefined) return "";
    const rest = errors.length > 1 ? ` (and ${grouped(errors.length - 1)} more)` : "";
    const { rule, message } = first.finding;
    // Many readers know one failure for a case, so all of its errors are in that one.
    return `<failure type="${xml(rule)}" message="${xml(message)}${rest}">${lines(errors)}</failure>\n`;
  }

  function add(judged: Reportable): string {
    const { subject, label, names, source, findings } = judged;
    const name = source?.input ?? "calls";
    const before = name === suite.name && cases.length < casesPerSuite ? "" : close();
    suite = { name, part: name === suite.name ? suite.part + (before === "" ? 0 : 1) : 1 };
    const errors = findings.filter(({ finding }) => finding.severity === "error");
    const others = findings.filter(({ finding }) => finding.severity !== "error");
    if (errors.length > 0) failures++;
    const place = source === undefined ? "" : `${source.line}:${source.column}`;
    const own =
      subject === "event" || subject === "body" ? label.id : names[0] && `${names[0]}${place && ` at ${place}`}`;
    const called = `classname="${xml(label.type ?? subject)}" name="${xml(own ?? place)}"`;
    const output = others.length === 0 ? "" : `<system-out>${lines(others)}</system-out>\n`;
    const inside = failure(errors) + output;
    cases.push(inside === "" ? `<testcase ${called}/>\n` : `<testcase ${called}>\n${inside}</testcase>\n`);
    return before;
  }

  function open(): string {
    if (isOpen) return "";
    isOpen = true;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(about.tool.name)}">\n`;
  }

  /** The suite that is done, if any. */
  function close(): string {
    if (cases.length === 0) return "";
    const name = xml(suite.name) + (suite.part > 1 ? ` (part ${suite.part})` : "");
    const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
    const done = `${open()}<testsuite name="${name}" ${counts}>\n${cases.join("")}</testsuite>\n`;
    cases = [];
    failures = 0;
    return done;
  }

  /** What kept inputs from being judged is an error of a suite of its own: no case is there for it to fail. */
  function trouble({ unreadable, isCutShort, coverage }: Totals): string {
    const problems = [
      ...(unreadable > 0 ? [safe`${count(unreadable, safe`input`)} not read`] : []),
      ...(isCutShort ? [safe`interrupted before all was read`] : []),
    ];
    if (problems.length === 0) return "";
    const error = `<error type="inputs" message="${problems.join(", ")}">\n${xml(coverage)}\n</error>\n`;
    const only = `<testcase classname="inputs" name="are read">\n${error}</testcase>\n`;
    return `<testsuite name="inputs" tests="1" failures="0" errors="1">\n${only}</testsuite>\n`;
  }

  return {
    showsClean: true,
    render(item) {
      totals = item.totals?.(text) ?? totals;
      const judged = item.reportable?.();
      return judged === undefined ? "" : add(judged);
    },
    end: () => `${close()}${open()}${totals ? trouble(totals) : ""}</testsuites>\n`,
  };
};

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text of XML 1.0: what acts on a terminal is visible already, and so are two characters that XML cannot hold (2.2). */
function escapeXml(text: Safe): string {
  return text.replace(
    /[\ufffe\uffff]|[&<>"]/g,
    (char) => entities[char] ?? `\\u{${char.charCodeAt(0).toString(16).toUpperCase()}}`,
  );
}
