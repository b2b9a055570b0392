// Sends hostile text to the listener and shows its output in a terminal emulator.
import { connect } from "node:net";
import { places } from "../fuzz/embed-text.ts";
import { run } from "../fuzz/run-in-process.ts";
import { PAYLOAD_SCROLLBACK, withSubject } from "./terminal-trials.ts";

const formats = [["pretty"], ["pretty", "--calls", "-v"], ["compact"], ["ndjson"]];

/** Requests with a text in each place that a listener shows. */
function requestsWith(text: string): readonly Buffer[] {
  const bytes = Buffer.from(text);
  const oneLine = text.replace(/[\r\n\0]/g, "");
  const head = (...lines: readonly string[]): Buffer =>
    Buffer.from(["POST / HTTP/1.1", "Connection: close", ...lines, "", ""].join("\r\n"));
  const withBody = (type: string, body: string | Buffer): Buffer => {
    const all = typeof body === "string" ? Buffer.from(body) : body;
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
export function listenerDisplayTrials({ step = 1 } = {}) {
  return withSubject(async ({ program, emulator }) => {
    const wrong: string[] = [];
    const payloads = Object.entries(program.payloads).filter((_, at) => at % step === 0);
    let requests = 0;
    for (const format of formats) {
      for (const [name, text] of payloads) {
        const sent = requestsWith(text);
        requests += sent.length;
        let sending: Promise<void> | undefined;
        const sees = (written: string, interrupt: () => void): void => {
          const port = /Listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(written)?.[1];
          if (port !== undefined) sending ??= sendAll(Number(port), sent).then(interrupt);
        };
        const argv = ["listen", "--port", "0", "--get", "-f", ...format];
        const { stdout, stderr } = await run(program, argv, [], { columns: 100, env: { NO_COLOR: "1" }, sees });
        await sending;
        const leaked = program.leak(stdout) ?? program.leak(stderr);
        const problem = leaked === undefined ? await emulator.effectOf(stdout + stderr) : `U+${leaked} was printed`;
        if (problem !== undefined) wrong.push(`listen -f ${format.join(" ")}, ${name}: ${problem}`);
      }
    }
    return { requests, wrong };
  }, PAYLOAD_SCROLLBACK);
}

/** Sends the requests one after another, each on its own connection. */
async function sendAll(port: number, requests: readonly Buffer[]): Promise<void> {
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
