// The rules of who may import whom. `npm run check` runs them. A type-only import counts like any other.

/** Forbids an import of a package, or of a part of Node, outside of its one place. */
const onlyIn = (name, packages, places) => ({
  name,
  severity: "error",
  from: { path: "^src/", pathNot: places },
  to: { path: packages.map((each) => `^(?:node:${each}$|${each}$|node_modules/${each}/)`) },
});

/** Files that break a rule today, by the name of the rule. Remove a line when its file is mended. */
const exceptions = {
  // The HTML report draws calls itself. The web page will replace it.
  "output-knows-no-domain": ["^src/output/html/"],
  // The colors and tables of the terminal are loaded by the format that needs them.
  "chalk-and-tables": ["^src/output/formats/pretty\\.ts$"],
};

/** The rule without the files that break it today. */
const withExceptions = (rule) => {
  const { pathNot = [] } = rule.from;
  return { ...rule, from: { ...rule.from, pathNot: [pathNot, exceptions[rule.name] ?? []].flat() } };
};

const forbidden = [
  {
    name: "no-cycle",
    comment: "A module that needs itself cannot be read or tested alone.",
    severity: "error",
    from: {},
    to: { circular: true },
  },
  {
    name: "features-are-apart",
    comment: "What two features share belongs into a core folder.",
    severity: "error",
    from: { path: "^src/features/([^/]+)/" },
    to: { path: "^src/features/", pathNot: "^src/features/$1/" },
  },
  {
    name: "only-commands-imports-features",
    comment: "A feature can be removed with its folder and its line in cli/commands.ts.",
    severity: "error",
    from: { path: "^src/", pathNot: "^src/(?:features/|cli/commands\\.ts$)" },
    to: { path: "^src/features/" },
  },
  {
    name: "features-do-not-import-commands",
    comment: "A command gets the declared program from its context.",
    severity: "error",
    from: { path: "^src/features/" },
    to: { path: "^src/cli/(?:commands|program|worker)\\.ts$" },
  },
  {
    name: "core-does-not-import-cli",
    severity: "error",
    from: { path: "^src/", pathNot: "^src/(?:cli/|features/|main\\.ts$)" },
    to: { path: "^src/cli/" },
  },
  {
    name: "input-knows-no-domain",
    comment: "It reads events by their shape alone.",
    severity: "error",
    from: { path: "^src/input/" },
    to: { path: "^src/", pathNot: "^src/(?:input/|errors\\.ts$)" },
  },
  {
    name: "output-knows-no-domain",
    comment: "Output items describe themselves. Of redact/, output knows the type of a redactor.",
    severity: "error",
    from: { path: "^src/output/" },
    to: { path: "^src/(?:input|events|twiml|calls|findings|webhook|parallel)/" },
  },
  {
    name: "events-do-not-know-twiml",
    severity: "error",
    from: { path: "^src/events/" },
    to: { path: "^src/(?:twiml|calls|output|redact|webhook|parallel)/" },
  },
  {
    name: "twiml-does-not-know-events",
    severity: "error",
    from: { path: "^src/twiml/" },
    to: { path: "^src/(?:events|calls|output|redact|webhook|parallel)/" },
  },
  {
    name: "calls-know-events-alone",
    comment: "Beside events, a call knows only how to describe itself: output/ and redact/.",
    severity: "error",
    from: { path: "^src/calls/" },
    to: { path: "^src/(?:twiml|webhook|parallel)/" },
  },
  onlyIn(
    "commander",
    ["@commander-js/extra-typings", "commander"],
    ["^src/cli/", "^src/features/[^/]+/(?:command|[a-z]+-options)\\.ts$"],
  ),
  onlyIn("chalk-and-tables", ["chalk", "cli-table3"], ["^src/output/terminal/"]),
  onlyIn("ajv", ["ajv"], ["^src/events/schemas/"]),
  onlyIn("xml", ["@rgrove/parse-xml", "fast-xml-parser"], ["^src/twiml/"]),
  onlyIn("http", ["http", "https", "http2"], ["^src/webhook/", "^src/ui/server/"]),
  onlyIn("worker-threads", ["worker_threads"], ["^src/parallel/", "^src/cli/worker\\.ts$"]),
  onlyIn("process", ["process"], []),
  { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
];

module.exports = {
  forbidden: forbidden.map(withExceptions),
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
    },
  },
};
