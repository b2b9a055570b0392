import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { systemIo, systemOutput } from "../src/io.ts";

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;
const folder = mkdtempSync(join(tmpdir(), "twilio-events-io-"));
const opened = new Set<number>();

afterEach(() => {
  for (const descriptor of opened) closeSync(descriptor);
  opened.clear();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function open(path: string, flags: number | string): number {
  const descriptor = openSync(path, flags);
  opened.add(descriptor);
  return descriptor;
}

function close(descriptor: number): void {
  opened.delete(descriptor);
  closeSync(descriptor);
}

/** The two ends of a pipe. */
function openPipe(): { readonly reader: number; readonly writer: number } {
  const path = join(mkdtempSync(join(folder, "pipe-")), "pipe");
  execFileSync("mkfifo", [path]);
  const reader = open(path, O_RDONLY | O_NONBLOCK);
  return { reader, writer: open(path, O_WRONLY | O_NONBLOCK) };
}

/** What waits in a pipe. */
function drain(reader: number): string {
  const parts: string[] = [];
  const buffer = Buffer.alloc(64 * 1024);
  try {
    for (let read = readSync(reader, buffer); read > 0; read = readSync(reader, buffer)) {
      parts.push(buffer.toString("utf8", 0, read));
    }
  } catch (error) {
    expect(error).toMatchObject({ code: "EAGAIN" });
  }
  return parts.join("");
}

/** The stream that Node makes for a pipe; it closes the descriptor itself. */
function streamOf(descriptor: number): () => Socket {
  return () => {
    opened.delete(descriptor);
    return new Socket({ fd: descriptor, readable: false, writable: true });
  };
}

const noStream = (): never => {
  throw new Error("no stream is needed");
};

const failingWith = (code: string) => () =>
  new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error(`write ${code}`), { code }));
    },
  });

describe("output", () => {
  test("to a file goes there at once, of any length", async () => {
    const path = join(folder, "file");
    const output = systemOutput(open(path, "w"), noStream);
    expect([output.isTerminal, output.columns]).toEqual([false, undefined]);
    await output.write("a line\n");
    await output.write(Buffer.alloc(100_000, "x"));
    await output.write("");
    expect(readFileSync(path, "utf8")).toBe(`a line\n${"x".repeat(100_000)}`);
  });

  test("to a terminal goes through its stream, which knows how wide it is", async () => {
    const written: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        done();
      },
    });
    const output = systemOutput(open("/dev/null", "w"), () => Object.assign(stream, { isTTY: true, columns: 80 }));
    expect([output.isTerminal, output.columns]).toEqual([true, 80]);
    await output.write("a line\n");
    expect(written).toEqual(["a line\n"]);
  });

  test("to a device that is no terminal goes through its stream too", () => {
    const output = systemOutput(open("/dev/null", "w"), failingWith("EIO"));
    expect([output.isTerminal, output.columns]).toEqual([false, undefined]);
  });

  test("on a full disk tells so", async () => {
    const output = systemOutput(open("/dev/null", "w"), failingWith("ENOSPC"));
    const error = { closed: false, message: "the output cannot be written: no space left on the device" };
    await expect(output.write("a line\n")).rejects.toMatchObject(error);
    await expect(output.write("another\n")).rejects.toMatchObject(error);
  });

  test("to a descriptor that is not open fails", async () => {
    const descriptor = open("/dev/null", "w");
    close(descriptor);
    const output = systemOutput(descriptor, failingWith("EBADF"));
    expect(output.isTerminal).toBe(false);
    await expect(output.write("a line\n")).rejects.toMatchObject({
      closed: false,
      message: "the output cannot be written: write EBADF",
    });
  });

  test("that was opened for reading fails", async () => {
    const path = join(folder, "read-only");
    closeSync(openSync(path, "w"));
    await expect(systemOutput(open(path, "r"), noStream).write("a line\n")).rejects.toMatchObject({ closed: false });
  });
});

describe.skipIf(process.platform === "win32")("output to a pipe", () => {
  test("that is little goes there without a stream", async () => {
    const { reader, writer } = openPipe();
    const output = systemOutput(writer, noStream);
    expect([output.isTerminal, output.columns]).toEqual([false, undefined]);
    await output.write("a line\n");
    expect(drain(reader)).toBe("a line\n");
  });

  test("that is more goes through its stream, in the order in which it was written", async () => {
    const { reader, writer } = openPipe();
    const output = systemOutput(writer, streamOf(writer));
    const texts = ["first\n", `${"x".repeat(300_000)}\n`, "last\n"];
    let read = "";
    let isWritten = false;
    const writing = (async () => {
      for (const text of texts) await output.write(text);
      isWritten = true;
    })();
    await vi.waitFor(() => {
      read += drain(reader);
      expect(isWritten).toBe(true);
    });
    await writing;
    expect(read + drain(reader)).toBe(texts.join(""));
  });

  test("that is full waits until somebody reads", async () => {
    const { reader, writer } = openPipe();
    const output = systemOutput(writer, streamOf(writer));
    const filling = Buffer.alloc(4096, "x");
    expect(() => {
      for (;;) writeSync(writer, filling);
    }).toThrow("EAGAIN");
    const writing = output.write("a line\n");
    expect(drain(reader)).toMatch(/^x+$/);
    await writing;
    expect(drain(reader)).toBe("a line\n");
  });

  test("that nobody reads any more is the reader's choice", async () => {
    const { reader, writer } = openPipe();
    const output = systemOutput(writer, noStream);
    close(reader);
    await expect(output.write("a line\n")).rejects.toMatchObject({ closed: true });
  });

  test("whose reader goes away while it waits is the reader's choice, and stays so", async () => {
    const { reader, writer } = openPipe();
    const output = systemOutput(writer, streamOf(writer));
    const writing = output.write("x".repeat(300_000));
    close(reader);
    await expect(writing).rejects.toMatchObject({ closed: true });
    await expect(output.write("a line\n")).rejects.toMatchObject({ closed: true });
  });
});

describe("the process", () => {
  test("is told at the first signal, and no more after that", async () => {
    const stopped = vi.fn();
    const before = process.listenerCount("SIGHUP");
    systemIo().onInterrupt(stopped, "termination");
    process.kill(process.pid, "SIGHUP");
    await vi.waitFor(() => expect(stopped).toHaveBeenCalledOnce());
    expect(process.listenerCount("SIGHUP")).toBe(before);
  });

  test("listens to Ctrl-C alone where the end is not asked for, until that is taken back", () => {
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    const counts = () => signals.map((signal) => process.listenerCount(signal));
    const before = counts();
    const release = systemIo().onInterrupt(() => undefined);
    expect(counts().map((count, index) => count - (before[index] ?? 0))).toEqual([1, 0, 0]);
    release();
    expect(counts()).toEqual(before);
  });

  test("knows which processes run", () => {
    const { isRunning, pid } = systemIo();
    expect(isRunning(pid)).toBe(true);
    expect(isRunning(spawnSync(process.execPath, ["--version"]).pid)).toBe(false);
  });

  test("has a clock", () => {
    const before = Date.now();
    const now = systemIo().now().getTime();
    expect([now >= before, now <= Date.now()]).toEqual([true, true]);
  });

  test("has streams of its own", () => {
    const { stdout, stderr } = systemIo();
    expect([stdout.isTerminal, stderr.isTerminal]).toEqual([
      process.stdout.isTTY === true,
      process.stderr.isTTY === true,
    ]);
  });

  test("closes standard input only where it was asked for", async () => {
    systemIo().close();
    expect(process.stdin.destroyed).toBe(false);
    const io = systemIo();
    expect(io.stdin.isTerminal).toBe(process.stdin.isTTY === true);
    const chunks = io.stdin.chunks[Symbol.asyncIterator]();
    io.close();
    expect(process.stdin.destroyed).toBe(true);
    await expect(chunks.next()).rejects.toThrow();
  });
});
