import { open } from "node:fs/promises";
import { type Command, Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { problemOf } from "../input/sources.ts";
import type { Io } from "../io.ts";
import { escapeText, safe } from "../output/escape.ts";
import type { Mode } from "../redact/pseudonym.ts";
import type { Redactor } from "../redact/redactor.ts";
import type { NoOptions, OptionsOf } from "./options.ts";
import { readPrivate } from "./private-file.ts";

/** What `--redact` may say. */
export const modeChoices = ["hash", "partial", "full"] as const satisfies readonly Mode[];

const REDACT = "--redact";
const REDACT_HELP = "show people by pseudonyms: hash (the default), partial or full; times and call shapes stay";

/** A key that could be guessed would tell who is who. */
const LEAST_BYTES = 32;

/** The options of every command that shows events, which can hide who is in them. */
export function redactsOutput<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  const parseOptions = command.parseOptions.bind(command);
  // In `--redact app.log` the log is an input, not a mode.
  command.parseOptions = (argv) => {
    const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
    return parseOptions(argv.map((word, at) => (at < end && isBare(word, argv[at + 1]) ? `${word}=hash` : word)));
  };
  return takesRedactKey(command.addOption(new Option(`${REDACT} [mode]`, REDACT_HELP).choices(modeChoices)));
}

const isBare = (word: string, next: string | undefined): boolean =>
  word === REDACT && !modeChoices.some((mode) => mode === next);

/** The same for a command with a format for tickets and mail, in which people are hidden unless the user says otherwise. */
export function redactsSharedOutput<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return redactsOutput(command).option(
    "--no-redact",
    "show people in markdown and html too, which hide them by themselves",
  );
}

/** The options of redaction; see `redactsSharedOutput`. */
export type RedactionOptions = OptionsOf<typeof redactsSharedOutput<[], NoOptions>>;

/** The option that says which people have which pseudonyms. */
export function takesRedactKey<Arguments extends unknown[], Options extends Record<string, unknown>>(
  command: Command<Arguments, Options>,
) {
  return command.option(
    "--redact-key <file>",
    "the key of the pseudonyms, for the same ones in every run (default: a new key; a file that is not there is made)",
  );
}

/** Formats that are made to be handed on. */
const shared: ReadonlySet<string> = new Set(["markdown", "html"]);

/** What takes people out of what is printed; undefined where it is to be shown as it is. */
export async function openRedactor(
  io: Io,
  { format, redact, redactKey }: RedactionOptions & { readonly format: string },
): Promise<Redactor | undefined> {
  if (redact === false || (redact === undefined && !shared.has(format))) {
    if (redactKey !== undefined) throw new UsageError(`--redact-key ${redactKey}: nothing is redacted; add --redact`);
    return undefined;
  }
  const mode = redact === true || redact === undefined ? "hash" : redact;
  const key = redactKey === undefined ? await randomKey() : await readKey(io, redactKey);
  const [{ createRedactor }, { decodeBody }, { isWellFormed }] = await Promise.all([
    import("../redact/redactor.ts"),
    import("../twiml/decode/decode-body.ts"),
    import("../twiml/lint/lint-twiml.ts"),
  ]);
  return createRedactor({ key, mode, readers: { decodeBody: (text) => decodeBody(text, undefined), isWellFormed } });
}

/** node:crypto is loaded when it is asked for: most runs redact nothing. */
const randomKey = async (): Promise<Buffer> => (await import("node:crypto")).randomBytes(LEAST_BYTES);

/** The key in the file; where there is no file it is made, and that is said. */
async function readKey(io: Io, path: string): Promise<Buffer> {
  const made = await makeKey(path);
  if (made !== undefined) {
    await io.stderr.write(
      safe`twilio-events: made the key ${escapeText(path)}; who has it can tell who is who, so keep it to yourself\n`,
    );
    return made;
  }
  const bytes = await readPrivate(path, "--redact-key", "key");
  const end = bytes.at(-1) === 0x0a ? (bytes.at(-2) === 0x0d ? -2 : -1) : undefined;
  const key = bytes.length > LEAST_BYTES ? bytes.subarray(0, end) : bytes;
  if (key.length >= LEAST_BYTES) return key;
  throw new UsageError(
    `--redact-key ${path}: a key has ${LEAST_BYTES} bytes or more, this one ${key.length}; name a file that is not there, and one is made`,
  );
}

/** A new key in a new file that nobody else can read; undefined where a file stands there already. */
async function makeKey(path: string): Promise<Buffer | undefined> {
  const key = Buffer.from((await randomKey()).toString("hex"));
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(Buffer.concat([key, Buffer.from("\n")]));
    } finally {
      await file.close();
    }
    return key;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw new UsageError(`--redact-key ${path}: ${problemOf(error, "write")}`);
  }
}
