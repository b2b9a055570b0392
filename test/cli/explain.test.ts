import { describe, expect, test } from "vitest";
import { allEntries, groups } from "../../src/features/explain/pages.ts";
import { golden, run, transcript } from "./harness.ts";

const entries = allEntries();

describe("every page", () => {
  test.each(groups.map(({ of }) => of))("of a %s", async (group) => {
    const names = entries.flatMap(({ of, page }) => (of === group ? [page.name] : []));
    const { stdout, stderr, code } = await run(`twilio-events explain ${names.join(" ")}`);
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    await expect(stdout).toMatchFileSnapshot(`golden/explain/${group.replaceAll(" ", "-").toLowerCase()}.txt`);
  });
});

test("all names", () => golden("explain/all", "twilio-events explain"));

test("names, whole and in short", () =>
  golden(
    "explain/names",
    "twilio-events explain call.completed",
    "twilio-events explain open",
    "twilio-events explain 404",
    "twilio-events explain <Pause>",
    "twilio-events explain cancelled answered",
  ));

test("names that are none, or several", () =>
  golden(
    "explain/mistakes",
    "twilio-events explain shema",
    "twilio-events explain created",
    "twilio-events explain webhook",
    "twilio-events explain xyzzy",
    "twilio-events explain schema xyzzy",
    "twilio-events explain -f compact schema",
  ));

test("for a ticket, and for a script", () =>
  golden(
    "explain/formats",
    "twilio-events explain -f markdown twiml-value type-deprecated 487",
    "twilio-events explain -f json twiml-value 91305",
  ));

test("the list is for scripts too", async () => {
  const { stdout } = await run("twilio-events explain -f json");
  const [page] = JSON.parse(stdout).pages;
  const names = page.groups.flatMap(({ names }: { names: { name: string }[] }) => names.map(({ name }) => name));
  expect(names).toEqual(entries.map(({ page: { name } }) => name));
});

test("widths and colors", async () => {
  const line = "twilio-events explain type-deprecated 13621";
  const runs = [
    await run(`${line} --width 60`),
    await run(`${line} --width 100`),
    await run(`${line} --width 160`),
    await run(line, { stdout: { columns: 80 } }),
    await run(`${line} --ascii --color never`, { stdout: { columns: 80 } }),
  ];
  await expect(transcript(...runs)).toMatchFileSnapshot("golden/explain/widths.txt");
  for (const [index, width] of [60, 100, 160].entries()) {
    const longest = Math.max(...(runs[index]?.stdout.split("\n") ?? []).map((each) => each.length));
    expect(longest).toBeLessThanOrEqual(width);
  }
});

describe("a run with findings ends with the command that explains them", () => {
  test("and that command explains each", async () => {
    const { stdout } = await run("cat test/cli/input/docker-compose.log | twilio-events validate --width 200");
    const line = /explain: (twilio-events explain .+)$/m.exec(stdout)?.[1] ?? "";
    expect(line).toBe("twilio-events explain schema json-syntax response-failed response-slow type-deprecated");
    expect((await run(line)).code).toBe(0);
  });

  test("of infos only where they are shown", async () => {
    const line = "twilio-events validate samples/broken/sid-format-masked.json";
    expect((await run(line)).stdout).not.toContain("explain:");
    expect((await run(`${line} --verbose`)).stdout).toContain("explain: twilio-events explain sid-format\n");
  });

  test("and one without says nothing", async () => {
    expect((await run("twilio-events validate samples/wrapped/events.ndjson")).stdout).not.toContain("explain:");
  });
});
