import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const corpus = join(import.meta.dirname, "../corpus");

/** Keeps bytes that went wrong where the tests find them, by the kind of what went wrong; returns the file's name. */
export function keep(what, bytes) {
  mkdirSync(corpus, { recursive: true });
  const name = `${what.split(/[: ]/, 1)[0]}-${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}`;
  writeFileSync(join(corpus, name), bytes);
  return name;
}
