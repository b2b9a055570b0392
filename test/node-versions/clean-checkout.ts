// Makes the package as a release does: from the files that git tracks, without scripts of other packages.
import { deepEqual } from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Options for a slow network. npm's cache is used first. */
const npmOptions = ["--prefer-offline", "--fetch-timeout=600000", "--fetch-retries=5", "--no-audit", "--no-fund"];

/**
 * Copies the tracked files, installs, builds, packs and unpacks the package, all inside the folder. Returns the folder of
 * the package. Throws unless a second build in another place makes the same files, byte for byte.
 */
export async function packClean(folder: string): Promise<string> {
  const first = join(folder, "checkout");
  const second = join(folder, "moved", "elsewhere");
  await copySources(first);
  await run("npm", ["ci", "--ignore-scripts", ...npmOptions], { cwd: first });
  await run("npm", ["run", "build"], { cwd: first });
  const built = digests(join(first, "dist"));
  mkdirSync(join(folder, "moved"));
  renameSync(first, second);
  rmSync(join(second, "dist"), { recursive: true });
  await run("npm", ["pack", "--pack-destination", folder], { cwd: second });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  await run("tar", ["-xzf", tarball], { cwd: folder });
  deepEqual(digests(join(folder, "package/dist")), built);
  return join(folder, "package");
}

/** Copies the tracked files or, without git's folder, all files that git wouldn't ignore. */
async function copySources(target: string): Promise<void> {
  if (existsSync(".git")) {
    // The folder can belong to anyone, because this runs nothing in it.
    const { stdout } = await run("git", ["-c", "safe.directory=*", "ls-files", "-z"]);
    for (const path of stdout.split("\0").filter(Boolean)) cpSync(path, join(target, path));
    return;
  }
  const ignored = readFileSync(".gitignore", "utf8").split("\n").filter(Boolean).map(normalize);
  const isSource = (path: string): boolean => !ignored.some((name) => join(path, "/") === join(name, "/"));
  cpSync(".", target, { recursive: true, filter: isSource });
}

/** The digest of each file in the folder, by path. */
function digests(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  const digest = (path: string): string =>
    createHash("sha256")
      .update(readFileSync(join(folder, path)))
      .digest("hex");
  return Object.fromEntries(paths.map((path) => [path, digest(path)]));
}
