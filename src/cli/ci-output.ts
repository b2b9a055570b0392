import { appendFile } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { OutputError, reasonOf } from "../errors.ts";
import { rules } from "../findings/rules.ts";
import type { Io } from "../io.ts";
import { count } from "../output/count-text.ts";
import { safe } from "../output/escape.ts";
import { openRenderer } from "../output/formats/index.ts";
import type { OutputItem } from "../output/items.ts";
import type { RunInfo } from "../output/run-info.ts";
import type { Screen } from "../output/terminal/screen.ts";

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

/** The summary of a step in a GitHub workflow, as markdown. */
export interface StepSummary {
  add(item: OutputItem): void;
  /** Appends it to the file that the workflow names. */
  end(): Promise<void>;
}

/** GitHub refuses a summary of more than 1 MiB; characters beyond ASCII take more than a byte. */
const MAX_CHARACTERS = 300_000;

/** Opens the summary where a workflow asks for one (GITHUB_STEP_SUMMARY). Rejects with OutputError when it cannot be written. */
export async function openStepSummary(io: Io, screen: Screen, about: RunInfo): Promise<StepSummary | undefined> {
  const path = io.env.GITHUB_STEP_SUMMARY;
  if (!path) return undefined;
  const renderer = await openRenderer("markdown", screen, about);
  let text = "";
  let left = 0;
  return {
    add(item) {
      const part = item.isCall && left > 0 ? "" : renderer.render(item);
      const isTooMuch = item.isCall && (left > 0 || text.length + part.length > MAX_CHARACTERS);
      if (isTooMuch) left++;
      else text += part;
    },
    async end() {
      text += renderer.end();
      if (left > 0) text += `\nand ${count(left, safe`more call`)}\n`;
      try {
        await appendFile(path, text);
      } catch (error) {
        throw new OutputError(`the step summary cannot be written: ${reasonOf(error)}`, false);
      }
    },
  };
}
