import { openResult, type ResultOptions } from "../../cli/output.ts";
import { ExitCode, OutputError } from "../../errors.ts";
import { eventFinding } from "../../events/rules.ts";
import { eventItem } from "../../findings/event-item.ts";
import { GzipError } from "../../input/gunzip.ts";
import { problemOf, type SourceError } from "../../input/sources.ts";
import type { Io } from "../../io.ts";
import { count, grouped } from "../../output/count-text.ts";
import { escapeText, safe } from "../../output/escape.ts";
import type { OutputItem } from "../../output/items.ts";
import { changeItem } from "./change-item.ts";
import { inspectFile, replaceFile } from "./replace-file.ts";
import { type Change, createRewriting, type Left, type Replacements } from "./rewrite-types.ts";
import { shellWord } from "./subscriptions.ts";
import { NoTextError, openBytes, type TextInput } from "./text-inputs.ts";

/** What becomes of the rewritten text: it is printed, it takes the file's place, or it is only asked whether it differs. */
export type Mode = "print" | "in-place" | "check";

interface MigrateOptions extends ResultOptions {
  readonly mode: Mode;
  readonly showsDiff: boolean;
}

interface MigrateStats {
  inputs: number;
  changed: number;
  changes: number;
  hidden: number;
  unreadable: number;
  passedOver: number;
}

/** Rewrites the inputs in turn. Returns the exit code: 1 when --check finds something or base64 hides it. */
export async function migrate(
  io: Io,
  inputs: readonly (TextInput | SourceError)[],
  replacements: Replacements,
  options: MigrateOptions,
): Promise<ExitCode> {
  const { mode, showsDiff } = options;
  const isInPlace = mode === "in-place";
  const prints = mode === "print" && !showsDiff;
  const lists = mode === "check" || showsDiff;
  // A text is the whole result by itself, whatever the format.
  const format = prints ? "pretty" : options.format;
  const result = await openResult(io, { ...options, format, verbose: true }, inputs);
  const stats: MigrateStats = { inputs: 0, changed: 0, changes: 0, hidden: 0, unreadable: 0, passedOver: 0 };
  let interrupted = false;
  const release = io.onInterrupt(() => {
    interrupted = true;
  });

  /** The bytes as they are to be; tells `emit` of what it meets. */
  async function* rewritten(
    bytes: AsyncIterable<Buffer>,
    emit: (place: Change | Left) => void,
  ): AsyncGenerator<Buffer> {
    const rewriting = createRewriting(replacements, emit);
    for await (const chunk of bytes) yield rewriting.push(chunk);
    yield rewriting.end();
  }

  /** Reads one input through; returns why not all of it could be dealt with. */
  async function migrateOne(input: TextInput): Promise<string | undefined> {
    const bytes = await openBytes(input, isInPlace);
    const seen = isInPlace ? await inspectFile(input.name) : undefined;
    if (seen && "problem" in seen) return seen.problem;
    let problem: string | undefined;
    /** What can be read until Ctrl-C: where it breaks off is the end, so that nothing which came before is lost. */
    async function* readable(): AsyncGenerator<Buffer> {
      try {
        for await (const chunk of bytes) {
          if (interrupted) return;
          yield chunk;
        }
      } catch (error) {
        problem = problemWith(error, "read");
      }
    }
    let changes = 0;
    const left: Left[] = [];
    const emit = (place: Change | Left): void => {
      if (place.kind === "change") changes++;
      else if (place.why === "base64") stats.hidden++;
      if (place.kind === "left" && (showsDiff || !lists)) left.push(place);
      const item = lists ? toItem(input.name, place, showsDiff) : undefined;
      if (item !== undefined) result.add(item);
    };
    for await (const chunk of rewritten(readable(), emit)) {
      if (prints) await result.write(chunk);
      else await result.flush();
    }
    for (const place of left) await io.stderr.write(noteOf(input.name, place));
    if (seen) {
      if (problem !== undefined || changes === 0 || interrupted) return problem;
      const chunks = rewritten(await openBytes(input, isInPlace), () => undefined);
      const refusal = await replaceFile(seen, chunks, io.pid, () => interrupted);
      if (refusal) return refusal.problem;
    }
    stats.changes += changes;
    if (changes > 0) stats.changed++;
    return problem;
  }

  try {
    for (const input of inputs) {
      if (interrupted) break;
      stats.inputs++;
      let problem: string | undefined;
      try {
        problem = "problem" in input ? input.problem : await migrateOne(input);
      } catch (error) {
        if (error instanceof NoTextError && "isOfFolder" in input) {
          stats.passedOver++;
          continue;
        }
        problem = problemWith(error, isInPlace ? "replace" : "read");
      }
      if (problem === undefined) continue;
      stats.unreadable++;
      await io.stderr.write(safe`twilio-events: ${escapeText(input.name)}: ${escapeText(problem)}\n`);
    }
  } finally {
    release();
  }
  await result.end();
  await io.stderr.write(coverageOf(stats, isInPlace || prints ? "rewritten" : "to be rewritten"));
  if (interrupted) return ExitCode.Interrupted;
  if (stats.unreadable > 0) return ExitCode.Usage;
  return stats.hidden > 0 || (mode === "check" && stats.changes > 0) ? ExitCode.Findings : ExitCode.Done;
}

/** What an error of an input means; one of the output, or of the program, is thrown on. */
function problemWith(error: unknown, action: "read" | "replace"): string {
  const isOfInput =
    error instanceof GzipError || error instanceof NoTextError || (error instanceof Error && "code" in error);
  if (!isOfInput || error instanceof OutputError) throw error;
  return problemOf(error, action);
}

/** What is said where the tool leaves a name as it is. */
function wordsOf(input: string, { why, text }: Left): string {
  if (why === "part") return `${text} stands for deprecated types and is none itself; look whether it is to be changed`;
  const read = input === "-" ? "twilio-events extract" : `twilio-events extract ${shellWord(input)}`;
  return `a deprecated type stands here in base64, which is not rewritten; take the events out first: ${read} | twilio-events migrate`;
}

function noteOf(input: string, place: Left): string {
  const at = safe`${escapeText(input)}:${place.line}:${place.column}`;
  return safe`twilio-events: ${at}: ${escapeText(wordsOf(input, place))}\n`;
}

function toItem(input: string, place: Change | Left, showsDiff: boolean): OutputItem | undefined {
  const { line, column, offset } = place;
  const source = { input, line, column, offset, path: "" };
  if (showsDiff) {
    return place.kind === "left" ? undefined : changeItem({ source, before: place.before, after: place.after });
  }
  const { rule, severity, message } =
    place.kind === "change"
      ? eventFinding("type-deprecated", { type: place.type, replacement: place.replacement })
      : ({
          rule: "type-deprecated",
          severity: place.why === "part" ? "info" : "warning",
          message: wordsOf(input, place),
        } as const);
  return eventItem({ source, findings: [{ rule, severity, message, line, column }] });
}

function coverageOf(stats: MigrateStats, done: string): string {
  const { inputs, changed, changes, hidden, unreadable, passedOver } = stats;
  const read = count(inputs, safe`input`);
  const parts =
    changes === 0
      ? [`no deprecated type found in ${read}`]
      : [`${count(changes, safe`deprecated type`)} ${done} in ${grouped(changed)} of ${read}`];
  if (hidden > 0) parts.push(`${grouped(hidden)} left in base64`);
  if (passedOver > 0) {
    parts.push(`${count(passedOver, safe`file`)} that ${passedOver === 1 ? "is" : "are"} no text passed over`);
  }
  if (unreadable > 0) parts.push(`${count(unreadable, safe`input`)} not read`);
  return `${parts.join(", ")}.\n`;
}
