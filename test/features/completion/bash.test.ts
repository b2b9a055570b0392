import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../../src/cli/commands.ts";
import { rules } from "../../../src/findings/rules.ts";
import { has, scriptFile, shell } from "./support.ts";

describe.skipIf(!has("bash"))("bash", () => {
  let script = "";

  beforeAll(async () => {
    script = await scriptFile("bash");
  });

  /** What bash puts forward for the last of the words, which it has cut at = as it does by default. */
  function complete(words: readonly string[], breaks = " \t\n\"'><=;|&(:"): readonly string[] {
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const lines = [
      `source '${script}'`,
      `COMP_WORDBREAKS=$'${breaks.replaceAll("'", "\\'").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}'`,
      `COMP_WORDS=(twilio-events ${quoted}) COMP_CWORD=${words.length}`,
      "compopt() { :; }", // outside of a completion there is none to change
      "PATH=/nowhere", // it starts no program
      "_twilio_events",
      `printf '%s\\n' "$\{COMPREPLY[@]}"`,
    ];
    return shell("bash", ["--norc", "-c", lines.join("\n")])
      .split("\n")
      .filter((line) => line !== "")
      .sort();
  }

  test("reads it, and registers it", () => {
    shell("bash", ["-n", script]);
    expect(shell("bash", ["--norc", "-c", `source '${script}'; complete -p twilio-events`])).toBe(
      "complete -F _twilio_events twilio-events\n",
    );
  });

  test.each(["validate --rule", "validate", "explain", "types --status"])(
    "runs nothing of what is typed: %s",
    (line) => {
      const marker = join(dirname(script), "marker");
      for (const word of [`$(echo>${marker})`, `\`echo>${marker}\``, `x;echo>${marker}`, `a[$(echo>${marker})]`]) {
        complete([...line.split(" "), word]);
        complete([word, ...line.split(" "), ""]);
        expect(existsSync(marker)).toBe(false);
      }
    },
  );

  test("completes every command", () => {
    expect(complete([""])).toEqual(commands.map(({ name }) => name).sort());
    expect(complete(["vali"])).toEqual(["validate"]);
    expect(complete(["--"])).toEqual(["--debug", "--help", "--version"]);
  });

  test("completes options of the command alone", () => {
    expect(complete(["validate", "--fa"])).toEqual(["--fail-on"]);
    expect(complete(["types", "--fa"])).toEqual([]);
    expect(complete(["--debug", "validate", "--fa"])).toEqual(["--fail-on"]);
  });

  test.each([
    [
      ["validate", "--format", ""],
      ["compact", "github", "json", "junit", "markdown", "ndjson", "pretty", "sarif"],
    ],
    [["validate", "-f", "n"], ["ndjson"]],
    [["validate", "--format", "=", "js"], ["json"]],
    [
      ["validate", "--format", "="],
      ["compact", "github", "json", "junit", "markdown", "ndjson", "pretty", "sarif"],
    ],
    [["validate", "--rule", "json-s"], ["json-syntax="]],
    [
      ["validate", "--rule", "schema", "="],
      ["error", "info", "off", "warning"],
    ],
    [["validate", "--rule", "schema", "=", "o"], ["off"]],
    [["validate", "--rule", "=", "schema", "=", "w"], ["warning"]],
    [["validate", "--rule", "schema", "=", "off", "package.js"], ["package.json"]],
    [["validate", "--status", "busy,fa"], ["busy,failed"]],
    [["validate", "--schemas", "sam"], ["samples"]],
    [["validate", "package.js"], ["package.json"]],
    [["validate", "--call", ""], []],
    [["types", "com.twilio.voice.med"], ["com.twilio.voice.media.fetched"]],
    [["explain", "schema", "Gath"], ["Gather"]],
    [
      ["explain", "9130"],
      ["91300", "91302", "91303", "91304", "91305", "91306", "91307", "91308"],
    ],
    [["sample", "bu"], ["busy"]],
    [
      ["schema", "--diff", "Voice"],
      ["Voice.WebhookEvent/1", "Voice.WebhookEvent/2"],
    ],
    [
      ["completion", ""],
      ["bash", "fish", "zsh"],
    ],
  ])("%j gives %j", (words, expected) => {
    expect(complete(words)).toEqual(expected);
  });

  test("with = taken for a part of words", () => {
    expect(complete(["validate", "--format=js"], " \t\n")).toEqual(["--format=json"]);
    expect(complete(["validate", "--rule=schema=o"], " \t\n")).toEqual(["--rule=schema=off"]);
    expect(complete(["validate", "--rule", "schema=o"], " \t\n")).toEqual(["schema=off"]);
  });

  test("knows every rule", () => {
    expect(complete(["validate", "--rule", ""])).toEqual(
      Object.keys(rules)
        .map((name) => `${name}=`)
        .sort(),
    );
  });
});
