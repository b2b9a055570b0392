import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");

/** Bundles a TypeScript file of this repository for plain Node.js and returns the path of the bundle. */
export async function bundle(entry: string, outfile: string): Promise<string> {
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    define: { "import.meta.url": "__filename", "import.meta.filename": "__filename" },
    logLevel: "warning",
  });
  return outfile;
}
