import { isAbsolute, relative, resolve, sep } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { rules } from "../findings/rules.ts";
import type { Io } from "../io.ts";
import type { RunInfo } from "../output/run-info.ts";

/**
 * What the run is about: the program, its rules, and which of the inputs are files. Their paths begin at the root of the
 * repository where a GitHub workflow names it (GITHUB_WORKSPACE), else at the working directory.
 */
export function aboutRun(io: Io, inputs: readonly { readonly name: string }[]): RunInfo {
  const names = new Set(inputs.map(({ name }) => name));
  const root = resolve(io.env.GITHUB_WORKSPACE || ".");
  return {
    tool: { name: packageJson.name, version: packageJson.version },
    rules: Object.entries(rules).map(([name, { severity, summary, help }]) => ({
      name,
      severity,
      says: summary,
      help,
    })),
    fileOf(input) {
      if (input === "-" || !names.has(input)) return undefined;
      const path = relative(root, resolve(input));
      const isInside = !isAbsolute(path) && path !== ".." && !path.startsWith(`..${sep}`);
      return { path: (isInside ? path : resolve(input)).replaceAll(sep, "/"), isInside };
    },
  };
}
