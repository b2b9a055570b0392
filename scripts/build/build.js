// `npm run build` makes all that the package needs: validators of the schemas, dist/, its notices and the man page.
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { bundle } from "./bundle.js";
import { schemaFolder } from "./config.js";
import { renderManPage } from "./man-page.js";
import { renderNotices } from "./notices.js";
import { compileSchemas } from "./schemas.js";

/** Writes a file in one step, and only if it changes, so that a program that reads it meanwhile gets a whole file. */
async function writeWhole(path, contents) {
  const before = await readFile(path).catch(() => undefined);
  if (before?.equals(Buffer.from(contents))) return;
  const draft = join(dirname(path), `.draft-${process.pid}`);
  await writeFile(draft, contents);
  await rename(draft, path);
}

process.chdir(join(import.meta.dirname, "../.."));

// The sources import the validators, so they come first.
await writeWhole(`${schemaFolder}/validators.js`, compileSchemas(schemaFolder));

const { files, inputs } = await bundle();
files.set("THIRD-PARTY-NOTICES.txt", renderNotices(inputs));
files.set("twilio-events.1", await renderManPage());

await mkdir("dist", { recursive: true });
for (const [name, contents] of files) await writeWhole(join("dist", name), contents);
for (const name of await readdir("dist")) {
  if (/\.c?js(?:\.map)?$/.test(name) && !files.has(name)) await rm(join("dist", name));
}
