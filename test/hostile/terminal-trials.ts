// Shows hostile text in a terminal emulator: in each place, through each command, in each format.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { commands } from "../fuzz/command-lines.ts";
import { places } from "../fuzz/embed-text.ts";
import { bundleProgram, loadProgram, type Program, run } from "../fuzz/run-in-process.ts";
import { createRandom, type Random } from "../support/random.ts";
import { inFolder } from "../support/temporary-folder.ts";
import { mistakes } from "./error-messages.ts";
import { createTerminalEmulator, type TerminalEmulator } from "./terminal-emulator.ts";

/** The options with which a command shows as much as it can. */
const verbose: Readonly<Record<string, string>> = {
  validate: "-v",
  timeline: "-v --all",
  replay: "--dry-run --to http://127.0.0.1:1/",
};

/** Each command that shows its input in a terminal, in each format. */
const commandLines = (["validate", "decode", "timeline", "extract", "verify", "replay"] as const).flatMap((command) =>
  Object.keys(commands[command].formats).map((format) =>
    splitWords(`${command} ${format && `-f ${format}`} ${verbose[command] ?? ""}`),
  ),
);

function splitWords(line: string): readonly string[] {
  return line.split(" ").filter((word) => word !== "");
}

export interface Subject {
  readonly program: Program;
  readonly emulator: TerminalEmulator;
  readonly folder: string;
}

/** Enough lines for the output of all payloads. */
export const PAYLOAD_SCROLLBACK = 50_000;

/** Bundles the program and creates an emulator for the work. */
export const withSubject = <Result>(
  work: (subject: Subject) => Promise<Result>,
  scrollback?: number,
): Promise<Result> =>
  inFolder(async (folder) => {
    const emulator = createTerminalEmulator(scrollback);
    try {
      return await work({ program: loadProgram(await bundleProgram(folder)), emulator, folder });
    } finally {
      emulator.dispose();
    }
  });

/**
 * Returns what is wrong with the output of a command line in a terminal, with and without color, and in a pipe. Apart from
 * colors, it must be the same, and have no effect.
 */
async function wrongWith(
  { program, emulator }: Subject,
  argv: readonly string[],
  input: Buffer,
  printsColor: boolean,
): Promise<string | undefined> {
  const { leak, ownColors } = program;
  const sees = (text: string, interrupt: () => void): unknown => text.includes("Listening on") && interrupt();
  const runIn = (columns: number | undefined, env: Readonly<Record<string, string>> = {}) =>
    run(program, argv, [input], { columns, env: { TWILIO_AUTH_TOKEN: "12345", ...env }, sees });
  const runs = [await runIn(undefined), await runIn(100, { NO_COLOR: "1" })];
  if (printsColor) runs.push(await runIn(100));
  const isPretty = !argv.includes("-f") || argv.includes("pretty") || argv.includes("markdown");
  const tabs = argv[0] === "decode" && isPretty ? "\\t" : "";
  for (const [number, { stdout, stderr }] of runs.entries()) {
    const allowed = new RegExp(`[\\n${tabs}]${number === 2 ? `|${ownColors.source}` : ""}`, "g");
    const leaked = leak(stdout, allowed) ?? leak(stderr);
    if (leaked !== undefined) return `U+${leaked} was printed`;
    const effect = await emulator.effectOf(stdout + stderr);
    if (effect !== undefined) return effect;
  }
  const [, plain, colored] = runs;
  if (colored !== undefined && colored.stdout.replace(ownColors, "") !== plain?.stdout) return "color changes the text";
  return undefined;
}

/** All payloads in each place through each command in each format, or every `step`-th of these. */
export function payloadTrials({ step = 1 } = {}) {
  return withSubject(async (subject) => {
    const payloads = Object.values(subject.program.payloads);
    const pairs = Object.entries(places).flatMap((place) => commandLines.map((argv) => [place, argv] as const));
    const wrong: string[] = [];
    let outputs = 0;
    for (const [[name, embed], argv] of pairs.filter((_, at) => at % step === 0)) {
      const printsColor = argv[0] !== "extract";
      outputs += printsColor ? 3 : 2;
      const problem = await wrongWith(subject, argv, Buffer.from(payloads.map(embed).join("")), printsColor);
      if (problem !== undefined) wrong.push(`${argv.join(" ")}, ${name}: ${problem}`);
    }
    return { payloads: payloads.length, places: Object.keys(places).length, outputs, wrong };
  }, PAYLOAD_SCROLLBACK);
}

/** The parts of random texts: what terminals act on, and what the program's own escapes look like. */
const alphabet: readonly string[] = [
  ..."\u001b\u001b\u001b\u009b\u009d\u0090\u0098\u009e\u009f\u009c\u0007\b\t\n\r\u000b\u000c\u000e\u000f\0\u0005\u007f\u0085\u0084\u008d",
  ..."[[[]]()#%=><?!;;:0123456789mhlHJKABCDnrcpqtuPX^_\\{}$\"' abu",
  ..."\u202e\u2066\u200b\u200d\ufeff\u2028\u00ad\u{e0041}\ufe0f\u2800\ue000\ufff9é漢🎉\u0301\ud800\udc00",
  ...[
    "\u001b[31m",
    "\u001b]52;c;",
    "\u001b]0;",
    "\u001b[?1049h",
    "\u001b[6n",
    "\u001b[2J",
    "\\u{1B}",
    "\\u001b",
    "&#27;",
    "%1b",
  ],
];

function randomText(random: Random): string {
  let text = "";
  for (let left = 1 + random.below(60); left > 0; left--) text += random.pick(alphabet);
  return text;
}

/** Random texts, each in a random place through a random command and format. */
export function randomTrials({ inputs, seed = 1 }: { readonly inputs: number; readonly seed?: number }) {
  return withSubject(async (subject) => {
    const all = Object.entries(places);
    const wrong: string[] = [];
    for (let number = 0; number < inputs; number++) {
      const random = createRandom(seed, number);
      const [name, embed] = random.pick(all);
      const line = random.pick(commandLines);
      const isExtract = line[0] === "extract";
      const argv = random.chance(0.2) && !isExtract ? [...line, "--ascii"] : line;
      const input = Buffer.from(embed(randomText(random)));
      const problem = await wrongWith(subject, argv, input, !isExtract && random.chance(0.3));
      if (problem !== undefined) wrong.push(`${argv.join(" ")}, ${name}, seed ${seed}, number ${number}: ${problem}`);
    }
    return { inputs, wrong };
  });
}

/** Each payload, or every `step`-th, in each error message and as the name of a file. */
export function mistakeTrials({ step = 1 } = {}) {
  return withSubject(async (subject) => {
    const wrong: string[] = [];
    let lines = 0;
    const readFiles = async (text: string): Promise<readonly (readonly string[])[]> => {
      // A file name has no slash and no NUL, and at most 255 bytes.
      const path = join(subject.folder, `${text.replace(/[/\0]/g, "").slice(0, 60)}.json`);
      await writeFile(path, `${places["the id"](text)}{"type":"com.twilio.`);
      const read = [
        "validate -v -f pretty",
        "validate -f compact",
        "validate -f json",
        "timeline --all",
        "decode",
        "extract",
      ];
      return read.map((line) => [...splitWords(line), path]);
    };
    const payloads = Object.entries(subject.program.payloads).filter((_, at) => at % step === 0);
    for (const [name, text] of payloads) {
      for (const argv of [...mistakes.map((write) => write(text)), ...(await readFiles(text))]) {
        lines++;
        const problem = await wrongWith(subject, argv, Buffer.alloc(0), false);
        if (problem !== undefined) wrong.push(`${JSON.stringify(argv)}, ${name}: ${problem}`);
      }
    }
    return { lines, wrong };
  });
}
