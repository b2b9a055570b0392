import type { Job } from "./invariants.ts";

/** The exit codes of commands with findings: none, some, no events. */
const validating = [0, 1, 3];
/** The weight of each format: high where it costs little and reports every event. */
const general = { pretty: 1, compact: 2, json: 1, ndjson: 16 };
const shared = { ...general, github: 1, sarif: 1, junit: 1, "markdown --no-redact": 1 };

interface Command {
  readonly codes: readonly number[];
  /** The weight of each format, which may have options behind it. */
  readonly formats: Readonly<Record<string, number>>;
  readonly options: readonly string[];
}

/** The commands that read an input. Add a command here. */
export const commands = {
  validate: {
    codes: validating,
    formats: shared,
    options: [
      "",
      "-v",
      "--fail-on info",
      "--max-warnings 0",
      "--limit 2",
      "--type *.call.* --since 3d",
      "--redact",
      "--redact=full",
    ],
  },
  decode: { codes: validating, formats: shared, options: ["", "--fail-on never", "--limit 2", "--redact=partial"] },
  timeline: {
    codes: validating,
    formats: { ...shared, ndjson: 24, mermaid: 1 },
    options: [
      "",
      "--all",
      "-v --sort findings",
      "--sort duration --tz Asia/Kolkata",
      "--follow --all",
      "--status busy",
      "--all --redact",
    ],
  },
  extract: { codes: [0, 3], formats: { "": 80 }, options: ["", "--limit 2", "--since 3d"] },
  redact: { codes: [0, 3], formats: { "": 24 }, options: ["--mode hash", "--mode partial", "--mode full"] },
  report: {
    codes: validating,
    formats: { "": 1 },
    options: ["-o -", "-o - --no-redact", "-o - --redact=full --limit 2"],
  },
  verify: {
    codes: [0, 3, 4],
    formats: { ...shared, ndjson: 4 },
    options: ["", "--url https://ivr.example.com/twilio/events"],
  },
  replay: {
    codes: [0, 3],
    formats: { pretty: 1, json: 1 },
    options: ["--dry-run --to http://127.0.0.1:1/", "--dry-run --batch 3 --shuffle --to http://127.0.0.1:1/"],
  },
  migrate: { codes: [0, 1, 2], formats: { ...general, ndjson: 1 }, options: ["--diff", "--check", "--diff --check"] },
  "migrate ": { codes: [0, 1, 2], formats: { "": 8 }, options: [""] },
} satisfies Readonly<Record<string, Command>>;

/** A pipe, and terminals. */
const screens: readonly { readonly options: string; readonly columns?: number }[] = [
  { options: "" },
  { options: "--ascii" },
  { options: "--color always --width 60", columns: 60 },
  { options: "--color never", columns: 100 },
  { options: "--ascii --width 40", columns: 40 },
];

/** These print text unchanged, or a page, whatever the terminal. */
const screenless = ["extract", "redact", "report", "migrate "];

/** Each command in each format with each of its options, on the screens in turn. */
export const jobs: readonly Job[] = Object.entries<Command>(commands).flatMap(([name, { codes, formats, options }]) =>
  Object.entries(formats).flatMap(([spelled, weight]) =>
    options.map((own, at) => {
      const [format = "", ...more] = spelled.split(" ");
      const screen = screenless.includes(name) ? undefined : screens[at % screens.length];
      const command = name.trim();
      const words = `${command} ${format && `-f ${format}`} ${more.join(" ")} ${screen?.options ?? ""} ${own}`;
      const argv = words.split(" ").filter((word) => word !== "");
      const isComplete = !argv.includes("--limit");
      return { command, format, argv, codes, columns: screen?.columns, weight, isComplete };
    }),
  ),
);
