import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import packageLock from "../package-lock.json" with { type: "json" };
import { fileNameOf } from "../scripts/build/chunk-files.js";
import { entryPoints, mainFields } from "../scripts/build/config.js";

/** The licences under which code may be bundled: all of them ask for their text, and for nothing else. */
const licences = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];

/** Packages that say under which licence they are, but come without its text. */
const withoutText = ["@nodable/entities"];

const notices = readFileSync("dist/THIRD-PARTY-NOTICES.txt", "utf8")
  .split(/^-{78}$/m)
  .map((notice) => {
    const [, name = "", version = "", licence = ""] = /^(\S+) (\S+) \((.+)\)\n/.exec(notice.trimStart()) ?? [];
    return {
      name,
      version,
      licence,
      hasText: /\b(?:copyright|licen[cs]e)\b/i.test(notice.split("\n\n").slice(1).join()),
    };
  });

/** The packages that hold a file of the bundle, as esbuild finds them. */
async function bundled(): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints,
    outdir: "dist",
    bundle: true,
    write: false,
    metafile: true,
    splitting: true,
    format: "esm",
    platform: "node",
    mainFields,
    logLevel: "silent",
  });
  const names = Object.entries(metafile.outputs)
    .flatMap(([, { inputs }]) => Object.keys(inputs))
    .flatMap((path) => /^.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly bundled: readonly string[];
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** What `npm pack` would put into the package. */
async function pack(): Promise<Packed> {
  const argv = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  // On Windows npm is a script of the shell's.
  const { stdout } = await promisify(execFile)("npm", argv, { shell: process.platform === "win32" });
  const [packed]: readonly Packed[] = JSON.parse(stdout);
  if (packed === undefined) throw new Error("npm packs nothing");
  return packed;
}

describe("the package", async () => {
  const packed = await pack();

  test("holds what is needed to run and to read, and nothing else", async () => {
    const sources = readdirSync("src", { recursive: true, encoding: "utf8" });
    const ours = sources.filter((path) => path.endsWith(".ts")).map((path) => join("src", path));
    const packages = (await bundled()).map((name) => `node_modules/${name}/index.js`);
    const known = new Set([...ours, ...packages].map((path) => fileNameOf(path)));
    const paths = packed.files.map(({ path }) => path);
    const code = paths.filter((path) => path.endsWith(".cjs"));
    expect(code.length).toBeGreaterThan(30);
    for (const path of code) {
      expect(path).toMatch(/^dist\/[\w-]+\.cjs$/);
      expect(known).toContain(basename(path));
    }
    const maps = paths.filter((path) => path.endsWith(".map"));
    expect(maps).toEqual(code.map((path) => `${path}.map`));
    expect(paths.filter((path) => !code.includes(path) && !maps.includes(path)).sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "bin/package.json",
      "bin/twilio-events.js",
      "dist/THIRD-PARTY-NOTICES.txt",
      "dist/twilio-events.1",
      "package.json",
    ]);
    expect([...code, ...maps].map((path) => basename(path)).sort()).toEqual(
      readdirSync("dist").filter((name) => !/^(?:THIRD-PARTY-NOTICES\.txt|twilio-events\.1)$/.test(name)),
    );
  });

  test("is small: below 500 kB, and unpacked below 1.5 MB", () => {
    expect(packed.size).toBeLessThan(500_000);
    expect(packed.unpackedSize).toBeLessThan(1_500_000);
  });

  test("brings no other package and runs nothing when it is installed", () => {
    expect(packed.bundled).toEqual([]);
    expect(Object.keys(packageJson).filter((key) => /dependencies/i.test(key))).toEqual(["devDependencies"]);
    expect(Object.keys(packageJson.scripts).filter((name) => /install/.test(name))).toEqual([]);
    // npm runs `prepare` for who clones or packs this, not for who installs the package.
    expect(packageJson.scripts.prepare).toBe(packageJson.scripts.build);
  });
});

describe("what it is built with", () => {
  test("has one version each, and the lock has a digest of it", () => {
    for (const [name, specifier] of Object.entries(packageJson.devDependencies)) {
      // `npm:typescript@7.0.2` is a package under another name.
      const version = specifier.replace(/^npm:.+@/, "");
      expect(`${name} ${version}`).toMatch(/^\S+ \d+\.\d+\.\d+$/);
      expect(entry(name)).toMatchObject({ version, integrity: expect.stringMatching(/^sha512-/) });
    }
    expect(packageLock.packages[""].devDependencies).toEqual(packageJson.devDependencies);
    expect(readFileSync(".npmrc", "utf8")).toMatch(/^save-exact=true$/m);
  });

  test("may run a script when it is installed only if it is known here", () => {
    const running = Object.entries(packageLock.packages)
      .filter(([, about]) => "hasInstallScript" in about && about.hasInstallScript)
      .map(([path]) => path);
    // It looks for its binary, and is there without that.
    expect(running).toEqual(["node_modules/esbuild"]);
  });
});

describe("what is bundled", () => {
  test("is named with its version and its licence, one of those that allow it", async () => {
    expect(notices.map(({ name }) => name)).toEqual(expect.arrayContaining([...(await bundled())]));
    for (const { name, version, licence, hasText } of notices) {
      expect(entry(name)).toMatchObject({ version });
      expect(licences).toContain(licence);
      expect({ name, hasText }).toEqual({ name, hasText: !withoutText.includes(name) });
    }
  });

  test("makes no code of strings, but where a schema of the user's is compiled", () => {
    const names = readdirSync("dist").filter((name) => name.endsWith(".cjs"));
    const makers = names.filter((name) =>
      /\beval\s*\(|\bnew Function\b|\bFunction\s*\(\s*["'`]|["'](?:node:)?(?:vm|repl|inspector)["']|\brunInThisContext\b/.test(
        readFileSync(`dist/${name}`, "utf8"),
      ),
    );
    expect(makers).toEqual(["compile-schema.cjs"]);
    expect(readFileSync("dist/compile-schema.cjs", "utf8").match(/\bnew Function\b/g)).toHaveLength(1);
  });

  test("reaches the network and other programs in the files alone that are for that", () => {
    const reach = (module: string): readonly string[] =>
      readdirSync("dist").filter((name) => readFileSync(`dist/${name}`, "utf8").includes(`"node:${module}"`));
    expect(reach("child_process")).toEqual(["program.cjs"]);
    expect(reach("http")).toEqual(["listen.cjs", "replay.cjs"]);
    for (const module of ["https", "net", "dns/promises"]) expect(reach(module)).toEqual(["replay.cjs"]);
    for (const module of ["http2", "tls", "dgram", "dns", "cluster"]) expect(reach(module)).toEqual([]);
  });
});

/** The package of that name in the lock. */
function entry(name: string): unknown {
  return Object.entries(packageLock.packages).find(([path]) => path === `node_modules/${name}`)?.[1];
}
