import { type FileHandle, open, stat } from "node:fs/promises";
import { OutputError, UsageError } from "../errors.ts";
import { problemOf } from "../input/sources.ts";
import type { Io, Output } from "../io.ts";
import { type FormatName, openRenderer } from "../output/formats/index.ts";
import type { Item, Screen } from "../output/item.ts";
import { itemsOf, type PartOrder, type ResultPart } from "./parts.ts";

/** What the output options say; see `printsResult`. */
export interface ResultOptions {
  readonly format: FormatName;
  readonly output?: string | undefined;
  readonly color: "auto" | "always" | "never";
  readonly ascii?: true | undefined;
  readonly width?: number | undefined;
  readonly verbose?: true | undefined;
  readonly tz?: string | undefined;
}

/** Where a command's items go: rendered, and written when enough of them have come or `flush` is called. */
export interface Result {
  readonly screen: Screen;
  /** Whether events without a finding are to be added too. */
  readonly showsClean: boolean;
  readonly isOnStdout: boolean;
  add(item: Item): void;
  /** Adds what a thread made for this result, which was opened with the same options: see `createPart`. */
  merge(part: ResultPart, linesBefore: number): void;
  /** What a thread is to know of the result. */
  readonly order: PartOrder;
  /** Writes bytes as they are. */
  write(bytes: Uint8Array): Promise<void>;
  /** Writes what has been rendered; waits until the reader has taken it. */
  flush(): Promise<void>;
  /** Writes what is left and what closes the format. */
  end(): Promise<void>;
}

/** What has no columns of its own is written for so many. */
export const PIPE_WIDTH = 100;

/** Opens the result on standard output, or on the file that the options name, which may be none of the inputs. */
export async function openResult(
  io: Io,
  options: ResultOptions,
  inputs: readonly { readonly name: string }[] = [],
): Promise<Result> {
  const target = await openTarget(io, options.output, inputs);
  const screen = screenFor(target.output, io, options);
  const renderer = await openRenderer(options.format, screen);
  let text = "";

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
    order: { format: options.format, screen: screen, isText: renderer.isStateless === true },
    add(item) {
      text += renderer.render(item);
    },
    merge(part, linesBefore) {
      text += part.text;
      for (const item of itemsOf(part, linesBefore)) text += renderer.render(item);
      renderer.holdBack?.(part.heldBack);
    },
    write: (bytes) => target.output.write(bytes),
    flush,
    async end() {
      text += renderer.end();
      await flush();
      await target.close();
    },
  };
}

/** Where text goes: a file that was opened, or a stream that stays open. */
export interface Target {
  readonly output: Output;
  close(): Promise<void>;
}

/** Opens the file at the path, which may be none of the inputs; without a path, or for `-`, it is standard output. */
export async function openTarget(
  io: Io,
  path: string | undefined,
  inputs: readonly { readonly name: string }[] = [],
): Promise<Target> {
  if (path === undefined || path === "-") return { output: io.stdout, close: async () => undefined };
  const file = await openFile(path, inputs);
  return { output: fileOutput(file), close: () => file.close() };
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

async function openFile(path: string, inputs: readonly { readonly name: string }[]): Promise<FileHandle> {
  const target = await statOf(path);
  for (const { name } of inputs) {
    const input = target && (await statOf(name));
    if (input && input.ino === target.ino && input.dev === target.dev) {
      throw new UsageError(`-o ${path} would overwrite the input ${name}; name another file`);
    }
  }
  try {
    return await open(path, "w");
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
        throw new OutputError(`the output cannot be written: ${error instanceof Error ? error.message : error}`, false);
      }
    },
  };
}
