// Builds the package: JSON Schemas -> validators, src/ -> dist/, and the notices of what is bundled.
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build, transform } from "esbuild";

/** How the code of dist/ is written. Short names save a third of it; a stack that --debug prints has the places. */
const form = {
  platform: "node",
  target: "node20",
  minifyWhitespace: true,
  minifyIdentifiers: true,
  minifySyntax: true,
  legalComments: "none",
  logLevel: "warning",
};

/** Where packages keep what can be bundled. */
const mainFields = ["module", "main"];

/** The files of dist/ that others need too, by what is in them: each holds all that needs and no file before it has. */
const parts = [
  ["src/main.ts"],
  ["src/cli/program.ts"],
  [
    "src/features/extract/command.ts",
    "src/cli/severity-options.ts",
    "src/output/formats/pretty.ts",
    "src/output/markdown-text.ts",
    "src/output/totals.ts",
    "src/output/terminal/finding-lines.ts",
    "src/redact/redact-located.ts",
  ],
  ["src/features/validate/command.ts"],
  ["src/features/decode/command.ts"],
  ["src/features/timeline/command.ts"],
  ["src/features/verify/command.ts"],
  ["src/features/replay/command.ts"],
];

/** Compiles each <family>/<version>.json into one module of plain functions, so that no schema is compiled at start. */
async function compileSchemas(folder) {
  // Lengths are only told from 0, so counting UTF-16 units will do and no run-time helper of ajv is needed;
  // ajv warns of that option, and strict mode throws all that matters. No schema here names a key that every object
  // inherits, so none needs `ownProperties`, which costs more than all the rest.
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    unicode: false,
    logger: false,
    code: { source: true, esm: true, lines: false },
  });
  const names = readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith(".json"))
    .map((path) => path.replaceAll("\\", "/").slice(0, -".json".length))
    .sort();
  for (const name of names) ajv.addSchema(JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8")), name);
  const exports = Object.fromEntries(names.map((name, at) => [`schema${at}`, name]));
  const code = standaloneCode(ajv, exports);
  if (/\b(?:require|import)\b\s*[(*{"']/.test(code)) throw new Error("a validator needs a run-time helper of ajv");
  const table = names.map((name, at) => `${JSON.stringify(name)}: schema${at}`).join(", ");
  await replace(`${folder}/validators.js`, `${code}\nexport const validators = { ${table} };\n`);
}

/**
 * Bundles everything into dist/; what an earlier build left there goes. esbuild splits the code into ES modules, one for
 * each set of lazily imported parts that share it. Node starts CommonJS some milliseconds sooner, and few files sooner
 * than many, so they are turned into CommonJS and what is loaded together is put into one file.
 */
async function bundle() {
  const { outputFiles, metafile } = await build({
    ...form,
    entryPoints: { main: "src/main.ts", worker: "src/cli/worker.ts" },
    outdir: "dist",
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    mainFields,
    plugins: [loadedWhenUsed(["child_process", "fs/promises", "timers/promises", "zlib"]), nothingAround],
  });
  const code = new Map(outputFiles.map(({ path, text }) => [relative("", path).replaceAll("\\", "/"), text]));
  const files = filesOf(metafile.outputs);
  await mkdir("dist", { recursive: true });
  for (const [name, modules] of files) await replace(`dist/${name}`, await joined(name, modules, code, files));
  for (const name of await readdir("dist")) {
    if (/\.c?js$/.test(name) && !files.has(name)) await rm(join("dist", name));
  }
  return metafile;
}

/** The files of dist/, each with the modules in it, those that a module needs before it. Other entries get a file each. */
function filesOf(outputs) {
  const chunks = Object.entries(outputs);
  const homes = new Map([
    ...chunks.flatMap(([path, { inputs }]) => Object.keys(inputs).map((input) => [input, path])),
    ...chunks.filter(([, { entryPoint }]) => entryPoint).map(([path, { entryPoint }]) => [entryPoint, path]),
  ]);
  const entries = chunks.flatMap(([, { entryPoint }]) => entryPoint ?? []);
  const others = entries.filter((entry) => !parts.flat().includes(entry)).map((entry) => [entry]);
  const taken = new Set();
  function take(path) {
    if (taken.has(path)) return [];
    taken.add(path);
    const needed = outputs[path].imports.filter(({ kind, external }) => kind === "import-statement" && !external);
    return [...needed.flatMap((each) => take(each.path)), path];
  }
  return new Map(
    [...parts, ...others].map((part) => [nameOf(part[0]), part.flatMap((input) => take(homes.get(input)))]),
  );
}

/** One CommonJS file of the modules. It exports them by their names; the first of all files exports its last one. */
async function joined(name, modules, code, files) {
  const homes = new Map([...files].flatMap(([file, held]) => held.map((module) => [idOf(module), `./${file}`])));
  const isShared = parts.some(([first]) => nameOf(first) === name);
  const bodies = [];
  for (const module of modules) {
    const body = await toCommonJs(code.get(module));
    // One sign more, and V8 takes twice the room and more time for the whole file: where many runs load it, that counts.
    const sign = /[^\0-\x7f]/.exec(body);
    if (sign && isShared)
      throw new Error(`${name} would not be ASCII, for '${sign[0]}' in a template's raw text or a pattern`);
    // A function in parentheses is compiled at once, and not first looked through and later compiled.
    bodies.push(
      `own["${idOf(module)}"]=((require,module)=>{${body}return{__esModule:true,...module.exports}})(find,{});`,
    );
  }
  const foreign = [...homes].filter(([, home]) => home !== `./${name}`);
  const find = `(id)=>own[id]??(id in homes?require(homes[id])[id]:require(id))`;
  const main = name === "main.cjs" ? `Object.assign(own,own["${idOf(modules.at(-1))}"]);` : "";
  return `const homes=${JSON.stringify(Object.fromEntries(foreign))},own=module.exports={},find=${find};${bodies.join("\n")}${main}\n`;
}

/**
 * "src/features/validate/command.ts" is in validate.cjs, its job.ts in validate-job.cjs, "node_modules/chalk/source/index.js"
 * in chalk.cjs.
 */
function nameOf(entry) {
  const [, feature, part] = /^src\/features\/([^/]+)\/(command|job)\.ts$/.exec(entry) ?? [];
  if (feature !== undefined) return part === "command" ? `${feature}.cjs` : `${feature}-job.cjs`;
  const name = packageOf(entry)?.split("node_modules/")[1] ?? basename(entry).replace(/\.\w+$/, "");
  return `${name.replace(/^@|\//g, "")}.cjs`;
}

/** The folder of the package that a path is in; undefined for our own code. */
const packageOf = (path) => /^.*?\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];

const idOf = (module) => `./${basename(module)}`;

async function toCommonJs(module) {
  const { code } = await transform(module, {
    ...form,
    format: "cjs",
    supported: { "dynamic-import": false },
    define: { loadNow: "require", "import.meta.url": "__filename", "import.meta.filename": "__filename" },
  });
  return code;
}

/**
 * Of these modules of Node's, some milliseconds each, an import loads nothing: the module is loaded when a function that
 * was imported from it is first called. Most command lines need none of them.
 */
function loadedWhenUsed(names) {
  return {
    name: "loaded-when-used",
    setup({ onResolve, onLoad }) {
      const filter = new RegExp(`^(?:node:)?(?:${names.join("|")})$`);
      const namespace = "when-used";
      onResolve({ filter }, ({ path }) => ({
        path: path.replace(/^(?:node:)?/, "node:"),
        namespace,
        sideEffects: false,
      }));
      onLoad({ filter: /^/, namespace }, async ({ path }) => {
        const { default: _, ...exports } = await import(path);
        const lines = Object.entries(exports).map(([name, value]) =>
          typeof value === "function"
            ? `export function ${name}(...given) { return loadNow("${path}").${name}(...given); }`
            : `export const ${name} = /* @__PURE__ */ new Proxy({}, { get: (_, key) => loadNow("${path}").${name}[key] });`,
        );
        return { contents: lines.join("\n") };
      });
    },
  };
}

/**
 * fdir would load the picomatch that it finds around the installed package, for something that is not used here. It asks
 * by `createRequire`, and does without where that fails.
 */
const nothingAround = {
  name: "nothing-around",
  setup({ onResolve, onLoad }) {
    const namespace = "nothing-around";
    onResolve({ filter: /^(?:node:)?module$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /^/, namespace }, () => ({ contents: "export const createRequire = () => undefined;" }));
  },
};

/** The man page, by the commands' own declarations. Who builds it need not be in dist/. */
async function manPage() {
  const { outputFiles } = await build({
    ...form,
    entryPoints: ["src/cli/man-page.ts"],
    bundle: true,
    write: false,
    format: "cjs",
    mainFields,
    // It starts no thread.
    logOverride: { "empty-import-meta": "silent" },
  });
  const module = { exports: {} };
  new Function("require", "module", "exports", outputFiles[0].text)(
    createRequire(import.meta.url),
    module,
    module.exports,
  );
  return module.exports.man();
}

/** The licence of each package that has code in the bundle. */
function notices(metafile) {
  const folders = Object.keys(metafile.inputs).map(packageOf);
  const packages = [...new Set(folders)].filter((folder) => folder !== undefined).sort();
  return packages.map(notice).join(`\n${"-".repeat(78)}\n\n`);
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}

/** Writes a file in one step, and only when it changes, so that who reads it meanwhile sees a whole one. */
async function replace(path, contents) {
  const before = await readFile(path).catch(() => undefined);
  if (before?.equals(Buffer.from(contents))) return;
  const draft = join(dirname(path), `.draft-${process.pid}`);
  await writeFile(draft, contents);
  await rename(draft, path);
}

process.chdir(import.meta.dirname);
await compileSchemas("src/events/schemas");
await writeFile("dist/THIRD-PARTY-NOTICES.txt", notices(await bundle()));
await replace("dist/twilio-events.1", await manPage());
