import { readFileSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createForwarder,
  type Forwarder,
  type ForwardNews,
  type ForwardOptions,
  type ForwardResult,
} from "../../../src/webhook/forward/forwarder.ts";
import type { Journal } from "../../../src/webhook/journal/journal.ts";
import { createSender, type Sender } from "../../../src/webhook/sender.ts";
import { resolveTarget } from "../../../src/webhook/target.ts";
import { callSidsIn, toRecordLine } from "../../../src/webhook/webhook-request.ts";
import { type App, freePort, startApp, until } from "../server.ts";

/** A record that grows, as the journal makes it. */
type GrowingFile = Pick<Journal, "path" | "size" | "onGrowth">;

interface TestJournal extends GrowingFile {
  size: number;
  append(...lines: readonly Buffer[]): Promise<void>;
  /** Puts another file in its place. */
  rotate(): Promise<void>;
}

let folder = "";
let journal: TestJournal;
const running: { readonly forwarder: Forwarder; readonly sender: Sender }[] = [];
const waits = { retries: [5, 10, 20], down: { first: 5, last: 40 } };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "twilio-events-"));
  journal = await createJournal(join(folder, "record"));
});
afterEach(async () => {
  for (const { forwarder, sender } of running.splice(0)) {
    await forwarder.stop({ drainMs: 0 });
    sender.close();
  }
  await rm(folder, { recursive: true });
});

async function createJournal(path: string): Promise<TestJournal> {
  const listeners = new Set<(size: number) => void>();
  await writeFile(path, "");
  const made: TestJournal = {
    path,
    size: 0,
    onGrowth(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async append(...lines) {
      const bytes = Buffer.concat(lines);
      await appendFile(path, bytes);
      made.size += bytes.length;
      for (const listener of listeners) listener(made.size);
    },
    async rotate() {
      await rename(path, `${path}.1`);
      await writeFile(path, "");
      made.size = 0;
    },
  };
  return made;
}

const sidOf = (call: number): string => `CA${String(call).padStart(32, "0")}`;

/** The record of one delivery about the calls; `number` tells it apart. */
function line(number: number, ...calls: readonly number[]): Buffer {
  const body = JSON.stringify([
    { specversion: "1.0", type: "com.twilio.x", id: `E${number}`, data: { number, calls: calls.map(sidOf) } },
  ]);
  return toRecordLine({
    receivedAt: 1_700_000_000_000 + number,
    method: "POST",
    url: "/hook",
    headers: { "content-type": "application/json" },
    signature: "none",
    body: Buffer.from(body),
  });
}

const numberOf = (body: Buffer): number => JSON.parse(body.toString("utf8"))[0].data.number;
const numbers = (app: App): readonly number[] => app.got.map(({ body }) => numberOf(body));
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

interface Start extends Partial<ForwardOptions> {
  readonly url: string;
  readonly timeoutMs?: number;
}

async function start({ url, timeoutMs = 10_000, ...options }: Start): Promise<{
  readonly forwarder: Forwarder;
  readonly sender: Sender;
  readonly results: readonly ForwardResult[];
  readonly news: readonly ForwardNews[];
}> {
  const target = await resolveTarget(url, { option: "--forward-to", unlock: "--forward-anywhere", anywhere: false });
  const sender = createSender({ target, concurrency: 8, timeoutMs });
  const results: ForwardResult[] = [];
  const news: ForwardNews[] = [];
  const forwarder = await createForwarder({
    journal,
    cursorPath: `${journal.path}.cursor`,
    target: target.shown,
    sender,
    from: "cursor",
    waits,
    onResult: (result) => void results.push(result),
    onNews: (each) => void news.push(each),
    ...options,
  });
  running.push({ forwarder, sender });
  return { forwarder, sender, results, news };
}

/** For each call the numbers of its requests, in the order in which they came. */
function byCall(app: App): ReadonlyMap<string, readonly number[]> {
  const calls = new Map<string, number[]>();
  for (const { body } of app.got) {
    for (const sid of callSidsIn(body)) calls.set(sid, [...(calls.get(sid) ?? []), numberOf(body)]);
  }
  return calls;
}

test("what comes from now on, and not what was there before", async () => {
  const app = await startApp();
  await journal.append(line(0, 1), line(1, 1));
  const { forwarder, results } = await start({ url: `${app.url}/app` });
  expect(forwarder.state).toBe("new");
  await journal.append(line(2, 1), line(3, 2));
  await until(() => results.length === 2);
  expect(numbers(app)).toEqual([2, 3]);
  expect(app.got[0]?.url).toBe("/app");
  expect(results.map(({ verdict, tries }) => [verdict, tries])).toEqual([
    ["delivered", 1],
    ["delivered", 1],
  ]);
  expect(forwarder.progress()).toMatchObject({ offset: journal.size, isDown: false });
});

test("order within each call holds, whatever the answers take", async () => {
  let seed = 1;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let [busy, most] = [0, 0];
  const app = await startApp(async (_, response) => {
    most = Math.max(most, ++busy);
    await pause(random() * 3);
    busy--;
    response.writeHead(200).end();
  });
  const { results } = await start({ url: app.url });
  const calls = upTo(2000).map(() => {
    const one = Math.floor(random() * 50);
    return random() < 0.1 ? [one, Math.floor(random() * 50)] : [one];
  });
  for (let from = 0; from < 2000; from += 100) {
    await journal.append(...upTo(100).map((index) => line(from + index, ...(calls[from + index] ?? []))));
  }
  await until(() => results.length === 2000);
  expect(most).toBe(8);
  expect([...numbers(app)].sort((a, b) => a - b)).toEqual(upTo(2000));
  for (const [call, seen] of byCall(app)) expect(seen, call).toEqual([...seen].sort((a, b) => a - b));
});

test("one call waits for no other", async () => {
  let release = (): void => undefined;
  const app = await startApp(async ({ body }, response) => {
    if (numberOf(body) === 0) {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    }
    response.writeHead(200).end();
  });
  await start({ url: app.url });
  await journal.append(line(0, 1), line(1, 1), line(2, 2), line(3, 1, 2), line(4, 2), line(5, 3));
  await until(() => app.got.length === 3);
  expect(numbers(app)).toEqual([0, 2, 5]);
  release();
  await until(() => app.got.length === 6);
  expect(numbers(app).slice(3)).toEqual([1, 3, 4]);
});

describe("answers", () => {
  test("a redirect or a client error is final, and told", async () => {
    const app = await startApp((_, response, index) => void response.writeHead(index === 0 ? 302 : 404).end("no"));
    const { results } = await start({ url: app.url });
    await journal.append(line(0, 1), line(1, 1));
    await until(() => results.length === 2);
    expect(results).toMatchObject([
      { verdict: "failing", tries: 1, outcome: { status: 302 } },
      { verdict: "failing", tries: 1, outcome: { status: 404, head: "no" } },
    ]);
  });

  test("a server error is tried three times more, and those behind it in its call wait", async () => {
    const app = await startApp(({ body }, response) => void response.writeHead(numberOf(body) === 0 ? 500 : 200).end());
    const { results } = await start({ url: app.url });
    await journal.append(line(0, 1), line(1, 1), line(2, 2));
    await until(() => results.length === 3);
    expect(results.find(({ offset }) => offset === 0)).toMatchObject({
      verdict: "given up",
      tries: 4,
      outcome: { status: 500 },
    });
    expect(numbers(app).filter((number) => number !== 2)).toEqual([0, 0, 0, 0, 1]);
  });

  test("an error that passes is no failure", async () => {
    const app = await startApp((_, response, index) => void response.writeHead(index < 2 ? 503 : 204).end());
    const { results } = await start({ url: app.url });
    await journal.append(line(0, 1));
    await until(() => results.length === 1);
    expect(results).toMatchObject([{ verdict: "delivered", tries: 3 }]);
  });
});

describe("a target that is down", () => {
  test("then up: all is delivered, in order, none given up, and the outage is told once", async () => {
    const port = await freePort();
    const { forwarder, results, news } = await start({ url: `http://127.0.0.1:${port}` });
    await journal.append(...upTo(600).map((number) => line(number, number % 7)));
    await until(() => forwarder.progress().isDown);
    // The window is full, and no more is read while nothing can be sent.
    await until(() => forwarder.progress().readTo > 0 && forwarder.progress().inFlight === 0);
    const one = line(0, 0).length + 4;
    expect(forwarder.progress().readTo).toBeLessThanOrEqual(256 * one);
    const app = await startApp(undefined, port);
    await until(() => results.length === 600);
    expect([...numbers(app)].sort((a, b) => a - b)).toEqual(upTo(600));
    for (const seen of byCall(app).values()) expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(results.every(({ verdict }) => verdict === "delivered")).toBe(true);
    expect(news.map(({ kind }) => kind)).toEqual(["down", "up"]);
  });

  test("in the middle of it: nothing is lost", async () => {
    const first = await startApp();
    const { results } = await start({ url: first.url });
    await journal.append(...upTo(50).map((number) => line(number, number % 5)));
    await until(() => results.length === 50);
    await first.close();
    await journal.append(...upTo(50).map((number) => line(50 + number, number % 5)));
    const second = await startApp(undefined, first.port);
    await until(() => results.length === 100);
    expect(results.every(({ verdict }) => verdict === "delivered")).toBe(true);
    expect(new Set([...numbers(first), ...numbers(second)]).size).toBe(100);
  });

  test("that takes connections and never answers is down too, and nothing is given up", async () => {
    let isStuck = true;
    const app = await startApp((_, response) => void (isStuck || response.writeHead(200).end()));
    const { results, news } = await start({ url: app.url, timeoutMs: 30 });
    await journal.append(line(0, 1), line(1, 2));
    await until(() => app.got.length >= 12);
    isStuck = false;
    await until(() => results.length === 2);
    expect(results.every(({ verdict }) => verdict === "delivered")).toBe(true);
    expect(news.map(({ kind }) => kind)).toEqual(["down", "up"]);
  });

  test("a request that alone is never answered does not hold up the others for ever", async () => {
    const app = await startApp(({ body }, response) => void (numberOf(body) === 0 || response.writeHead(200).end()));
    const { results } = await start({ url: app.url, timeoutMs: 40 });
    await journal.append(line(0, 1), line(1, 1));
    // The others come one by one: each answer shows that the target is there.
    for (let number = 2; number < 22; number++) {
      const before = results.length;
      await journal.append(line(number, number));
      await until(() => results.length > before);
    }
    await until(() => results.length === 22);
    const lost = results.find(({ offset }) => offset === 0);
    expect(lost).toMatchObject({ verdict: "given up", outcome: { problem: "timeout" } });
    expect(results.filter(({ verdict }) => verdict === "delivered").length).toBe(21);
  });
});

describe("the record", () => {
  test("is the queue: what is read ahead has a bound in lines and in bytes", async () => {
    const app = await startApp(() => undefined);
    const { forwarder } = await start({ url: app.url });
    const large = (number: number): Buffer =>
      Buffer.concat([line(number, number).subarray(0, -1), Buffer.alloc(20_000, " "), Buffer.from("\n")]);
    const lines = upTo(400).map(large);
    await journal.append(...lines);
    await until(() => forwarder.progress().inFlight === 8);
    await until(() => forwarder.progress().readTo > 1_000_000);
    // While it could have read on, the record was read five times over.
    for (let time = 0; time < 5; time++) await readFile(journal.path);
    expect(forwarder.progress().readTo).toBeLessThan(1024 * 1024 + 2 * (lines[0]?.length ?? 0));
  });

  test("may hold what cannot be handed on: it is passed over, and told", async () => {
    const app = await startApp();
    const { results } = await start({ url: app.url });
    const rejected = Buffer.from(
      line(1, 1).toString("utf8").replace('"sig":"none"', '"sig":"bad","rejected":"signature"'),
    );
    const part = Buffer.from(line(2, 1).toString("utf8").replace('"sig":"none"', '"sig":"none","length":99999'));
    await journal.append(Buffer.from("no json\n"), Buffer.from('{"v":2}\n'), rejected, part, line(3, 1));
    await until(() => results.length === 5);
    expect(results.map(({ verdict }) => verdict)).toEqual([
      "unreadable",
      "unreadable",
      "unreadable",
      "unreadable",
      "delivered",
    ]);
    expect(numbers(app)).toEqual([3]);
  });

  test("may be replaced: the old file is finished, then the new one is begun", async () => {
    const app = await startApp();
    const { forwarder, results } = await start({ url: app.url });
    await journal.append(line(0, 1), line(1, 1));
    await until(() => results.length === 2);
    await journal.append(line(2, 1));
    await journal.rotate();
    await journal.append(line(3, 1));
    await until(() => results.length === 4);
    expect(numbers(app)).toEqual([0, 1, 2, 3]);
    await forwarder.stop({ drainMs: 1000 });
    await journal.append(line(4, 1));
    const next = await start({ url: app.url });
    expect(next.forwarder.state).toBe("continued");
    await until(() => next.results.length === 1);
    expect(numbers(app)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("the next run", () => {
  test("goes on where the last one was stopped", async () => {
    const app = await startApp();
    const first = await start({ url: app.url });
    await journal.append(...upTo(20).map((number) => line(number, 1)));
    await until(() => first.results.length >= 5);
    await first.forwarder.stop({ drainMs: 1000 });
    const before = app.got.length;
    expect(first.results.length).toBe(before);
    const second = await start({ url: app.url });
    expect(second.forwarder.state).toBe("continued");
    await until(() => before + second.results.length === 20);
    expect(numbers(app)).toEqual(upTo(20));
  });

  test("after a kill repeats no more than were in flight, and loses none", async () => {
    for (let trial = 0; trial < 12; trial++) {
      journal = await createJournal(join(folder, `record-${trial}`));
      const app = await startApp(async (_, response) => {
        await pause(Math.random() * 2);
        response.writeHead(200).end();
      });
      const killed = await start({ url: app.url });
      await journal.append(...upTo(300).map((number) => line(number, number % 40)));
      await until(() => app.got.length > 20 + trial * 10);
      // As a kill does: from one moment on no answer comes through any more, and nothing is written.
      const cursor = readFileSync(`${journal.path}.cursor`);
      killed.sender.close();
      await killed.forwarder.stop({ drainMs: 0 });
      await writeFile(`${journal.path}.cursor`, cursor);
      const second = await start({ url: app.url });
      expect(second.forwarder.state).toBe("continued");
      await until(() => second.forwarder.progress().offset === journal.size);
      expect(new Set(numbers(app)).size).toBe(300);
      expect(app.got.length - 300).toBeLessThanOrEqual(8);
      for (const seen of byCall(app).values()) {
        const firsts = seen.filter((number, index) => seen.indexOf(number) === index);
        expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
      }
      await app.close();
    }
  });

  test("with another target starts at the end, and says so", async () => {
    const [one, two] = [await startApp(), await startApp()];
    const first = await start({ url: one.url });
    await journal.append(line(0, 1));
    await until(() => first.results.length === 1);
    await first.forwarder.stop({ drainMs: 1000 });
    await journal.append(line(1, 1));
    const second = await start({ url: two.url });
    expect(second.forwarder.state).toBe("other target");
    await journal.append(line(2, 1));
    await until(() => second.results.length === 1);
    expect(numbers(two)).toEqual([2]);
  });
});

test("stopping waits for what is in flight, so long and no longer", async () => {
  let release = (): void => undefined;
  const app = await startApp(async (_, response) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    response.writeHead(200).end();
  });
  const first = await start({ url: app.url });
  await journal.append(line(0, 1), line(1, 1));
  await until(() => app.got.length === 1);
  const stopped = first.forwarder.stop({ drainMs: 10_000 });
  release();
  await stopped;
  expect(first.results.map(({ verdict }) => verdict)).toEqual(["delivered"]);
  expect(numbers(app)).toEqual([0]);

  const second = await start({ url: app.url });
  await until(() => app.got.length === 2);
  const began = performance.now();
  await second.forwarder.stop({ drainMs: 30 });
  expect(performance.now() - began).toBeLessThan(5000);
  expect(second.results).toEqual([]);
});
