import { execFile } from "node:child_process";
import { existsSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Installs versions of Node.js from npm, unless an earlier run did. Returns the paths of the binaries. */
export async function installNode(versions: readonly string[]): Promise<readonly string[]> {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const kept = ownFolder(join(tmpdir(), `twilio-events-node-${process.getuid?.() ?? "user"}`));
  const paths: string[] = [];
  for (const wanted of versions) {
    const name = `node-${platform}-${process.arch}`;
    const prefix = join(kept, wanted);
    const path = join(prefix, "node_modules", name, "bin", platform === "win" ? "node.exe" : "node");
    if (!existsSync(path)) {
      const quiet = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts"];
      await run("npm", ["install", ...quiet, "--prefix", prefix, `${name}@${wanted}`]);
    }
    paths.push(path);
  }
  return paths;
}

/** Creates the folder, or uses it if nobody else could write to it. */
function ownFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(path);
  const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
  if (!isOwn) throw new Error(`${path} belongs to someone else, or others can write to it`);
  return path;
}
