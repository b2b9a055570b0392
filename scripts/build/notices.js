// The license of each package that has code in dist/.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "./chunk-files.js";

/** Returns the notices of all packages that the bundled paths are in, sorted by folder. */
export function renderNotices(paths) {
  const folders = new Set(paths.map(packageFolder));
  folders.delete(undefined);
  return [...folders]
    .sort()
    .map(renderNotice)
    .join(`\n${"-".repeat(78)}\n\n`);
}

function renderNotice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}
