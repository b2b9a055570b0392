// Searches all output of the built program for canaries.
import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { begin, start } from "../support/spawn.ts";
import { inFolder } from "../support/temporary-folder.ts";
import { type EventSample, plantCanaries } from "./canaries.ts";
import { findCanaries } from "./find-canaries.ts";

/** The commands that run over all events. */
const commands = [
  "redact",
  ...["pretty", "compact", "json", "ndjson"].flatMap((format) => [
    `validate --redact --verbose -f ${format}`,
    `decode --redact -f ${format}`,
  ]),
  ...["pretty", "json", "markdown", "mermaid"].map((format) => `timeline --redact --all --verbose -f ${format}`),
];

/** Commands that print the same in another way. They run over some events. */
const others = [
  "redact --mode full",
  "redact --mode partial",
  "extract --redact",
  "timeline -f markdown",
  "timeline --redact -f compact",
  "timeline --redact -f ndjson",
  "timeline --redact --follow",
  "replay --redact --dry-run --to http://127.0.0.1:9/ --speed max",
  "replay --redact --dry-run --to http://127.0.0.1:9/ --speed max -f json",
];

const listens = ["-f pretty --calls", "-f compact", "-f ndjson"];

/** Commands that show canaries, because they don't redact. */
const unredacted = ["extract", "validate -f json", "decode -f json", "timeline -f json"];

async function makeSamples(count: number): Promise<readonly EventSample[]> {
  const { stdout } = await start(["sample", "all", "--calls", String(Math.ceil(count / 5) + 10)]);
  const lines = stdout.trim().split("\n").slice(0, count);
  return lines.map((line) => JSON.parse(line));
}

function post(port: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const sent = request({ host: "127.0.0.1", port, method: "POST", path: "/", headers });
    sent.once("response", (response) => response.resume().once("end", resolve));
    sent.once("error", reject);
    sent.end(body);
  });
}

/** Runs `listen` and sends each line as the body of a request. */
async function listenTo(lines: readonly string[], options: readonly string[]) {
  const { child, ended } = begin(["listen", "--port", "0", "--redact", "--verbose", ...options]);
  let stderr = "";
  let isSending = false;
  child.stderr?.on("data", async (chunk) => {
    stderr += chunk;
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(stderr)?.[1];
    if (isSending || port === undefined) return;
    isSending = true;
    for (const line of lines) await post(port, line);
    child.kill("SIGINT");
  });
  return ended;
}

interface CanaryOptions {
  readonly events: number;
  /** Whether to run one of each kind of command. */
  readonly isQuick?: boolean;
}

/**
 * Plants canaries in events and counts those in the redacted output. `unhidden` are the commands that show canaries
 * without redaction.
 */
export function canaryTrial({ events, isQuick = false }: CanaryOptions) {
  return inFolder(async (folder) => {
    const some = <Value>(list: readonly Value[]): readonly Value[] =>
      isQuick ? list.filter((_, at) => at % 5 === 1) : list;
    const lines = (await makeSamples(events)).map(plantCanaries);
    const save = async (name: string, count: number): Promise<string> => {
      const path = join(folder, name);
      const text = lines.slice(0, count).map((line) => `${line}\n`);
      await writeFile(path, text.join(""));
      return path;
    };
    const [all, few] = [await save("all.log", events), await save("some.log", 300)];
    const leaks: string[] = [];
    let bytes = 0;
    let runs = 0;
    const search = (name: string, { code, stdout, stderr }: Awaited<ReturnType<typeof start>>): void => {
      const text = stdout + stderr;
      if (code !== 0 && code !== 1) leaks.push(`${name}: exit ${code}: ${text.slice(-300)}`);
      bytes += text.length;
      runs++;
      leaks.push(...findCanaries(text).map((leak) => `${name}: ${leak}`));
    };
    for (const line of some(commands)) search(line, await start([...line.split(" "), all]));
    for (const line of some(others)) search(line, await start([...line.split(" "), few]));
    for (const line of some(listens)) search(`listen ${line}`, await listenTo(lines.slice(0, 120), line.split(" ")));
    const unhidden: string[] = [];
    for (const line of some(unredacted)) {
      const { stdout } = await start([...line.split(" "), few]);
      if (findCanaries(stdout).length > 100) unhidden.push(line);
    }
    return {
      events: lines.length,
      runs,
      bytes,
      unhidden: unhidden.length,
      leaks: leaks.length,
      first: leaks.slice(0, 8),
    };
  });
}
