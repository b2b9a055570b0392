// The man page comes from the declarations of the commands. The code that renders it isn't part of the package.
import { createRequire } from "node:module";
import { build } from "esbuild";
import { codeStyle, mainFields, manPageEntry } from "./config.js";

/** Returns the man page's roff. Bundles the code first, because the oldest supported Node.js can't run TypeScript. */
export async function renderManPage() {
  const { outputFiles } = await build({
    ...codeStyle,
    entryPoints: [manPageEntry],
    bundle: true,
    write: false,
    format: "cjs",
    mainFields,
    // Only a worker thread needs the path of its file, and rendering starts none.
    logOverride: { "empty-import-meta": "silent" },
  });
  const module = { exports: {} };
  const load = new Function("require", "module", "exports", outputFiles[0].text);
  load(createRequire(import.meta.url), module, module.exports);
  return module.exports.man();
}
