// `node .github/release.js <tag> <owner/name>`: prints what CHANGELOG.md says of the version of that tag; or ends with 1 and
// says why, when tag, change log and package.json do not agree.
import { readFileSync } from "node:fs";

const [tag = "", repository = ""] = process.argv.slice(2);
const { version, repository: named } = JSON.parse(readFileSync("package.json", "utf8"));
const [notes, ...others] = readFileSync("CHANGELOG.md", "utf8")
  .split(/^(?=## \[)/m)
  .filter((section) => section.startsWith(`## [${version}] - `))
  .map((section) => section.slice(section.indexOf("\n")).trim());

const faults = [];
if (tag !== `v${version}`) faults.push(`the tag is ${tag}, but package.json has version ${version}`);
if (!notes) faults.push(`CHANGELOG.md says nothing under "## [${version}] - <date>"`);
if (others.length > 0) faults.push(`CHANGELOG.md has version ${version} more than once`);
// npm refuses a package that names another repository than the one it was made in.
const url = String(named?.url ?? named).replace(/\.git$/, "");
if (!url.endsWith(`/${repository}`) && url !== `github:${repository}`)
  faults.push(`package.json does not name ${repository} as its repository`);

if (faults.length > 0) process.exitCode = 1;
process.stdout.write(faults.length > 0 ? "" : `${notes}\n`);
process.stderr.write(faults.map((fault) => `${fault}\n`).join(""));
