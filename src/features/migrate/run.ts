import { stat } from "node:fs/promises";
import { openResult, type Result, type ResultOptions } from "../../cli/output.ts";
import { ExitCode, OutputError } from "../../errors.ts";
import { eventItem } from "../../findings/event-item.ts";
import { finding } from "../../findings/rules.ts";
import { isGzip } from "../../input/base64.ts";
import { GzipError, openText } from "../../input/gunzip.ts";
import { expandInputs, problemOf, type Source, type SourceError } from "../../input/sources.ts";
import type { Io } from "../../io.ts";
import { count, grouped } from "../../output/count-text.ts";
import { escapeText, safe } from "../../output/escape.ts";
import type { OutputItem } from "../../output/items.ts";
import { changeItem } from "./change-item.ts";
import { createEncodedTypes } from "./encoded-types.ts";
import { filesIn } from "./list-files.ts";
import { look, replaceFile } from "./replace-file.ts";
import { type Change, createRewriting, type Left, type Replacements } from "./rewrite-types.ts";
import { shellWord } from "./subscriptions.ts";

/** What becomes of the rewritten text: it is printed, it takes the file's place, or it is only asked whether it differs. */
export type Mode = "print" | "in-place" | "check";

/** A text input; of those that a folder brought, what is no text is passed over. */
type TextInput = Source & { readonly isOfFolder?: true };

interface MigrateOptions extends ResultOptions {
  readonly mode: Mode;
  readonly showsDiff: boolean;
}

/** The inputs as `expandInputs` has them; with `all`, every file of a folder. */
export async function textInputs(
  names: readonly string[],
  io: Io,
  all: boolean,
): Promise<readonly (TextInput | SourceError)[]> {
  const inputs: (TextInput | SourceError)[] = [];
  for (const name of names.length === 0 ? ["-"] : names) {
    const isFolder = all && name !== "-" && (await stat(name).catch(() => undefined))?.isDirectory() === true;
    if (!isFolder) inputs.push(...(await expandInputs([name], io.stdin.chunks)));
    else inputs.push(...(await inFolder(name, io)));
  }
  return inputs;
}

async function inFolder(folder: string, io: Io): Promise<readonly (TextInput | SourceError)[]> {
  try {
    const files = await expandInputs(await filesIn(folder), io.stdin.chunks);
    return files.map((file) => ("open" in file ? { ...file, isOfFolder: true } : file));
  } catch (error) {
    return [{ name: folder, problem: problemOf(error) }];
  }
}

interface Tally {
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
  const prints = mode === "print" && !showsDiff;
  // A text is the whole result by itself, whatever the format.
  const format = prints ? "pretty" : options.format;
  const result = await openResult(io, { ...options, format, verbose: true }, inputs);
  const tally: Tally = { inputs: 0, changed: 0, changes: 0, hidden: 0, unreadable: 0, passedOver: 0 };
  const hidden = createEncodedTypes(replacements.keys());
  let interrupted = false;
  const release = io.onInterrupt(() => {
    interrupted = true;
  });

  /** The bytes as they are to be; tells `emit` of what it meets. */
  async function* rewritten(
    bytes: AsyncIterable<Buffer>,
    emit: (place: Change | Left) => void,
  ): AsyncGenerator<Buffer> {
    const rewriting = createRewriting(replacements, hidden, emit);
    for await (const chunk of bytes) yield rewriting.push(chunk);
    yield rewriting.end();
  }

  /** Reads one input through; returns why it could not be dealt with. */
  async function one(input: TextInput): Promise<string | undefined> {
    const opened = await openBytes(input, mode);
    if ("problem" in opened) {
      if (!input.isOfFolder || !opened.isNoText) return opened.problem;
      tally.passedOver++;
      return undefined;
    }
    const seen = mode === "in-place" ? await look(input.name) : undefined;
    if (seen && "problem" in seen) return seen.problem;
    let problem: string | undefined;
    /** What can be read until Ctrl-C: where it breaks off is the end, so that nothing which came before is lost. */
    async function* readable(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      try {
        for await (const chunk of chunks) {
          if (interrupted) return;
          yield chunk;
        }
      } catch (error) {
        problem = problemWith(error, "read");
      }
    }
    let changes = 0;
    const left: Left[] = [];
    for await (const chunk of rewritten(readable(opened.chunks), (place) => {
      if (place.kind === "change") changes++;
      else if (place.why === "base64") tally.hidden++;
      if (place.kind === "left" && (mode !== "check" || showsDiff)) left.push(place);
      const item = toItem(input.name, place, showsDiff);
      if (item !== undefined && (showsDiff || mode === "check")) result.add(item);
    })) {
      if (prints) await result.write(chunk);
      else await result.flush();
    }
    for (const place of left) await io.stderr.write(noteOf(input.name, place));
    if (seen) {
      if (problem !== undefined || changes === 0 || interrupted) return problem;
      const again = await openBytes(input, mode);
      const chunks = "problem" in again ? undefined : rewritten(again.chunks, () => undefined);
      const refusal = chunks === undefined ? again : await replaceFile(seen, chunks, io.pid, () => interrupted);
      if (refusal && "problem" in refusal) return refusal.problem;
    }
    tally.changes += changes;
    if (changes > 0) tally.changed++;
    return problem;
  }

  try {
    for (const input of inputs) {
      if (interrupted) break;
      tally.inputs++;
      const problem =
        "problem" in input
          ? input.problem
          : await one(input).catch((error: unknown) => problemWith(error, mode === "in-place" ? "replace" : "read"));
      if (problem === undefined) continue;
      tally.unreadable++;
      await io.stderr.write(safe`twilio-events: ${escapeText(input.name)}: ${escapeText(problem)}\n`);
    }
  } finally {
    release();
  }
  await finish(result, io, tally, options);
  if (interrupted) return ExitCode.Interrupted;
  if (tally.unreadable > 0) return ExitCode.Usage;
  return tally.hidden > 0 || (mode === "check" && tally.changes > 0) ? ExitCode.Findings : ExitCode.Done;
}

/** What an error of an input means; one of the output, or of the program, is thrown on. */
function problemWith(error: unknown, action: "read" | "replace"): string {
  const isOfInput = error instanceof GzipError || (error instanceof Error && "code" in error);
  if (!isOfInput || error instanceof OutputError) throw error;
  return problemOf(error, action);
}

interface NoText extends SourceError {
  readonly isNoText: boolean;
}

/** The bytes of a text. What holds ASCII otherwise than as it is, or is packed and is to be replaced, is refused. */
async function openBytes(
  { name, open }: Source,
  mode: Mode,
): Promise<{ readonly chunks: AsyncIterable<Buffer> } | NoText> {
  const iterator = open()[Symbol.asyncIterator]();
  const first = await iterator.next();
  const head = first.done ? Buffer.alloc(0) : first.value;
  async function* whole(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  const refuse = async (problem: string): Promise<NoText> => {
    await iterator.return?.();
    return { name, problem, isNoText: true };
  };
  if (isGzip(head) && mode === "in-place") return refuse("it is gzip, which is not changed in place; unpack it first");
  const { chunks, encoding } = await openText(whole());
  if (encoding !== undefined) return refuse(`it is ${encoding.toUpperCase()}; save it as UTF-8 first`);
  if (!isGzip(head) && head.includes(0)) return refuse("it is not text");
  return { chunks };
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
      ? finding("type-deprecated", { type: place.type, replacement: place.replacement })
      : ({
          rule: "type-deprecated",
          severity: place.why === "part" ? "info" : "warning",
          message: wordsOf(input, place),
        } as const);
  return eventItem({ source, findings: [{ rule, severity, message, line, column }] });
}

async function finish(result: Result, io: Io, tally: Tally, { mode, showsDiff }: MigrateOptions): Promise<void> {
  await result.end();
  const { inputs, changed, changes, hidden, unreadable, passedOver } = tally;
  const done = mode === "in-place" || (mode === "print" && !showsDiff) ? "rewritten" : "to be rewritten";
  const read = count(inputs, safe`input`);
  const parts =
    changes === 0
      ? [`no deprecated type found in ${read}`]
      : [`${count(changes, safe`deprecated type`)} ${done} in ${grouped(changed)} of ${read}`];
  if (hidden > 0) parts.push(`${grouped(hidden)} left in base64`);
  if (passedOver > 0)
    parts.push(`${count(passedOver, safe`file`)} that ${passedOver === 1 ? "is" : "are"} no text passed over`);
  if (unreadable > 0) parts.push(`${count(unreadable, safe`input`)} not read`);
  await io.stderr.write(`${parts.join(", ")}.\n`);
}
