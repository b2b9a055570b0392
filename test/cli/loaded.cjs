// Loaded with `node --require` into a child: at its end it writes to descriptor 3 which of Node's modules and which files
// of dist/ were loaded meanwhile.
const { writeSync } = require("node:fs");
const { basename, dirname } = require("node:path");

const before = new Set(process.moduleLoadList);

process.on("exit", () => {
  const files = Object.keys(require.cache).filter((path) => basename(dirname(path)) === "dist");
  const modules = process.moduleLoadList.filter((name) => !before.has(name));
  writeSync(3, JSON.stringify({ files: files.map((path) => basename(path)), modules }));
});
