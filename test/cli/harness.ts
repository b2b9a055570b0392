import { createReadStream } from "node:fs";
import { expect } from "vitest";
import { OutputError } from "../../src/errors.ts";
import type { Io, Output } from "../../src/io.ts";
import { main } from "../../src/main.ts";
import type { Sizes } from "../../src/parallel/protocol.ts";

/** The world that a command runs in. Without a word on it: nothing piped in, both outputs piped, no variable set. */
export interface World {
  /** What is piped in; a `< file` or `cat file |` in the command line does the same. */
  readonly stdin?: string | Buffer | AsyncIterable<Buffer>;
  readonly stdout?: Screen;
  readonly stderr?: Screen;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => Date;
  /** From when on files are read in threads. */
  readonly sizes?: Sizes;
}

interface Screen {
  /** A terminal of so many columns. */
  readonly columns?: number;
  /** Writing fails: the reader has gone, or the disk is full. */
  readonly fails?: "closed" | "full";
  /** The user presses Ctrl-C when something shows there. */
  readonly interrupts?: boolean;
  /** Hears what was written so far, and can press Ctrl-C. */
  readonly sees?: (text: string, interrupt: () => void) => void;
}

export interface Run {
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** The clock of every test stands still here, an hour after the calls in the samples. */
const clock = (): Date => new Date("2025-08-24T14:50:00Z");

/** Runs a command line as a shell would, within this process: quotes, variables before it, `< file` and `cat file |`. */
export async function run(line: string, world: World = {}): Promise<Run> {
  const { argv, env, input } = parse(line);
  const stdin = input === undefined ? world.stdin : createReadStream(input);
  let interrupt = (): void => undefined;
  const stdout = capture(world.stdout, () => interrupt());
  const stderr = capture(world.stderr, () => interrupt());
  const io: Io = {
    stdin: { isTerminal: stdin === undefined, chunks: chunksOf(stdin, () => interrupt()) },
    stdout: stdout.output,
    stderr: stderr.output,
    env: { ...world.env, ...env },
    now: world.now ?? clock,
    onInterrupt(stop) {
      interrupt = stop;
      return () => {
        interrupt = () => undefined;
      };
    },
    pid: 4242,
    isRunning: (pid) => pid === 4242,
  };
  const code = await main(argv, io, world.sizes);
  return { line: describe(line, world), stdout: stdout.text(), stderr: stderr.text(), code };
}

/** The chunk after which the user presses Ctrl-C, and no more input comes. */
export const interruption = Buffer.alloc(0);

/** Runs as a reviewer sees them: each command line, what it printed where, and how it ended. */
export function transcript(...runs: readonly Run[]): string {
  return `${runs.map(show).join("\n\n")}\n`;
}

/** Runs the command lines one by one and compares what a reviewer sees with golden/<name>.txt; `vitest -u` updates it. */
export async function golden(name: string, ...lines: readonly string[]): Promise<void> {
  const runs: Run[] = [];
  for (const line of lines) runs.push(await run(line));
  await expect(transcript(...runs)).toMatchFileSnapshot(`golden/${name}.txt`);
}

function show({ line, stdout, stderr, code }: Run): string {
  const streams = [section("stdout", stdout), section("stderr", stderr)];
  return `$ ${line}\n${streams.join("")}-- exit ${code}`;
}

function section(name: string, text: string): string {
  if (text === "") return "";
  const visible = text.replaceAll("\u001b", "␛").replaceAll("\r", "␍");
  return `-- ${name}\n${visible.endsWith("\n") ? visible : `${visible}␄\n`}`;
}

function describe(line: string, { stdin, stdout, stderr, now }: World): string {
  const notes: string[] = [];
  if (now !== undefined) notes.push("and its clock fails");
  if (stdin !== undefined && typeof stdin !== "string") notes.push("bytes piped in");
  for (const [name, screen] of Object.entries({ stdout, stderr })) {
    if (screen?.columns !== undefined) notes.push(`${name} is a terminal of ${screen.columns} columns`);
    if (screen?.fails !== undefined)
      notes.push(screen.fails === "full" ? `${name} on a full disk` : `${name} was closed`);
  }
  const piped = typeof stdin === "string" ? `printf ${JSON.stringify(stdin)} | ` : "";
  return `${piped}${line}${notes.length > 0 ? `  # ${notes.join(", ")}` : ""}`;
}

interface Parsed {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: string | undefined;
}

function parse(line: string): Parsed {
  const words = Array.from(line.matchAll(/(?:'[^']*'|[^\s'])+/g), ([word]) => word.replaceAll("'", ""));
  const piped = words[0] === "cat" && words[2] === "|" ? words.splice(0, 3)[1] : undefined;
  const start = words.indexOf("twilio-events");
  if (start === -1) throw new Error(`not a command line of twilio-events: ${line}`);
  const env = Object.fromEntries(words.slice(0, start).map((word) => word.split("=", 2)));
  const argv = words.slice(start + 1);
  const redirect = argv.indexOf("<");
  const input = redirect === -1 ? piped : argv.splice(redirect, 2)[1];
  return { argv, env, input };
}

async function* chunksOf(stdin: World["stdin"], interrupt: () => void): AsyncGenerator<Buffer> {
  if (stdin === undefined) return;
  const chunks = typeof stdin === "string" || Buffer.isBuffer(stdin) ? [Buffer.from(stdin)] : stdin;
  for await (const chunk of chunks) {
    if (chunk !== interruption) yield chunk;
    else {
      interrupt();
      await new Promise(() => undefined);
    }
  }
}

function capture(screen: Screen | undefined, interrupt: () => void): { readonly output: Output; text(): string } {
  let written = "";
  const { columns, fails, interrupts, sees } = screen ?? {};
  const output: Output = {
    isTerminal: columns !== undefined,
    columns,
    async write(text) {
      if (fails === "closed") throw new OutputError("the output cannot be written: write EPIPE", true);
      if (fails === "full") {
        throw new OutputError("the output cannot be written: no space left on the device", false);
      }
      written += text;
      if (interrupts) interrupt();
      sees?.(written, interrupt);
    },
  };
  return { output, text: () => written };
}
