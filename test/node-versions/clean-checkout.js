// The package as a release makes it: of what git tracks and nothing else, without any script of another package.
import { deepEqual } from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, normalize } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** So patient is npm with a network that is slow; what it keeps of earlier times it does not ask for again. */
const patience = ["--prefer-offline", "--fetch-timeout=600000", "--fetch-retries=5", "--no-audit", "--no-fund"];

/**
 * Copies what git tracks here, installs, builds, packs and unpacks it, all inside the folder; returns the folder of the
 * package. Throws unless a second build, at another place, gives the same files byte for byte.
 */
export async function packClean(folder) {
  const first = join(folder, "checkout");
  const second = join(folder, "moved", "elsewhere");
  await copySources(first);
  await run("npm", ["ci", "--ignore-scripts", ...patience], { cwd: first });
  await run("npm", ["run", "build"], { cwd: first });
  const built = digests(join(first, "dist"));
  mkdirSync(join(folder, "moved"));
  renameSync(first, second);
  rmSync(join(second, "dist"), { recursive: true });
  await run("npm", ["pack", "--pack-destination", folder], { cwd: second });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  await run("tar", ["-xzf", tarball], { cwd: folder });
  deepEqual(digests(join(folder, "package/dist")), built);
  return join(folder, "package");
}

/** Copies what git tracks; where its folder was not copied along, all that it would not ignore. */
async function copySources(into) {
  if (existsSync(".git")) {
    // Whoever owns the folder: nothing of it is run by this.
    const { stdout } = await run("git", ["-c", "safe.directory=*", "ls-files", "-z"]);
    for (const path of stdout.split("\0").filter(Boolean)) cpSync(path, join(into, path));
    return;
  }
  const ignored = readFileSync(".gitignore", "utf8").split("\n").filter(Boolean).map(normalize);
  const isSource = (path) => !ignored.some((name) => join(path, "/") === join(name, "/"));
  cpSync(".", into, { recursive: true, filter: isSource });
}

/** The digest of each of a folder's files, by name. */
function digests(folder) {
  const digest = (name) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(readdirSync(folder).map((name) => [name, digest(name)]));
}
