import { createServer } from "node:http";
import { join } from "node:path";
import { inFolder } from "../support/temporary-folder.ts";
import { load, readRecord, startListener } from "./listener.ts";
import { listenAt, memoryOf } from "./listener-trials.ts";

interface Delivered {
  readonly number: number;
  readonly call: string;
}

/**
 * A listener forwards to an app that is down for some time, then starts. Returns how much the listener's memory grew in
 * that time, and whether the app got each event once, and the events of each call in order.
 */
export function outageTrial({ rate, downSeconds }: { readonly rate: number; readonly downSeconds: number }) {
  return inFolder(async (folder) => {
    const probe = createServer();
    const appPort = await listenAt(probe, 0);
    await new Promise((resolve) => probe.close(resolve));
    const record = join(folder, "record.ndjson");
    const args = ["--record", record, "--forward-to", `http://127.0.0.1:${appPort}/`, "-f", "ndjson"];
    const { child, port, exited } = await startListener(args);
    const warm = await load({ port, rate, seconds: Math.min(3, downSeconds / 2) });
    const before = await memoryOf(child.pid);
    const down = await load({ port, rate, seconds: downSeconds, first: warm.sent });
    const after = await memoryOf(child.pid);
    const acknowledged = [...warm.acknowledged, ...down.acknowledged];
    const left = new Set(acknowledged);
    const delivered: Delivered[] = [];
    let repeats = 0;
    let finish = (): void => undefined;
    const all = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const app = createServer((message, response) => {
      let body = "";
      message.on("data", (chunk) => {
        body += chunk;
      });
      message.on("end", () => {
        const events: readonly { id: string; data: { sid: string } }[] = JSON.parse(body);
        for (const { id, data } of events) {
          const number = Number.parseInt(id.slice(2), 16);
          if (!left.delete(number)) repeats++;
          delivered.push({ number, call: data.sid });
        }
        response.end();
        if (left.size === 0) finish();
      });
    });
    const from = performance.now();
    await listenAt(app, appPort);
    const limit = setTimeout(finish, 30_000 + acknowledged.length);
    await all;
    clearTimeout(limit);
    const deliveredMs = Math.round(performance.now() - from);
    child.kill("SIGTERM");
    const { code } = await exited;
    app.closeAllConnections();
    app.close();
    const { numbers } = await readRecord(record);
    return {
      rate,
      downSeconds,
      acknowledged: acknowledged.length,
      lost: left.size,
      disorder: countDisorder(delivered, [...numbers.keys()]),
      repeats,
      grownMB: after.now - before.now,
      deliveredMs,
      code,
    };
  });
}

/**
 * Counts the events that were delivered after a later event of their call. The order is the record's, because they were
 * sent over many connections.
 */
function countDisorder(delivered: readonly Delivered[], recorded: readonly number[]): number {
  const positions = new Map(recorded.map((number, position) => [number, position]));
  const latest = new Map<string, number>();
  let disorder = 0;
  for (const { number, call } of delivered) {
    const position = positions.get(number) ?? -1;
    if (position < (latest.get(call) ?? -1)) disorder++;
    latest.set(call, position);
  }
  return disorder;
}
