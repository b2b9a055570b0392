// `node test/cli/loading.cjs FILE` loads a module of the built program and prints as JSON what that did: which files it
// named to Node's functions, what it began that goes on by itself, and what it changed that others see.
const fs = require("node:fs");
const { createHook } = require("node:async_hooks");
const { resolve } = require("node:path");

const path = resolve(process.argv[2]);
const named = new Set();
const begun = [];

/** What others in the process can see: how many listen to what, which names there are, and what is still open. */
function seen() {
  const names = (object) => Reflect.ownKeys(object).map(String).sort();
  return {
    listeners: process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`),
    open: process.getActiveResourcesInfo(),
    variables: JSON.stringify(process.env),
    names: [globalThis, Object.prototype, Array.prototype, Function.prototype, String.prototype, Promise].map(names),
  };
}

for (const [name, original] of Object.entries(fs)) {
  if (typeof original !== "function" || /^[A-Z_]/.test(name)) continue;
  fs[name] = function watched(...given) {
    named.add(`${name} ${typeof given[0] === "number" ? given[0] : String(given[0])}`);
    return Reflect.apply(original, this, given);
  };
}
const before = seen();
const hook = createHook({ init: (_, type) => begun.push(type) }).enable();
require(path);
hook.disable();
const after = seen();

// Node reads the file itself by the same functions, in some of its versions.
const files = [...named].filter((name) => !name.endsWith(` ${path}`));
const changed = Object.keys(before).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
process.stdout.write(JSON.stringify({ files, begun, changed }));
process.exit();
