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
  ["redact", "--mode", "full"],
  ["redact", "--mode", "partial"],
  ["extract", "--redact"],
  ...["pretty", "compact", "json", "ndjson"].flatMap((format) => [
    ["validate", "--redact", "--verbose", "-f", format],
    ["decode", "--redact", "-f", format],
  ]),
  ...["pretty", "compact", "json", "ndjson", "markdown", "mermaid"].map((format) => [
    ...["timeline", "--redact", "--all", "--verbose", "-f", format],
  ]),
  ["timeline", "-f", "markdown"],
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
    const sent = request({ host: "127.0.0.1", port, method: "POST", path: "/", headers: { "content-type": "application/json" } });
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

/** Canaries in so many events, and how many of them are in what any command prints; the first are told. */
export async function canaryTrial({ events }) {
  const folder = await mkdtemp(join(tmpdir(), "twilio-events-canaries-"));
  try {
    const lines = (await sampled(events)).map(plant);
    const file = join(folder, "events.log");
    await writeFile(file, lines.map((line) => `${line}\n`).join(""));
    const leaks = [];
    const planted = leaksIn(lines.slice(0, 50).join("\n")).length;
    let bytes = 0;
    const look = (name, { code, text }) => {
      if (code !== 0 && code !== 1) leaks.push(`${name}: exit ${code}: ${text.slice(-300)}`);
      bytes += text.length;
      leaks.push(...leaksIn(text).map((leak) => `${name}: ${leak}`));
    };
    for (const args of runs) look(args.join(" "), await run([...args, file]));
    const few = lines.slice(0, 200);
    for (const format of ["pretty", "compact", "ndjson"]) {
      const args = ["--redact", "--verbose", "--calls", "-f", format];
      look(`listen ${format}`, await listenTo(few, format === "compact" ? args.filter((arg) => arg !== "--calls") : args));
    }
    return { events: lines.length, runs: runs.length + 3, bytes, planted: planted > 5000, leaks: leaks.length, first: leaks.slice(0, 8) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
