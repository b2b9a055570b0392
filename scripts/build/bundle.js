// src/ becomes the code of dist/. Node.js starts CommonJS faster than ES modules, and few files faster than many, but
// esbuild splits code only into many ES modules. So there are three steps: split the code into chunks, turn each into
// CommonJS, and join the chunks that are loaded together.
import { basename } from "node:path";
import { build } from "esbuild";
import { chunksByFile } from "./chunk-files.js";
import { codeStyle, entryPoints, mainFields } from "./config.js";
import { joinChunks } from "./join-chunks.js";
import { lazyNodeModules, noCreateRequire } from "./lazy-node-modules.js";

/** Options of both steps that esbuild does. The source maps of the second lead to the sources, through the first. */
const options = { ...codeStyle, outdir: "dist", bundle: true, write: false, sourcesContent: false };

/** Returns the files of dist/ with the code and the source maps, by name, and the paths of all inputs. */
export async function bundle() {
  const { chunks, metafile } = await splitIntoChunks();
  const chunksOf = chunksByFile(metafile.outputs);
  const ids = [...chunksOf].flatMap(([file, names]) => names.map((name, index) => [name, `./${file}#${index}`]));
  const idOf = new Map(ids);

  const codeOf = await toCommonJs(chunks, idOf);
  const files = new Map();
  for (const [file, names] of chunksOf) {
    const { code, map } = joinChunks(
      file,
      names.map((name) => ({ id: idOf.get(name), ...codeOf(name) })),
    );
    files.set(file, code).set(`${file}.map`, map);
  }
  return { files, inputs: Object.keys(metafile.inputs) };
}

/** Returns the code of each chunk by its name, one chunk for each set of entries that share code. */
async function splitIntoChunks() {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints,
    entryNames: "[name]",
    splitting: true,
    format: "esm",
    sourcemap: "inline",
    metafile: true,
    mainFields,
    plugins: [lazyNodeModules(["child_process", "fs/promises", "timers/promises", "zlib"]), noCreateRequire],
  });
  return { chunks: byName(outputFiles), metafile };
}

/** Returns a function from a chunk's name to its CommonJS code and source map. Imports of chunks are of their IDs. */
async function toCommonJs(chunks, idOf) {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [...chunks.keys()],
    plugins: [onlyChunks(chunks, idOf)],
    format: "cjs",
    // For "node", esbuild would add the names of the exports, which only an import from an ES module needs.
    platform: "neutral",
    sourcemap: "external",
    supported: { "dynamic-import": false },
    define: { requireLater: "require", "import.meta.url": "__filename", "import.meta.filename": "__filename" },
  });
  const outputs = byName(outputFiles);
  return (name) => ({ code: outputs.get(name), map: JSON.parse(outputs.get(`${name}.map`)) });
}

/** Takes the entries from `chunks`, and bundles no import: it replaces a chunk's name by its ID and keeps the rest. */
function onlyChunks(chunks, idOf) {
  return {
    name: "only-chunks",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^/ }, ({ path, kind }) =>
        kind === "entry-point"
          ? { path, namespace: "chunk" }
          : { path: idOf.get(basename(path)) ?? path, external: true },
      );
      onLoad({ filter: /^/, namespace: "chunk" }, ({ path }) => ({ contents: chunks.get(path), loader: "js" }));
    },
  };
}

const byName = (outputFiles) => new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
