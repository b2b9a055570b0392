// Builds the package: JSON Schemas -> validators, src/ -> dist/, and the notices of what is bundled.
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

process.chdir(import.meta.dirname);
await compileSchemas("src/events/schemas");
const { metafile } = await bundle();
await writeFile("dist/THIRD-PARTY-NOTICES.txt", notices(metafile));

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

/** Bundles everything into dist/, one chunk per lazily imported part; what an earlier build left there goes. */
async function bundle() {
  const result = await build({
    entryPoints: ["src/main.ts"],
    outdir: "dist",
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    logLevel: "warning",
    // CommonJS packages call `require` for Node's own modules, which an ES module does not have.
    banner: {
      js: 'import{createRequire as bundleRequire}from"node:module";const require=bundleRequire(import.meta.url);',
    },
  });
  await mkdir("dist", { recursive: true });
  for (const file of result.outputFiles) await replace(file.path, file.contents);
  const kept = new Set(Object.keys(result.metafile.outputs));
  for (const name of await readdir("dist")) {
    if (name.endsWith(".js") && !kept.has(`dist/${name}`)) await rm(join("dist", name));
  }
  return result;
}

/** The licence of each package that has code in the bundle. */
function notices(metafile) {
  const folders = Object.keys(metafile.inputs).map((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
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
