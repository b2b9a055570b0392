import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

/** What each job may do beside reading; no other may do more. */
const permissions: Readonly<Record<string, readonly string[]>> = {
  "codeql.yml: analyze": ["security-events"],
  "scorecard.yml: analyze": ["id-token", "security-events"],
  "release.yml: publish": ["id-token", "attestations"],
  "release.yml: announce": ["contents"],
};

const folder = ".github/workflows";
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
const action = { name: "action.yml", text: readFileSync(".github/actions/validate/action.yml", "utf8") };
const all = [...workflows, action];

interface Job {
  readonly name: string;
  readonly text: string;
}

const jobs: readonly Job[] = workflows.flatMap(({ name, text }) =>
  (text.split(/^jobs:\n/m)[1] ?? "")
    .split(/^(?= {2}[\w-]+:$)/m)
    .filter((part) => /^ {2}[\w-]+:\n/.test(part))
    .map((part) => ({ name: `${name}: ${/[\w-]+/.exec(part)?.[0]}`, text: part })),
);

/** The scripts of `run:`, on its line or below it. */
function scripts(text: string): readonly string[] {
  return Array.from(
    text.matchAll(/^( *)(?:- )?run: *(?:[|>]-?\n((?:\1 {2,}.*\n|\n)+)|(.+)$)/gm),
    ([, , below, beside = ""]) => below ?? beside,
  );
}

/** The steps of a job, or of the action, each as its text. */
function steps(text: string): readonly string[] {
  const [, indent = "", list = ""] = /^( *)steps:\n(.*)$/ms.exec(text) ?? [];
  return list.split(new RegExp(`^${indent}  - `, "m")).slice(1);
}

test("there are workflows, and each has jobs with steps", () => {
  expect(workflows.map(({ name }) => name).sort()).toEqual([
    "checks.yml",
    "codeql.yml",
    "release.yml",
    "scorecard.yml",
    "torture.yml",
  ]);
  for (const { name } of workflows) expect(jobs.some((job) => job.name.startsWith(name))).toBe(true);
  for (const { text } of jobs) expect(steps(text).length > 0 || text.includes("    uses: ./")).toBe(true);
});

test("what others wrote is named by its digest, with the version beside it, and once for all", () => {
  const digests = new Map<string, string>();
  const uses = all.flatMap(({ text }) =>
    Array.from(text.matchAll(/^ *(?:- )?uses: *(.*)$/gm), ([, used = ""]) => used),
  );
  expect(uses.length).toBeGreaterThan(0);
  for (const used of uses) {
    if (used.startsWith("./")) {
      expect(existsSync(used)).toBe(true);
      continue;
    }
    expect(used).toMatch(/^[\w-]+\/[\w-]+(?:\/[\w-]+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const [, repository = "", digest = ""] = /^([\w-]+\/[\w-]+)\S*(@.*)$/.exec(used) ?? [];
    expect(digests.get(repository) ?? digest).toBe(digest);
    digests.set(repository, digest);
  }
  expect(all.map(({ text }) => text).join()).not.toMatch(/docker:\/\/|^\s+(?:container|services):/m);
});

test("a workflow may read and no more; a job that writes is on the list", () => {
  for (const { text } of workflows) {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
    expect(text.match(/^permissions:/gm)).toHaveLength(1);
    expect(text).not.toMatch(/write-all|read-all/);
  }
  const found = jobs.map(({ name, text }) => {
    const [, rights = ""] = /^ {4}permissions:\n((?: {6}.*\n)+)/m.exec(text) ?? [];
    expect(rights, name).not.toBe("");
    return [name, Array.from(rights.matchAll(/^ {6}([\w-]+): write/gm), ([, right = ""]) => right)] as const;
  });
  expect(Object.fromEntries(found.filter(([, rights]) => rights.length > 0))).toEqual(permissions);
  expect(
    jobs
      .map(({ text }) => text)
      .join()
      .match(/: write/g),
  ).toHaveLength(Object.values(permissions).flat().length);
});

test("nothing from outside is read as a part of a script, and no one else's event runs with our rights", () => {
  expect(all.flatMap(({ text }) => scripts(text)).length).toBeGreaterThan(10);
  for (const { name, text } of all) {
    for (const script of scripts(text)) expect(script, name).not.toContain("${{");
    expect(text, name).not.toMatch(/pull_request_target|workflow_run|issue_comment|\bsecrets\b/);
  }
});

test("a job ends in time, keeps no credentials, installs without scripts; a workflow does not run beside itself", () => {
  for (const { name, text } of workflows) expect(text, name).toMatch(/^concurrency:\n {2}group: /m);
  for (const { name, text } of jobs) {
    if (steps(text).length === 0) continue;
    expect(text, name).toMatch(/^ {4}timeout-minutes: \d+$/m);
    for (const step of steps(text)) {
      if (step.includes("actions/checkout@")) expect(step, name).toContain("persist-credentials: false");
      if (/\bnpm (?:ci|install|publish|pack)\b/.test(step)) expect(step, name).toContain("--ignore-scripts");
    }
  }
  const release = jobs.filter(({ name }) => name.startsWith("release.yml"));
  for (const { name, text } of release) expect(text, name).not.toMatch(/cache: npm|actions\/cache/);
});

test("the checks hold all that `.ci/run` runs", () => {
  const steps = Array.from(readFileSync(".ci/run", "utf8").matchAll(/^step (npm .*)$/gm), ([, step = ""]) => step);
  expect(steps).toContain("npm test");
  const checks = workflows.find(({ name }) => name === "checks.yml")?.text ?? "";
  const run = scripts(checks).map((script) => script.replace(" --ignore-scripts", ""));
  expect(run).toEqual(expect.arrayContaining(steps));
  expect(run).toContain("npm run build");
});

test("dependabot keeps the packages and the actions", () => {
  const text = readFileSync(".github/dependabot.yml", "utf8");
  expect(Array.from(text.matchAll(/package-ecosystem: (.*)/g), ([, name]) => name)).toEqual(["npm", "github-actions"]);
  expect(text.match(/interval: weekly/g)).toHaveLength(2);
});

describe("what a release is compared with", () => {
  const made = mkdtempSync(join(tmpdir(), "release-"));
  afterAll(() => rmSync(made, { recursive: true }));
  const repository = { type: "git", url: "git+https://github.com/somebody/twilio-events.git" };
  const log =
    "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-12-01\n\n### Added\n\n- A thing.\n\n## [1.1.0] - 2026-11-30\n";

  function release(tag: string, manifest: object, changes: string) {
    writeFileSync(join(made, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(made, "CHANGELOG.md"), changes);
    const argv = [resolve(".github/release.js"), tag, "somebody/twilio-events"];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: made, encoding: "utf8" });
    return { status, stdout, stderr };
  }

  test("the notes of its version are printed", () => {
    const notes = { status: 0, stdout: "### Added\n\n- A thing.\n", stderr: "" };
    expect(release("v1.2.0", { version: "1.2.0", repository }, log)).toEqual(notes);
    expect(release("v1.2.0", { version: "1.2.0", repository: "github:somebody/twilio-events" }, log)).toEqual(notes);
  });

  test.each([
    ["v1.2.1", { version: "1.2.0", repository }, log, "the tag is v1.2.1, but package.json has version 1.2.0\n"],
    ["1.2.0", { version: "1.2.0", repository }, log, "the tag is 1.2.0, but package.json has version 1.2.0\n"],
    ["v1.2", { version: "1.2", repository }, log, 'CHANGELOG.md says nothing under "## [1.2] - <date>"\n'],
    ["v1.1.0", { version: "1.1.0", repository }, log, 'CHANGELOG.md says nothing under "## [1.1.0] - <date>"\n'],
    ["v1.2.0", { version: "1.2.0", repository }, log + log, "CHANGELOG.md has version 1.2.0 more than once\n"],
    ["v1.2.0", { version: "1.2.0" }, log, "package.json does not name somebody/twilio-events as its repository\n"],
    [
      "v1.2.0",
      { version: "1.2.0", repository: { url: "https://github.com/other/twilio-events" } },
      log,
      "package.json does not name somebody/twilio-events as its repository\n",
    ],
  ])("%s of %j", (tag, manifest, changes, stderr) => {
    expect(release(tag, manifest, changes)).toEqual({ status: 1, stdout: "", stderr });
  });
});
