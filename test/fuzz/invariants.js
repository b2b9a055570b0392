// What no run may do, whatever it reads.
import { parseXml } from "@rgrove/parse-xml";
import { goodsIn, isHeldInside, missing } from "./sample-events.js";

/** What is wrong with the result of a job over the input, in words that begin with its kind. */
export function wrongIn(program, job, result, input) {
  const { code, stdout, stderr } = result;
  if (!job.codes.includes(code)) return `exit ${code}: ${stderr.split("\n", 1)[0]}`;
  const told = plain.test(stderr) ? undefined : program.leak(stderr);
  if (told !== undefined) return `leak: U+${told} was printed on stderr`;
  if (job.command === "migrate" && job.format === "") {
    // What is packed is written unpacked.
    const isPacked = input[0] === 0x1f && input[1] === 0x8b;
    return code === 2 || isPacked ? undefined : wrongRewriting(program, stdout, input);
  }
  if (code === 2 && !stderr.includes("1 input not read")) return `exit 2: ${stderr.split("\n", 1)[0]}`;
  return wrongText(program, job, stdout) ?? wrongForm(job, stdout) ?? wrongContent(job, stdout, input);
}

/** Text of which no character needs to be looked at. */
const plain = /^[\n -~]*$/;

function wrongText({ leak, ownColors }, { command, format, argv, columns }, stdout) {
  const isColored = argv.includes("always") || (columns !== undefined && !argv.includes("never"));
  const colored = isColored ? `|${ownColors.source}` : "";
  // What is indented in a body, TwiML or text, keeps its tabs.
  const tabs = command === "decode" && (format === "pretty" || format === "markdown") ? "\\t" : "";
  const leaked = plain.test(stdout) ? undefined : leak(stdout, new RegExp(`[\\n${tabs}]${colored}`, "g"));
  if (leaked !== undefined) return `leak: U+${leaked} was printed`;
  if (stdout === "") return undefined;
  if (!stdout.endsWith("\n")) return "end: no newline at the end";
  return stdout === "\n" || stdout.endsWith("\n\n") ? "end: not one newline at the end" : undefined;
}

/** A finding as `compact` writes it, of standard input; and what `migrate --diff` writes for it. */
const finding = /^-:\d+:\d+ {2}(?:error|warning|info) {2}[a-z0-9-]+ {2}\S/;
const change = /^-:\d+:\d+ {2}/;
/** A workflow command of GitHub. */
const annotation = /^::(?:error|warning|notice) title=[\w-]+::/;

const eachLine = (isRight) => (stdout) => stdout.split("\n").find((line) => line !== "" && !isRight(line));

/** By format: the line, or the reason, that is not of its form. */
const forms = {
  ndjson: eachLine(isJson),
  json: (stdout) => (isJson(stdout) ? undefined : "all of it"),
  github: eachLine((line) => annotation.test(line)),
  sarif: wrongSarif,
  junit: wrongJunit,
};

function wrongForm({ command, format, argv }, stdout) {
  if (format === "compact") {
    const form = command === "migrate" && argv.includes("--diff") ? change : finding;
    const forged = eachLine((line) => form.test(line))(stdout);
    return forged && `forged: a line that is no finding: ${forged.slice(0, 80)}`;
  }
  if (command === "report") return wrongPage(stdout);
  const isLines = command === "extract" || command === "redact";
  if (stdout === "" && (isLines || command === "migrate")) return undefined;
  const wrong = forms[isLines ? "ndjson" : format]?.(stdout);
  const kind = isLines || format === "ndjson" ? "json" : format;
  return wrong && `${kind}: does not parse: ${wrong.slice(0, 80)}`;
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function wrongSarif(stdout) {
  if (!isJson(stdout)) return "no JSON";
  const [{ results, tool }] = JSON.parse(stdout).runs;
  const { rules } = tool.driver;
  return results.find(({ ruleId, ruleIndex }) => rules[ruleIndex]?.id !== ruleId)?.ruleId;
}

function wrongJunit(stdout) {
  try {
    return parseXml(stdout).root?.name === "testsuites" ? undefined : "another root";
  } catch (error) {
    return String(error);
  }
}

/** The elements of a page; what an event holds is never one. */
const elements = new Set(
  (
    "!DOCTYPE a b body button circle code dd details div dl dt figcaption figure footer g h1 h2 h3 head header html input " +
    "label li line main meta noscript ol option p path pre rect script section select span style summary svg table tbody " +
    "td text th thead title tr"
  ).split(" "),
);

function wrongPage(stdout) {
  if (!stdout.startsWith("<!DOCTYPE html>\n") || !stdout.endsWith("</body>\n</html>\n")) return "html: cut off";
  let scripts = 0;
  for (const [, name] of stdout.matchAll(/<\/?([!?\w][\w:.-]*)/g)) {
    if (!elements.has(name)) return `html: <${name}> is none of ours`;
    if (name === "script") scripts++;
  }
  return scripts === 2 ? undefined : `html: ${scripts / 2} scripts`;
}

function wrongContent({ command, argv, format, isWhole }, stdout, input) {
  const hides = command === "redact" || argv.some((word) => word.startsWith("--redact"));
  // Some findings say how a number is written; they do not have it from the input.
  const [number] = (hides && /1415555\d{4}/.exec(stdout.replaceAll("as +14155550100", ""))) || [];
  if (number !== undefined) return `person: ${number} was shown`;
  if (!isWhole) return undefined;
  const lost = missing(command, format, argv, stdout, () => goodsIn(input)).filter(
    (good) => !isHeldInside(input, good),
  );
  return lost.length > 0 ? `hidden: the good event of line ${lost[0].line}` : undefined;
}

/** Only the deprecated types differ, and every one of them is gone. */
function wrongRewriting({ eventTypes }, stdout, input) {
  let expected = input.toString("latin1");
  let still = stdout;
  for (const { type, replacement } of eventTypes) {
    if (replacement === undefined) continue;
    expected = expected.replaceAll(type, replacement);
    still = still.replaceAll(type, replacement);
  }
  return expected === still ? undefined : "changed: a byte that is no deprecated type";
}
