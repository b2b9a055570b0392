import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "vitest";

/** Which layers each layer may import; a layer is a folder of src/ or a file in it. Add a layer here. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  main: ["commands", "errors", "io", "output", "spread"],
  // The man page, which the build writes.
  man: ["commands", "io", "knowledge", "shell"],
  commands: [
    "brief-type",
    "redact",
    "nearest",
    "pipeline",
    "score",
    "parallel",
    "spread",
    "task",
    "requests",
    "judge",
    "calls",
    "sampling",
    "webhook",
    "input",
    "events",
    "twiml",
    "output",
    "rules",
    "errors",
    "io",
    "knowledge",
    "migrate",
    "shell",
  ],
  // Between the commands and what they compose: reads, filters and counts events, and makes items of them.
  pipeline: ["input", "events", "output", "rules", "utf8"],
  score: ["distinct", "pipeline", "events", "output", "rules"],
  // Big files in threads: what is asked of them, how inputs are cut, who does it, and the order in which it comes back.
  parallel: ["spread", "crew", "units", "pipeline", "input"],
  crew: ["task", "threads", "units"],
  units: ["pipeline", "input"],
  spread: ["task"],
  task: ["pipeline", "input"],
  threads: ["errors"],
  // The program of a thread.
  worker: ["threads", "task", "pipeline", "input", "commands"],
  // What is read, as webhooks would bring it.
  requests: ["brief-type", "pipeline", "input", "events", "webhook"],
  judge: ["events", "twiml", "remember", "rules"],
  redact: ["json-text", "remember", "rules", "errors"],
  calls: ["brief-type", "events", "rules"],
  sampling: ["events"],
  // What can be explained: it reads what the others declare.
  knowledge: ["rules", "events", "twiml", "errors"],
  // Texts and subscriptions that name deprecated types.
  migrate: ["events"],
  // What shells and man read, made of what the commands declare.
  shell: [],
  // `nearest` tells what a misspelled name may have meant; it knows no names itself.
  events: ["nearest", "remember", "rules", "errors"],
  twiml: ["nearest", "remember", "rules", "utf8", "windows1252"],
  webhook: ["rules", "errors"],
  io: ["errors"],
  input: ["json-text", "errors", "utf8", "windows1252"],
  output: ["brief-type", "later"],
  rules: [],
  errors: [],
  distinct: [],
  utf8: [],
  // How far the parts of a JSON text reach.
  "json-text": [],
  windows1252: [],
  nearest: [],
  // How an event type is shown.
  "brief-type": [],
  // When a value is made, whatever it is.
  later: [],
  remember: [],
};

/** Where alone a package, or a part of Node, may be imported: a file, or a folder of src/. Others are free. */
const home: Readonly<Record<string, readonly string[]>> = {
  "@commander-js/extra-typings": ["commands/"],
  commander: [],
  chalk: ["output/formats/pretty.ts"],
  "cli-table3": ["output/formats/pretty.ts"],
  ajv: ["events/schemas/"],
  "@rgrove/parse-xml": ["twiml/lint.ts"],
  "fast-xml-parser": ["twiml/pretty.ts"],
  "node:http": ["webhook/"],
  "node:process": [],
  "node:worker_threads": ["threads.ts"],
};

/** The files that tell the version. */
const knowsPackage: ReadonlySet<string> = new Set(["main.ts", "commands/about.ts", "commands/declarations.ts"]);

interface Import {
  readonly specifier: string;
  /** A value that the module needs before it runs; a type is none, and `import()` waits until it is called. */
  readonly isStatic: boolean;
}

interface Module {
  /** Path below src/, with slashes. */
  readonly path: string;
  readonly source: string;
  readonly imports: readonly Import[];
}

const modules = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
  .map((path): Module => {
    const source = readFileSync(join("src", path), "utf8");
    return { path, source, imports: importsOf(source) };
  });

function importsOf(source: string): Import[] {
  const code = source.replace(/^\s*(?:\/\*[\s\S]*?\*\/|\/\/.*)$/gm, "");
  const statements = code.matchAll(/^(?:import|export)\b(\s+type\b)?(?:[^"';]*?\bfrom\b)?\s*"([^"]+)"/gm);
  const calls = code.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g);
  return [
    ...Array.from(statements, ([, type, specifier = ""]) => ({ specifier, isStatic: type === undefined })),
    ...Array.from(calls, ([, specifier = ""]) => ({ specifier, isStatic: false })),
  ];
}

const layerOf = (path: string): string => path.replace(/\.ts$/, "").split("/")[0] ?? path;

/** The file below src/ that a relative import names. */
const target = (from: string, specifier: string): string => posix.join(posix.dirname(from), specifier);

const isRelative = ({ specifier }: Import): boolean => specifier.startsWith(".");

/** Of a package's specifier, the part that names it: "ajv/dist/2020.js" is of "ajv". */
const packageOf = (specifier: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;

test("imports are read as they are written", () => {
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
  const found = importsOf(source);
  expect(found.map(({ specifier }) => specifier[2]).join("")).toBe("abcdefg");
  expect(
    found
      .filter(({ isStatic }) => isStatic)
      .map(({ specifier }) => specifier[2])
      .join(""),
  ).toBe("abdef");
});

describe("layers", () => {
  test.each(modules)("$path imports only what its layer may", ({ path, imports }) => {
    const layer = layerOf(path);
    const allowed = mayImport[layer];
    expect(allowed, `${layer} has no row in this test`).toBeDefined();
    const foreign = imports
      .filter(isRelative)
      .map(({ specifier }) => target(path, specifier))
      .filter((file) => layerOf(file) !== layer && !allowed?.includes(layerOf(file)))
      .filter((file) => !(knowsPackage.has(path) && file === "../package.json"));
    expect(foreign).toEqual([]);
  });

  test("of the output, main sees the escaping and the pipeline the items, as types", () => {
    const seen = (layer: string) =>
      modules
        .filter(({ path }) => layerOf(path) === layer)
        .flatMap(({ path, imports }) => imports.map((each) => ({ ...each, file: target(path, each.specifier) })))
        .filter(({ file }) => layerOf(file) === "output");
    expect(seen("main").map(({ file }) => file)).toEqual(["output/escape.ts"]);
    expect(seen("pipeline").map(({ file, isStatic }) => ({ file, isStatic }))).toEqual([
      { file: "output/item.ts", isStatic: false },
    ]);
  });

  test("no module needs itself to load", () => {
    const needs = new Map(
      modules.map(({ path, imports }) => [
        path,
        imports.filter((each) => each.isStatic && isRelative(each)).map(({ specifier }) => target(path, specifier)),
      ]),
    );
    const circles = modules.filter(({ path }) => reach(needs.get(path) ?? [], needs).has(path)).map(({ path }) => path);
    expect(circles).toEqual([]);
  });

  test("the start loads no package and no layer but its own", () => {
    const static_ = modules.map(({ path, imports }) => ({
      path,
      imports: imports.filter(({ isStatic }) => isStatic).map(({ specifier }) => specifier),
    }));
    const needs = new Map(static_.map(({ path, imports }) => [path, imports.map((each) => target(path, each))]));
    const atStart = reach(["main.ts"], needs);
    const packages = static_
      .filter(({ path }) => atStart.has(path))
      .flatMap(({ imports }) => imports.filter((specifier) => !/^(?:\.|node:)/.test(specifier)));
    expect(packages).toEqual([]);
    expect([...atStart].sort()).toEqual(["../package.json", "errors.ts", "io.ts", "main.ts", "node:fs"]);
  });
});

/** Whatever can be reached from the files over what each needs, the files included. */
function reach(files: readonly string[], needs: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const left = [...files];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    left.push(...(needs.get(file) ?? []));
  }
  return reached;
}

describe("one place each", () => {
  test.each(Object.entries(home))("%s", (name, places) => {
    const strays = modules
      .filter(({ imports }) => imports.some(({ specifier }) => packageOf(specifier) === name))
      .map(({ path }) => path)
      .filter((path) => !places.some((place) => path === place || (place.endsWith("/") && path.startsWith(place))));
    expect(strays).toEqual([]);
  });

  test.each([
    ["process", /\bprocess\??\.\w/, ["io.ts"]],
    ["process.exit", /\bprocess\.exit\b(?!Code)/, []],
    ["console", /\bconsole\.\w+\(/, []],
    ["a default export", /^export default\b/m, []],
  ] as const)("%s", (_, pattern, places: readonly string[]) => {
    const users = modules.filter(({ source }) => pattern.test(source)).map(({ path }) => path);
    expect(users).toEqual(places);
  });
});
