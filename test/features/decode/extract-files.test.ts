import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openFolder } from "../../../src/features/decode/extract-files.ts";

const root = mkdtempSync(join(tmpdir(), "twilio-events-folder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bytes = (text: string) => Buffer.from(text);

describe("a folder of bodies", () => {
  test("keeps what is different under names of its own, and what is alike once", async () => {
    const path = join(root, "bodies");
    const folder = await openFolder(path);
    for (const text of ["one", "two", "one", "three"]) await folder.write("body.xml", bytes(text));
    expect(readdirSync(path).sort()).toEqual(["body-2.xml", "body-3.xml", "body.xml"]);
    expect(readFileSync(join(path, "body-3.xml"), "utf8")).toBe("three");
  });

  test("never writes where a link stands", async () => {
    const path = join(root, "linked");
    const folder = await openFolder(path);
    const target = join(root, "target");
    writeFileSync(target, "precious");
    symlinkSync(target, join(path, "body.xml"));
    await folder.write("body.xml", bytes("other"));
    expect(readFileSync(target, "utf8")).toBe("precious");
    expect(readFileSync(join(path, "body-2.xml"), "utf8")).toBe("other");
  });

  test("that holds too many of a name is refused", async () => {
    const path = join(root, "full");
    const folder = await openFolder(path);
    for (let number = 1; number <= 1000; number++) {
      writeFileSync(join(path, number === 1 ? "a.xml" : `a-${number}.xml`), String(number));
    }
    await expect(folder.write("a.xml", bytes("new"))).rejects.toThrow("it holds 1000 files named like a.xml");
  });

  test("that cannot be made, or written to, is told", async () => {
    writeFileSync(join(root, "file"), "");
    await expect(openFolder(join(root, "file", "below"))).rejects.toThrow("--extract");
    const path = join(root, "gone");
    const folder = await openFolder(path);
    rmSync(path, { recursive: true });
    await expect(folder.write("body.xml", bytes("x"))).rejects.toThrow("body.xml: ");
  });
});
