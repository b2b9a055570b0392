// Which chunks of esbuild's are in which file of dist/.
import { basename, dirname } from "node:path";
import { sharedFiles } from "./config.js";

/**
 * Returns the files of dist/ with the chunks in each, every chunk after those it imports. First the shared files, then a
 * file for each other entry. `outputs` is from esbuild's metafile.
 */
export function chunksByFile(outputs) {
  const chunkOf = new Map();
  for (const [chunk, { inputs }] of Object.entries(outputs)) {
    for (const input of Object.keys(inputs)) chunkOf.set(input, chunk);
  }
  const entries = Object.entries(outputs).filter(([, { entryPoint }]) => entryPoint !== undefined);
  for (const [chunk, { entryPoint }] of entries) chunkOf.set(entryPoint, chunk);

  const shared = sharedFiles.flat();
  const others = entries.map(([, { entryPoint }]) => entryPoint).filter((path) => !shared.includes(path));
  const taken = new Set();
  function take(chunk) {
    if (taken.has(chunk)) return [];
    taken.add(chunk);
    const needed = outputs[chunk].imports.filter(({ kind, external }) => kind === "import-statement" && !external);
    return [...needed.flatMap(({ path }) => take(path)), basename(chunk)];
  }

  const files = new Map();
  for (const paths of [...sharedFiles, ...others.map((path) => [path])]) {
    const missing = paths.find((path) => !chunkOf.has(path));
    if (missing !== undefined) throw new Error(`${missing} is in no chunk: correct scripts/build/config.js`);
    const name = fileNameOf(paths[0]);
    if (files.has(name)) throw new Error(`${paths[0]} would be a second dist/${name}: rename one of the two`);
    files.set(
      name,
      paths.flatMap((path) => take(chunkOf.get(path))),
    );
  }
  return files;
}

/** File names that each feature of the program may have. */
const REPEATED_NAMES = ["run", "job", "stats", "rules"];

/**
 * Returns the name in dist/: validate.cjs for src/features/validate/command.ts,
 * validate-job.cjs for src/features/validate/job.ts, and chalk.cjs for node_modules/chalk/source/index.js.
 */
export function fileNameOf(path) {
  return `${packageName(path)?.replace(/^@|\//g, "") ?? moduleName(path)}.cjs`;
}

function moduleName(path) {
  const name = basename(path).replace(/\.\w+$/, "");
  const folder = basename(dirname(path));
  if (name === "command") return folder;
  return REPEATED_NAMES.includes(name) ? `${folder}-${name}` : name;
}

/** Returns the folder of the package that a path is in, or undefined for our own code. */
export const packageFolder = (path) => /^.*?\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];

const packageName = (path) => packageFolder(path)?.split("node_modules/")[1];
