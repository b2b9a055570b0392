import { chmod, link, mkdtemp, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { type FileSnapshot, inspectFile, replaceFile } from "../../../src/features/migrate/replace-file.ts";

let folder = "";
let file = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "migrate-"));
  file = join(folder, "events.json");
  await writeFile(file, "old text\n");
});

async function seen(path: string): Promise<FileSnapshot> {
  const found = await inspectFile(path);
  if ("problem" in found) throw new Error(found.problem);
  return found;
}

async function* chunks(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

const goesOn = (): boolean => false;

test("the file has the new text and its mode, and nothing is left beside it", async () => {
  await chmod(file, 0o640);
  expect(await replaceFile(await seen(file), chunks("new ", "text\n"), 7, goesOn)).toBeUndefined();
  expect(await readFile(file, "utf8")).toBe("new text\n");
  if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o640);
  expect(await readdir(folder)).toEqual(["events.json"]);
});

test("who has the old file open reads on in it", async () => {
  const before = (await stat(file)).ino;
  await replaceFile(await seen(file), chunks("new"), 7, goesOn);
  expect((await stat(file)).ino).not.toBe(before);
});

test("of a link, what it leads to is replaced and the link stays", async () => {
  const name = join(folder, "link.json");
  await symlink("events.json", name);
  await replaceFile(await seen(name), chunks("new"), 7, goesOn);
  expect(await readlink(name)).toBe("events.json");
  expect(await readFile(file, "utf8")).toBe("new");
});

test("a file with a second name is refused", async () => {
  await link(file, join(folder, "second.json"));
  expect(await inspectFile(file)).toMatchObject({ problem: expect.stringContaining("hard link") });
});

test("a folder is refused", async () => {
  expect(await inspectFile(folder)).toMatchObject({ problem: expect.stringContaining("not a file") });
});

describe("the old text stays", () => {
  test("where somebody wrote to it meanwhile", async () => {
    const before = await seen(file);
    await writeFile(file, "old text\nand a line more\n");
    expect(await replaceFile(before, chunks("new"), 7, goesOn)).toMatchObject({
      problem: expect.stringContaining("changed"),
    });
    expect(await readFile(file, "utf8")).toBe("old text\nand a line more\n");
    expect(await readdir(folder)).toEqual(["events.json"]);
  });

  test("where the new one breaks off", async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield Buffer.from("new");
      throw new Error("the input fails");
    }
    await expect(replaceFile(await seen(file), failing(), 7, goesOn)).rejects.toThrow("the input fails");
    expect(await readFile(file, "utf8")).toBe("old text\n");
    expect(await readdir(folder)).toEqual(["events.json"]);
  });

  test("where the run is stopped while it is written", async () => {
    let written = 0;
    const isStopped = (): boolean => ++written === 2;
    expect(await replaceFile(await seen(file), chunks("new ", "text", " and more\n"), 7, isStopped)).toEqual({
      problem: "it was left as it is, since the run was interrupted",
    });
    expect(await readFile(file, "utf8")).toBe("old text\n");
    expect(await readdir(folder)).toEqual(["events.json"]);
  });

  test("where a draft of that name stands already, which is not ours", async () => {
    const draft = join(folder, ".events.json.7.draft");
    await writeFile(draft, "somebody's");
    await expect(replaceFile(await seen(file), chunks("new"), 7, goesOn)).rejects.toThrow("EEXIST");
    expect(await readFile(draft, "utf8")).toBe("somebody's");
    expect(await readFile(file, "utf8")).toBe("old text\n");
  });
});
