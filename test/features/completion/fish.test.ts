import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../../src/cli/commands.ts";
import { rules } from "../../../src/findings/rules.ts";
import { has, scriptFile, shell } from "./support.ts";

describe.skipIf(!has("fish"))("fish", () => {
  let script = "";

  beforeAll(async () => {
    script = await scriptFile("fish");
  });

  /** What fish puts forward for the end of the line, without descriptions. */
  function complete(line: string): readonly string[] {
    const printed = shell("fish", ["--no-config", "-c", `source '${script}'; complete -C '${line}'`]);
    return printed
      .split("\n")
      .filter((each) => each !== "")
      .map((each) => each.replace(/\t.*$/, ""))
      .sort();
  }

  test("reads it", () => expect(shell("fish", ["--no-config", "-n", script])).toBe(""));

  test.each(["validate --rule ", "validate ", "explain ", "types --status "])(
    "runs nothing of what is typed: %s",
    (line) => {
      const marker = join(dirname(script), "marker");
      for (const word of [`$(echo>${marker})`, `(echo>${marker})`, `x;echo>${marker}`]) {
        complete(`twilio-events ${line}${word}`);
        complete(`twilio-events ${word} ${line}`);
        expect(existsSync(marker)).toBe(false);
      }
    },
  );

  test("completes every command", () => {
    expect(complete("twilio-events ")).toEqual(commands.map(({ name }) => name).sort());
    expect(complete("twilio-events --debug vali")).toEqual(["validate"]);
  });

  test.each([
    ["validate --fai", ["--fail-on"]],
    ["types --fai", []],
    ["validate --format ", ["compact", "github", "json", "junit", "markdown", "ndjson", "pretty", "sarif"]],
    ["validate -f n", ["ndjson"]],
    ["validate --format=j", ["--format=json", "--format=junit"]],
    ["validate --rule json-s", ["json-syntax="]],
    ["validate --rule schema=", ["schema=error", "schema=info", "schema=off", "schema=warning"]],
    ["validate --rule=schema=w", ["--rule=schema=warning"]],
    ["validate --status busy,fa", ["busy,failed"]],
    ["validate --schemas sampl", ["samples/"]],
    ["validate package.js", ["package.json"]],
    ["explain Gath", ["Gather"]],
    ["explain schema bus", ["busy"]],
    ["types com.twilio.voice.med", ["com.twilio.voice.media.fetched"]],
    ["sample bus", ["busy"]],
    ["completion ", ["bash", "fish", "zsh"]],
  ])("%s", (line, expected) => {
    expect(complete(`twilio-events ${line}`)).toEqual(expected);
  });

  test("knows every rule", () => {
    expect(complete("twilio-events validate --rule ")).toEqual(
      Object.keys(rules)
        .map((name) => `${name}=`)
        .sort(),
    );
  });
});
