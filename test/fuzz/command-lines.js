// The command lines that made input is run through.

/** The exit codes of a run over an input that can be read, by what it may find. */
const judging = [0, 1, 3];
/** The formats, and how often in proportion each is used: often where it costs little and tells of every event. */
const general = { pretty: 1, compact: 2, json: 1, ndjson: 16 };
const shared = { ...general, github: 1, sarif: 1, junit: 1, "markdown --no-redact": 1 };

/** The commands that read: in which formats, with which options beside, ending how. Add a command here. */
export const commands = {
  validate: {
    codes: judging,
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
  decode: { codes: judging, formats: shared, options: ["", "--fail-on never", "--limit 2", "--redact=partial"] },
  timeline: {
    codes: judging,
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
  report: { codes: judging, formats: { "": 1 }, options: ["-o -", "-o - --no-redact", "-o - --redact=full --limit 2"] },
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
};

/** How it is shown: to a pipe, and at terminals. */
const screens = [
  { options: "" },
  { options: "--ascii" },
  { options: "--color always --width 60", columns: 60 },
  { options: "--color never", columns: 100 },
  { options: "--ascii --width 40", columns: 40 },
];

/** These print text as it came, or a page: nothing is shown on a screen. */
const screenless = ["extract", "redact", "report", "migrate "];

/** Every way to run the commands: each command in each format with each of its options, on each screen in turn. */
export const jobs = Object.entries(commands).flatMap(([name, { codes, formats, options }]) =>
  Object.entries(formats).flatMap(([spelled, weight]) =>
    options.map((own, at) => {
      const [format, ...more] = spelled.split(" ");
      const { options: shown, columns } = screenless.includes(name) ? { options: "" } : screens[at % screens.length];
      const command = name.trim();
      const words = `${command} ${format && `-f ${format}`} ${more.join(" ")} ${shown} ${own}`;
      const argv = words.split(" ").filter((word) => word !== "");
      return { command, format, argv, codes, columns, weight, isWhole: !argv.includes("--limit") };
    }),
  ),
);
