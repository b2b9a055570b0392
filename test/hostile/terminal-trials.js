// Hostile text from end to end: through each command, in each format, at each place, shown by a real terminal emulator.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../fuzz/command-lines.js";
import { places } from "../fuzz/embed-text.js";
import { bundleProgram, loadProgram, run } from "../fuzz/run-in-process.js";
import { createRandom } from "../support/random.js";
import { mistakes } from "./error-messages.js";
import { createOracle } from "./terminal-emulator.js";

/** With which options a command shows as much as it can. */
const whole = { validate: "-v", timeline: "-v --all", replay: "--dry-run --to http://127.0.0.1:1/" };

/** Each command that shows what it read at a terminal, in each format, as much as it shows. */
const shows = ["validate", "decode", "timeline", "extract", "verify", "replay"].flatMap((command) =>
  Object.keys(commands[command].formats).map(
    (format) => `${command} ${format && `-f ${format}`} ${whole[command] ?? ""}`,
  ),
);

/** Bundles the program, starts an emulator and gives both to the work. */
async function withBoth(work, lines) {
  const folder = await mkdtemp(join(tmpdir(), "twilio-events-terminal-"));
  const oracle = createOracle(lines);
  try {
    return await work(loadProgram(await bundleProgram(folder)), oracle, folder);
  } finally {
    oracle.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

const split = (line) => line.split(" ").filter((word) => word !== "");

/**
 * What is wrong with what a command line prints at a terminal, in color and without, and into a pipe; undefined when
 * nothing is. Whatever is no color of ours must be the same in all three, and act on nothing.
 */
async function wrongIn(program, oracle, argv, input, printsColor) {
  const { leak, ownColors } = program;
  const env = { TWILIO_AUTH_TOKEN: "12345" };
  const sees = (text, interrupt) => text.includes("Listening on") && interrupt();
  const at = (columns, more) => run(program, argv, [input], { columns, env: { ...env, ...more }, sees });
  const runs = [await at(undefined), await at(100, { NO_COLOR: "1" })];
  if (printsColor) runs.push(await at(100));
  for (const [number, { stdout, stderr }] of runs.entries()) {
    const isColored = number === 2;
    const isPretty = !argv.includes("-f") || argv.includes("pretty") || argv.includes("markdown");
    const tabs = argv[0] === "decode" && isPretty ? "\\t" : "";
    const allowed = new RegExp(`[\\n${tabs}]${isColored ? `|${ownColors.source}` : ""}`, "g");
    const leaked = leak(stdout, allowed) ?? leak(stderr);
    if (leaked !== undefined) return `U+${leaked} was printed`;
    const effect = await oracle.effectOf(stdout + stderr);
    if (effect !== undefined) return effect;
  }
  const [, plain, colored] = runs;
  if (printsColor && colored.stdout.replace(ownColors, "") !== plain.stdout) return "color changes the words";
}

/**
 * All payloads at each place through each command in each format; or every `step`-th of these from `first` on. Returns
 * how many outputs were shown and what went wrong.
 */
export function payloadTrials({ first = 0, step = 1 } = {}) {
  return withBoth(async (program, oracle) => {
    const payloads = Object.values(program.payloads);
    const pairs = Object.entries(places).flatMap((place) => shows.map((line) => [place, line]));
    const wrong = [];
    let outputs = 0;
    for (let at = first; at < pairs.length; at += step) {
      const [[where, write], line] = pairs[at];
      const argv = split(line);
      const printsColor = argv[0] !== "extract";
      const input = Buffer.from(payloads.map(write).join(""));
      outputs += printsColor ? 3 : 2;
      const fault = await wrongIn(program, oracle, argv, input, printsColor);
      if (fault !== undefined) wrong.push(`${line}, ${where}: ${fault}`);
    }
    return { payloads: payloads.length, places: Object.keys(places).length, outputs, wrong };
  }, 50_000);
}

/** What random texts are made of: what terminals act on, and what our own escapes look like. */
const alphabet = [
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

function randomText(random) {
  let text = "";
  for (let left = 1 + random.below(60); left > 0; left--) text += random.pick(alphabet);
  return text;
}

/** So many random texts, each at a random place through a random command and format. */
export function randomTrials({ inputs, seed = 1, first = 0 }) {
  return withBoth(async (program, oracle) => {
    const all = Object.entries(places);
    const wrong = [];
    for (let number = first; number < first + inputs; number++) {
      const random = createRandom(seed, number);
      const [where, write] = random.pick(all);
      const line = random.pick(shows);
      const argv = split(`${line} ${random.chance(0.2) && !line.startsWith("extract") ? "--ascii" : ""}`);
      const input = Buffer.from(write(randomText(random)));
      const fault = await wrongIn(program, oracle, argv, input, argv[0] !== "extract" && random.chance(0.3));
      if (fault !== undefined) wrong.push(`${line}, ${where}, seed ${seed}, number ${number}: ${fault}`);
    }
    return { inputs, wrong };
  });
}

/** Each payload, or every `step`-th, in each error message and as the name of a file that is read. */
export function mistakeTrials({ first = 0, step = 1 } = {}) {
  return withBoth(async (program, oracle, folder) => {
    const wrong = [];
    let lines = 0;
    const fileOf = async (text, content) => {
      const path = join(folder, text);
      await writeFile(path, content);
      return path;
    };
    const named = async (text) => {
      // A name has no slash and no NUL, and at most 255 bytes.
      const path = await fileOf(
        `${text.replace(/[/\0]/g, "").slice(0, 60)}.json`,
        `${places["the id"](text)}{"type":"com.twilio.`,
      );
      return [
        "validate -v -f pretty",
        "validate -f compact",
        "validate -f json",
        "timeline --all",
        "decode",
        "extract",
      ].map((line) => [...line.split(" "), path]);
    };
    for (const [at, [name, text]] of Object.entries(program.payloads).entries()) {
      if (at % step !== first) continue;
      const own = mistakes.map((write) => write(text));
      for (const argv of [...own, ...(await named(text))]) {
        lines++;
        const fault = await wrongIn(program, oracle, argv, Buffer.alloc(0), false);
        if (fault !== undefined) wrong.push(`${JSON.stringify(argv)}, ${name}: ${fault}`);
      }
    }
    return { lines, wrong };
  });
}

/** Requests with a text at each place that a listener shows, as they go over the connection. */
function requestsOf(text) {
  const bytes = Buffer.from(text);
  const oneLine = text.replace(/[\r\n\0]/g, "");
  const head = (...lines) => Buffer.from(["POST / HTTP/1.1", "Connection: close", ...lines, "", ""].join("\r\n"));
  const withBody = (type, body) => {
    const all = Buffer.from(body);
    return Buffer.concat([head("Host: localhost", `Content-Type: ${type}`, `Content-Length: ${all.length}`), all]);
  };
  return [
    ...Object.values(places).map((write) => withBody("application/json", write(text))),
    withBody("application/json", bytes),
    withBody("application/x-www-form-urlencoded", places["a form's value"](text).trimEnd()),
    withBody(oneLine, "{}"),
    head("Host: localhost", `User-Agent: ${oneLine}`, `X-Twilio-Signature: ${oneLine}`, "Content-Length: 0"),
    head(`Host: ${oneLine}`, "Content-Length: 0"),
    head("Host: localhost", `Origin: ${oneLine}`, "Content-Length: 0"),
    Buffer.from(`GET /${oneLine} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    Buffer.from(`${oneLine} / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    Buffer.concat([bytes, Buffer.from("\r\n\r\n")]),
  ];
}

/** Every `step`-th payload in requests to a listener, in each of its formats. */
export function listenTrials({ first = 0, step = 1 } = {}) {
  return withBoth(async (program, oracle) => {
    const wrong = [];
    const payloads = Object.entries(program.payloads).filter((_, at) => at % step === first);
    let requests = 0;
    for (const format of ["pretty", "pretty --calls -v", "compact", "ndjson"]) {
      for (const [name, text] of payloads) {
        const sent = requestsOf(text);
        requests += sent.length;
        let sending;
        const sees = (said, interrupt) => {
          const port = /Listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
          if (port !== undefined) sending ??= sendAll(Number(port), sent).then(interrupt);
        };
        const argv = split(`listen --port 0 --get -f ${format}`);
        const { stdout, stderr } = await run(program, argv, [], { columns: 100, env: { NO_COLOR: "1" }, sees });
        await sending;
        const leaked = program.leak(stdout) ?? program.leak(stderr);
        const fault = leaked === undefined ? await oracle.effectOf(stdout + stderr) : `U+${leaked} was printed`;
        if (fault !== undefined) wrong.push(`listen -f ${format}, ${name}: ${fault}`);
      }
    }
    return { requests, wrong };
  }, 50_000);
}

/** Sends the requests one after another, each on a connection of its own, and waits for the end of each. */
async function sendAll(port, requests) {
  for (const bytes of requests) {
    await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.end(bytes));
      socket
        .on("error", () => undefined)
        .on("close", resolve)
        .resume();
    });
  }
}
