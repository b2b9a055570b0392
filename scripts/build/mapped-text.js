// Text with a source map a sixth the size of esbuild's. It has what a stack trace shows of our own code: the line of each
// position in its source, and the names of functions.
import { decode, encode } from "@jridgewell/sourcemap-codec";
import { packageFolder } from "./chunk-files.js";

/** Returns a text to which code can be added, with or without a source map of its own. */
export function createMappedText() {
  const parts = [];
  const lines = [[]];
  const sources = createIndex();
  const names = createIndex();
  /** The text's length since its last newline. */
  let column = 0;

  /** Adds the segments of a line of code, but for each that says the same as the one before. */
  function addSegments(line, segments, map) {
    const starts = functionStarts(line, segments, map.names);
    const rest = segments.filter(([at]) => !starts.some((start) => start.at === at));
    const all = [...starts, ...rest.map(([at, source, sourceLine]) => ({ at, source, sourceLine }))];
    let last = {};
    for (const { at, source, sourceLine, name } of all.sort((a, b) => a.at - b.at)) {
      const path = map.sources[source];
      const next = isOwnFile(path) ? { path, sourceLine, name } : {};
      if (next.path === last.path && next.sourceLine === last.sourceLine && next.name === last.name) continue;
      const place = next.path === undefined ? [] : [sources.of(path), sourceLine, 0];
      if (next.name !== undefined) place.push(names.of(name));
      lines.at(-1).push([column + at, ...place]);
      last = next;
    }
  }

  return {
    add(code, map) {
      const mapped = map ? decode(map.mappings) : [];
      code.split("\n").forEach((line, index) => {
        if (index > 0) {
          lines.push([]);
          column = 0;
        }
        if (map) addSegments(line, mapped[index] ?? [], map);
        column += line.length;
      });
      // The code that follows has no source, unless its own map says so.
      if (map) lines.at(-1).push([column]);
      parts.push(code);
    },
    code: () => parts.join(""),
    map: () =>
      `${JSON.stringify({ version: 3, sources: sources.all(), names: names.all(), mappings: encode(lines) })}\n`,
  };
}

/**
 * Returns where functions start whose names esbuild has shortened. Node.js looks for the name of a stack's function
 * there: at `function` or `async`, or else at the parameters of an arrow function.
 */
function functionStarts(line, segments, names) {
  const starts = [];
  for (const [at, source, sourceLine, , name] of segments) {
    if (name === undefined) continue;
    const before = /(?:\basync )?\bfunction\*? ?$/.exec(line.slice(Math.max(0, at - 20), at))?.[0];
    const after = /^[\w$]+=(?=(?:async\b ?)?(?:function\b|[\w$]+=>|\([^()]*\)=>))/.exec(line.slice(at, at + 500))?.[0];
    const offset = before === undefined ? after?.length : -before.length;
    if (offset !== undefined) starts.push({ at: at + offset, source, sourceLine, name: names[name] });
  }
  return starts;
}

/** Whether a source is ours, and no package's. esbuild names code that a plugin made "namespace:name". */
const isOwnFile = (source) => source?.startsWith("../") && packageFolder(source) === undefined;

/** Collects distinct values, each with its index. */
function createIndex() {
  const indexes = new Map();
  return {
    of(value) {
      if (!indexes.has(value)) indexes.set(value, indexes.size);
      return indexes.get(value);
    },
    all: () => [...indexes.keys()],
  };
}
