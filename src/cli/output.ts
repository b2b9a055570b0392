import { type FileHandle, open, stat } from "node:fs/promises";
import { OutputError, reasonOf, UsageError } from "../errors.ts";
import { problemOf } from "../input/sources.ts";
import type { Io, Output } from "../io.ts";
import type { Safe } from "../output/escape.ts";
import { type FormatName, openRenderer } from "../output/formats/index.ts";
import type { OutputItem } from "../output/items.ts";
import type { Screen } from "../output/terminal/screen.ts";
import { dataOf, type PartOrder, type ResultPart } from "../parallel/partial-output.ts";
import type { Redactor } from "../redact/redactor.ts";
import type { addOutputOptions, NoOptions, OptionsOf } from "./options.ts";
import { openRedactor, type RedactionOptions } from "./redact-options.ts";

/** The options of a command that prints; some say by themselves what others let the user choose. */
export interface ResultOptions
  extends RedactionOptions,
    Pick<OptionsOf<typeof addOutputOptions<[], NoOptions>>, "output" | "ascii" | "width"> {
  readonly format: FormatName;
  readonly color: "auto" | "always" | "never";
  readonly verbose?: true;
  readonly tz?: string;
  /** The file is for its owner alone. */
  readonly isPrivate?: true;
}

/** Where a command's items go: rendered, and written when enough of them have come or `flush` is called. */
export interface Result {
  readonly screen: Screen;
  /** Whether events without a finding are to be added too. */
  readonly showsClean: boolean;
  readonly isOnStdout: boolean;
  /** Takes people out of each item; absent where they are shown. */
  readonly redactor: Redactor | undefined;
  add(item: OutputItem): void;
  /** Adds what is ready to be written. */
  append(text: Safe): void;
  /** Adds what a thread made for this result, which was opened with the same options: see `createPart`. */
  merge<Data>(part: ResultPart<Data>, linesBefore: number, toItem: (data: Data) => OutputItem): void;
  /** What a thread is to know of the result. */
  readonly order: PartOrder;
  /** Writes bytes as they are. */
  write(bytes: Uint8Array): Promise<void>;
  /** Writes what has been rendered; waits until the reader has taken it. */
  flush(): Promise<void>;
  /** Writes what is left and what closes the format. */
  end(): Promise<void>;
}

/** Formats that are for other tools tell of the run itself; the others do without. */
const CI_FORMATS: ReadonlySet<FormatName> = new Set<FormatName>(["github", "sarif", "junit", "markdown"]);

/** What has no columns of its own is written for so many. */
export const PIPE_WIDTH = 100;

/** Opens the result on standard output, or on the file that the options name, which may be none of the inputs. */
export async function openResult(
  io: Io,
  options: ResultOptions,
  inputs: readonly { readonly name: string }[] = [],
): Promise<Result> {
  const redactor = await openRedactor(io, options);
  const target = await openTarget(io, options.output, inputs, options.isPrivate);
  const screen = screenFor(target.output, io, options);
  const { format } = options;
  const ci = CI_FORMATS.has(format) ? await import("./ci-output.ts") : undefined;
  const about = ci?.aboutRun(io, inputs);
  const renderer = await openRenderer(format, screen, about);
  const summary = format === "github" && about ? await ci?.openStepSummary(io, screen, about) : undefined;
  let text = "";

  function render(item: OutputItem): void {
    text += renderer.render(item);
    summary?.add(item);
  }

  async function flush(): Promise<void> {
    if (text === "") return;
    const full = text;
    text = "";
    await target.output.write(full);
  }

  return {
    screen,
    showsClean: renderer.showsClean,
    isOnStdout: target.output === io.stdout,
    redactor,
    order: { format, screen, isText: renderer.isStateless === true },
    add: (item) => render(redactor ? item.redacted(redactor) : item),
    append(more) {
      text += more;
    },
    merge(part, linesBefore, toItem) {
      text += part.text;
      for (const data of dataOf(part, linesBefore)) render(toItem(data));
      renderer.holdBack?.(part.heldBack);
    },
    write: (bytes) => target.output.write(bytes),
    flush,
    async end() {
      text += renderer.end();
      await flush();
      await target.close();
      await summary?.end();
    },
  };
}

/** Where text goes: a file that was opened, or a stream that stays open. */
export interface Target {
  readonly output: Output;
  close(): Promise<void>;
}

/**
 * Opens the file at the path, which may be none of the inputs; without a path, or for `-`, it is standard output. A
 * private file is readable by its owner alone.
 */
export async function openTarget(
  io: Io,
  path: string | undefined,
  inputs: readonly { readonly name: string }[] = [],
  isPrivate?: true,
): Promise<Target> {
  if (path === undefined || path === "-") return { output: io.stdout, close: async () => undefined };
  const file = await openFile(path, inputs, isPrivate && 0o600);
  if (isPrivate) await makePrivate(file, path);
  return { output: fileOutput(file), close: () => file.close() };
}

/** A file that was there before keeps the mode it has, unless it is told. */
async function makePrivate(file: FileHandle, path: string): Promise<void> {
  if (!(await file.stat()).isFile()) return;
  try {
    await file.chmod(0o600);
  } catch (error) {
    await file.close();
    throw new UsageError(`cannot write to ${path}: it cannot be kept from others: ${problemOf(error, "write")}`);
  }
}

/** How the output's screen is: width, colour and characters, by the options, the environment and what it is. */
function screenFor(output: Output, io: Io, options: ResultOptions): Screen {
  return {
    width: options.width ?? output.columns ?? PIPE_WIDTH,
    color: wantsColor(output, io, options.color),
    ascii: options.ascii === true,
    verbose: options.verbose === true,
    terminal: output.isTerminal,
    ...(options.tz !== undefined && { timeZone: options.tz }),
  };
}

/** `--color` first, then FORCE_COLOR (force-color.org), NO_COLOR (no-color.org), a dumb terminal, and whether it is one. */
function wantsColor(output: Output, io: Io, when: "auto" | "always" | "never"): boolean {
  if (when !== "auto") return when === "always";
  const { FORCE_COLOR, NO_COLOR, TERM } = io.env;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  return output.isTerminal && TERM !== "dumb";
}

async function openFile(
  path: string,
  inputs: readonly { readonly name: string }[],
  mode: number | undefined,
): Promise<FileHandle> {
  const target = await statOf(path);
  for (const { name } of inputs) {
    const input = target && (await statOf(name));
    if (input && input.ino === target.ino && input.dev === target.dev) {
      throw new UsageError(`-o ${path} would overwrite the input ${name}; name another file`);
    }
  }
  try {
    return await open(path, "w", mode);
  } catch (error) {
    throw new UsageError(`cannot write to ${path}: ${problemOf(error, "write")}`);
  }
}

const statOf = (path: string) => stat(path).catch(() => undefined);

function fileOutput(file: FileHandle): Output {
  return {
    isTerminal: false,
    columns: undefined,
    async write(text) {
      try {
        await file.appendFile(text);
      } catch (error) {
        throw new OutputError(`the output cannot be written: ${reasonOf(error)}`, false);
      }
    },
  };
}
