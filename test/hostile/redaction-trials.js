// Trials of what redaction promises, over the built program; the tests run few events, `npm run torture` many.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { leaksIn, plant } from "./canaries.js";

const bin = fileURLToPath(new URL("../../bin/twilio-events.js", import.meta.url));

/** Every command that shows events, in each of its formats. */
const runs = [
  ["redact"],
  ...["pretty", "compact", "json", "ndjson"].flatMap((format) => [
    ["validate", "--redact", "--verbose", "-f", format],
    ["decode", "--redact", "-f", format],
  ]),
  ...["pretty", "json", "markdown", "mermaid"].map((format) => [
    ...["timeline", "--redact", "--all", "--verbose", "-f", format],
  ]),
];

/** What prints the same in another way, over a part of the events. */
const others = [
  ["redact", "--mode", "full"],
  ["redact", "--mode", "partial"],
  ["extract", "--redact"],
  ["timeline", "-f", "markdown"],
  ["timeline", "--redact", "-f", "compact"],
  ["timeline", "--redact", "-f", "ndjson"],
  ["timeline", "--redact", "--follow"],
  ["replay", "--redact", "--dry-run", "--to", "http://127.0.0.1:9/", "--speed", "max"],
  ["replay", "--redact", "--dry-run", "--to", "http://127.0.0.1:9/", "--speed", "max", "-f", "json"],
];

/** Runs the program and gives all that it printed, on both streams. */
function run(args, { onText } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        chunks.push(chunk);
        onText?.(String(chunk), child);
      });
    }
    child.once("error", reject);
    child.once("exit", (code) => resolve({ code, text: Buffer.concat(chunks).toString("utf8") }));
  });
}

async function sampled(events) {
  const { text } = await run(["sample", "all", "--calls", String(Math.ceil(events / 5) + 10)]);
  const lines = text.trim().split("\n").slice(0, events);
  return lines.map((line) => JSON.parse(line));
}

function post(port, body) {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port,
      method: "POST",
      path: "/",
      headers: { "content-type": "application/json" },
    });
    sent.once("response", (response) => response.resume().once("end", resolve));
    sent.once("error", reject);
    sent.end(body);
  });
}

/** What `listen` prints of the lines, each sent as the body of a request. */
function listenTo(lines, args) {
  let sending;
  const sendAll = async (port, child) => {
    for (const line of lines) await post(port, line);
    child.kill("SIGINT");
  };
  return run(["listen", "--port", "0", ...args], {
    onText(text, child) {
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (sending === undefined && port !== undefined) sending = sendAll(Number(port), child);
    },
  });
}

/**
 * Plants canaries in so many events and counts those in what any command prints of them; the first are told. `unhidden`
 * tells whether they are seen where nothing is redacted.
 */
export async function canaryTrial({ events }) {
  const folder = await mkdtemp(join(tmpdir(), "twilio-events-canaries-"));
  try {
    const lines = (await sampled(events)).map(plant);
    const all = join(folder, "all.log");
    const some = join(folder, "some.log");
    await writeFile(all, lines.map((line) => `${line}\n`).join(""));
    await writeFile(
      some,
      lines
        .slice(0, 300)
        .map((line) => `${line}\n`)
        .join(""),
    );
    const leaks = [];
    let bytes = 0;
    const look = (name, { code, text }) => {
      if (code !== 0 && code !== 1) leaks.push(`${name}: exit ${code}: ${text.slice(-300)}`);
      bytes += text.length;
      leaks.push(...leaksIn(text).map((leak) => `${name}: ${leak}`));
    };
    for (const args of runs) look(args.join(" "), await run([...args, all]));
    for (const args of others) look(args.join(" "), await run([...args, some]));
    const listens = [["pretty", "--calls"], ["compact"], ["ndjson"]];
    for (const [format, ...more] of listens) {
      const args = ["--redact", "--verbose", "-f", format, ...more];
      look(`listen ${format}`, await listenTo(lines.slice(0, 120), args));
    }
    const open = [];
    for (const [command] of [["extract"], ["validate"], ["decode"], ["timeline"]]) {
      const { text } = await run([command, ...(command === "extract" ? [] : ["-f", "json"]), some]);
      if (leaksIn(text).length > 100) open.push(command);
    }
    const count = runs.length + others.length + listens.length;
    return { events: lines.length, runs: count, bytes, unhidden: open, leaks: leaks.length, first: leaks.slice(0, 8) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
