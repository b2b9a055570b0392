import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "vitest";

// Who may import whom is in .dependency-cruiser.cjs. This is what a rule about imports cannot say.

/** The source files by their path below src/, with slashes. */
const sources: ReadonlyMap<string, string> = new Map(
  readdirSync("src", { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"))
    .map((path) => [path, readFileSync(join("src", path), "utf8")]),
);

test.each([
  ["process", /\bprocess\??\.\w/, ["io.ts"]],
  ["process.exit", /\bprocess\.exit\b(?!Code)/, []],
  ["console", /\bconsole\.\w+\(/, []],
  ["a default export", /^export default\b/m, []],
] as const)("%s", (_, pattern, places: readonly string[]) => {
  const users = Array.from(sources).filter(([, source]) => pattern.test(source));
  expect(users.map(([path]) => path)).toEqual(places);
});

/** The modules that a file needs before it runs: no types, and nothing that `import()` loads later. */
function staticImports(source: string): readonly string[] {
  const code = source.replace(/^\s*(?:\/\*[\s\S]*?\*\/|\/\/.*)$/gm, "");
  const statements = code.matchAll(/^(?:import|export)\b(\s+type\b)?(?:[^"';]*?\bfrom\b)?\s*"([^"]+)"/gm);
  return Array.from(statements).flatMap(([, type, specifier]) => (type === undefined && specifier ? [specifier] : []));
}

test("static imports are read as they are written", () => {
  const source = `import { a } from "./a.ts";
import {
  type B,
  b,
} from "./b.ts";
import type { C } from "./c.ts";
import "./d.ts";
export { e } from "./e.ts";
import f from "./f.json" with { type: "json" };
const g = async () => (await import("./g.ts")).g;
// import { h } from "./h.ts";
`;
  expect(
    staticImports(source)
      .map((specifier) => specifier[2])
      .join(""),
  ).toBe("abdef");
});

test("the start loads no package and no layer but its own", () => {
  const loaded = new Set<string>();
  const left = ["main.ts"];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    const folder = posix.dirname(file);
    for (const specifier of staticImports(sources.get(file) ?? "")) {
      left.push(specifier.startsWith(".") ? posix.join(folder, specifier) : specifier);
    }
  }
  expect([...loaded].sort()).toEqual(["../package.json", "errors.ts", "io.ts", "main.ts", "node:fs"]);
});
