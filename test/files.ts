import { chmodSync, existsSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect } from "vitest";

/** Where folders of a short path can be made: how lines that name a file wrap depends on it, and that of macOS is long. */
export const shortFolder = existsSync("/tmp") ? "/tmp" : tmpdir();

/** Writes a file that only its owner may read, or with another mode. Returns its path. */
export function writePrivate(path: string, contents: string | Buffer, mode = 0o600): string {
  writeFileSync(path, contents);
  chmodSync(path, mode);
  return path;
}

/** Expects that nobody but its owner can read the file or write to it. Windows keeps no such bits. */
export function expectPrivate(path: string): void {
  if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
}
