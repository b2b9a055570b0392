// esbuild plugins for modules of Node.js that the program shouldn't load, or not yet.

/**
 * Makes imports of these modules lazy: each takes some milliseconds to load, and most command lines need none of them.
 * The module is loaded when a function imported from it is first called.
 */
export function lazyNodeModules(names) {
  return {
    name: "lazy-node-modules",
    setup({ onResolve, onLoad }) {
      const filter = new RegExp(`^(?:node:)?(?:${names.join("|")})$`);
      const namespace = "lazy-node-module";
      onResolve({ filter }, ({ path }) => ({
        path: path.replace(/^(?:node:)?/, "node:"),
        namespace,
        sideEffects: false,
      }));
      onLoad({ filter: /^/, namespace }, async ({ path }) => {
        const { default: _, ...exports } = await import(path);
        const lines = Object.entries(exports).map(([name, value]) => lazyExport(path, name, typeof value));
        return { contents: lines.join("\n") };
      });
    },
  };
}

/** The second pass over the code, which writes CommonJS, defines `requireLater` as `require`. */
function lazyExport(path, name, type) {
  const module = `requireLater("${path}")`;
  if (type === "function") return `export function ${name}(...args) { return ${module}.${name}(...args); }`;
  return `export const ${name} = /* @__PURE__ */ new Proxy({}, { get: (_, key) => ${module}.${name}[key] });`;
}

/**
 * Keeps fdir from loading a picomatch that happens to be installed around this package. fdir asks for it by
 * `createRequire` and does without if that fails.
 */
export const noCreateRequire = {
  name: "no-create-require",
  setup({ onResolve, onLoad }) {
    const namespace = "no-create-require";
    onResolve({ filter: /^(?:node:)?module$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /^/, namespace }, () => ({ contents: "export const createRequire = () => undefined;" }));
  },
};
