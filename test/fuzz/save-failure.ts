import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const corpus = join(import.meta.dirname, "../corpus");

/** Writes an input that failed to test/corpus/, under a name that begins with the kind of failure, and returns the name. */
export function saveFailure(failure: string, bytes: Buffer): string {
  mkdirSync(corpus, { recursive: true });
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const name = `${failure.split(/[: ]/, 1)[0]}-${digest}`;
  writeFileSync(join(corpus, name), bytes);
  return name;
}
