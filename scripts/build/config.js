// Paths in src/ that the build knows. Nothing else in scripts/ names a file of src/.

import { existsSync } from "node:fs";

/** The program and the program of its worker threads. Lazy imports below these become files of dist/ by themselves. */
export const entryPoints = ["src/main.ts", "src/cli/worker.ts"];

/** Exports `man()`, which returns the text of the man page. */
export const manPageEntry = "src/cli/man-page.ts";

/** Each <family>/<version>.json in this folder is compiled into its validators.js. */
export const schemaFolder = "src/events/schemas";

/**
 * Lazy imports whose code others share, in this order: the file of the first path in a row holds all that the row needs
 * and no earlier file has. Without a row, code that two commands share would be a small file of its own, and many files
 * start slower than few.
 */
export const sharedFiles = [
  ["src/main.ts"],
  ["src/cli/program.ts"],
  [
    "src/features/extract/command.ts",
    "src/cli/exit-code.ts",
    "src/output/formats/pretty.ts",
    "src/output/markdown-text.ts",
    "src/output/totals.ts",
    "src/output/terminal/finding-lines.ts",
    "src/findings/redact-located.ts",
  ],
  ["src/features/validate/command.ts"],
  ["src/features/decode/command.ts"],
  ["src/features/timeline/command.ts"],
  ["src/features/verify/command.ts"],
  ["src/features/replay/command.ts"],
].filter((paths) => existsSync(paths[0]));

/** How esbuild writes code. Short names save a third of it; the source maps have the real ones. */
export const codeStyle = {
  platform: "node",
  target: "node20",
  minifyWhitespace: true,
  minifyIdentifiers: true,
  minifySyntax: true,
  legalComments: "none",
  logLevel: "warning",
};

/** Prefer the ES modules of a package, which can be bundled in parts. */
export const mainFields = ["module", "main"];
