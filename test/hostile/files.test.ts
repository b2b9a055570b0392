import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleProgram, loadProgram, type Program, run } from "../fuzz/run-in-process.ts";
import { asNobody } from "../support/as-nobody.ts";
import { begin, start } from "../support/spawn.ts";
import { encodings } from "./encodings.ts";
import { bombTrials, largeInputTrials } from "./large-inputs.ts";

// `npm run harden files` runs more.

const sample = "samples/calls/answered.ndjson";
const [event = ""] = readFileSync(sample, "utf8").split("\n");
const isUnix = process.platform !== "win32";

let folder = "";
let program: Program;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "twilio-events-files-"));
  chmodSync(folder, 0o755);
  program = loadProgram(await bundleProgram(folder));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const folderOf = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
};

describe("encodings", () => {
  const all = Object.entries(encodings);

  test.each(all)("%s", async (_, { bytes, events = 2, says, counts }) => {
    const { code, stdout, stderr } = await run(program, ["validate", "-f", "json"], [bytes], { stuckMs: 2000 });
    const { summary, findings } = JSON.parse(stdout);
    expect(summary.events).toBe(events);
    const about: readonly string[] = findings
      .filter(({ rule }: { readonly rule: string }) => rule.startsWith("json-"))
      .map(({ message }: { readonly message: string }) => message);
    if (says === undefined) expect(about).toEqual([]);
    else expect(about.join("\n")).toContain(says);
    expect(stderr).toContain(counts ?? "");
    expect(code).toBe(summary.errors > 0 ? 1 : events === 0 ? 3 : 0);
  });

  test("include at least 24", () => {
    expect(all.length).toBeGreaterThanOrEqual(24);
  });
});

describe("an input that uses too much memory", { timeout: 60_000 }, () => {
  test("gets its finding, uses limited memory, and hides no other record", async () => {
    const caseNames = [
      "an event that nests deeper than can be followed",
      "base64 in itself 20 times",
      "a line of 40 MB",
    ];
    expect(await largeInputTrials({ commandNames: ["validate"], caseNames })).toMatchObject({ inputs: 3, wrong: [] });
  });

  test("is read in small parts if it is gzip that unpacks to a thousand times its size", async () => {
    expect((await bombTrials({ megabytes: 60, characters: [" "] })).wrong).toEqual([]);
  });

  test("extract keeps keys such as __proto__", async () => {
    const line = '{"type":"com.twilio.voice.x","id":"1","__proto__":{"a":1},"constructor":2,"data":{"__proto__":null}}';
    const { stdout } = await start(["extract"], { input: [Buffer.from(`${line}\n`)] });
    expect(stdout).toBe(`${line}\n`);
  });
});

describe.skipIf(!existsSync("/dev/full"))("a full disk is exit code 74 and a one-line message", () => {
  const lines = [
    "validate samples/",
    "validate -f json samples/",
    `decode ${sample}`,
    `timeline ${sample}`,
    "extract samples/",
    "types",
    "schema",
    "sample",
    "--help",
    "replay --dry-run --to http://127.0.0.1:1/ samples/calls",
  ];
  test.each(lines)("%s", async (line) => {
    const stdout = openSync("/dev/full", "w");
    const { code, stderr } = await start(line.split(" "), { stdout });
    closeSync(stdout);
    expect(code).toBe(74);
    expect(stderr.trimEnd().split("\n").at(-1)).toBe(
      "twilio-events: the output cannot be written: no space left on the device",
    );
  });

  test("also with -o", async () => {
    const { code, stderr } = await start(["extract", "-o", "/dev/full", sample]);
    expect({ code, stderr }).toEqual({ code: 74, stderr: expect.stringContaining("cannot be written") });
  });
});

test.each(["validate -v -f ndjson", "extract", "decode -f json"])(
  "%s ends without an error when its reader goes away",
  async (line) => {
    const path = fileOf("many.ndjson", `${event}\n`.repeat(3000));
    const { child, ended } = begin([...line.split(" "), path], { isPaused: true });
    if (child.stdout === null) throw new Error("no pipe");
    await once(child.stdout, "readable");
    child.stdout.destroy();
    expect(await ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  },
);

describe.skipIf(!isUnix)("a file without read permission", () => {
  test("is named, and the others are validated", async () => {
    const seen = folderOf("seen");
    cpSync(sample, join(seen, "a.ndjson"));
    const hidden = folderOf("seen/hidden");
    cpSync(sample, join(hidden, "b.ndjson"));
    const locked = join(seen, "locked.ndjson");
    cpSync(sample, locked);
    chmodSync(locked, 0o000);
    chmodSync(hidden, 0o000);
    const { code, stderr } = await asNobody(() => run(program, ["validate", "-f", "compact", seen], []));
    chmodSync(hidden, 0o755);
    expect(code).toBe(2);
    expect(stderr).toContain(`${hidden}: no permission to read it\n`);
    expect(stderr).toContain(`${locked}: no permission to read it\n`);
    expect(stderr).toContain(": 6 events found, 2 inputs not read.\n");
  });
});

describe.skipIf(!isUnix)("symbolic links and named pipes", () => {
  test("circular links are named, and the other files are validated", async () => {
    const circle = folderOf("circle");
    symlinkSync(circle, join(circle, "itself"));
    symlinkSync("two.json", join(circle, "one.json"));
    symlinkSync("one.json", join(circle, "two.json"));
    symlinkSync("nothing", join(circle, "nowhere.json"));
    cpSync(sample, join(circle, "a.ndjson"));
    const { code, stderr } = await start(["validate", "-f", "compact", circle]);
    expect(code).toBe(2);
    expect(stderr.match(/its symbolic links go in a circle/g)).toHaveLength(2);
    expect(stderr).toContain("nowhere.json: no such file or folder");
    expect(stderr).toContain(": 6 events found, 3 inputs not read.\n");
  });

  test("a named pipe is read until its writer ends", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const { ended } = begin(["validate", "-f", "compact", pipe]);
    writeFileSync(pipe, `${event}\n`);
    expect(await ended).toMatchObject({ code: 0, stderr: expect.stringContaining(": 1 event found.\n") });
  });
});

describe("a file that changes during a run", () => {
  const lines = 20_000;

  /** Extracts from a file, changes it when the output pipe is full, then reads the rest. */
  async function changed(name: string, change: (path: string) => void) {
    const path = fileOf(name, `${event}\n`.repeat(lines));
    const { child, ended } = begin(["extract", path], { isPaused: true });
    if (child.stdout === null) throw new Error("no pipe");
    await once(child.stdout, "readable");
    change(path);
    const stdout = await text(child.stdout);
    const { code, signal, stderr } = await ended;
    return { code, signal, stderr, found: stdout.split("\n").filter((line) => line === event).length };
  }

  test("is read as far as it goes when it shrinks", async () => {
    const { code, signal, found } = await changed("shrinks.ndjson", (path) => truncateSync(path, 10));
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(lines);
  });

  test("is read with its new lines when it grows", async () => {
    const { code, signal, found } = await changed("grows.ndjson", (path) =>
      appendFileSync(path, `${event}\n`.repeat(10)),
    );
    expect({ code, signal, found }).toEqual({ code: 0, signal: null, found: lines + 10 });
  });

  test("is read to its end when it is replaced", async () => {
    const { code, signal, found } = await changed("replaced.ndjson", (path) =>
      renameSync(fileOf("other.ndjson", "nothing\n"), path),
    );
    expect({ code, signal, found }).toEqual({ code: 0, signal: null, found: lines });
  });

  test.skipIf(!isUnix)("is read to its end when it is removed", async () => {
    const { code, signal, found } = await changed("removed.ndjson", (path) => rmSync(path));
    expect({ code, signal, found }).toEqual({ code: 0, signal: null, found: lines });
  });
});

describe("a directory with a file's name", () => {
  test("is named or skipped, and the other files are validated", async () => {
    const inside = folderOf("odd");
    mkdirSync(join(inside, "folder.json"));
    cpSync(sample, join(inside, "a.ndjson"));
    writeFileSync(join(inside, "empty.json"), "");
    const { code, stderr } = await start(["validate", "-f", "compact", inside]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(": 6 events found") });
    const folder = await start(["validate", "-f", "compact", join(inside, "folder.json"), sample]);
    expect(folder.code).toBe(2);
    expect(folder.stderr).toContain("folder.json: the folder holds no .json");
    expect(folder.stderr).toContain(": 6 events found, 1 input not read.\n");
  });
});
