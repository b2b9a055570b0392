import { beforeAll, describe, expect, test } from "vitest";
import { has, scriptFile, shell } from "./support.ts";

/**
 * Types into an interactive zsh on a terminal of its own: each line, then the tab key, then a key that prints the line as
 * it is now.
 */
const typist = (script: string): string => `
zmodload zsh/zpty
zpty typed zsh -f -i
zpty -w typed "autoload -U compinit; compinit -u -D; source '${script}'; say() { print -r -- \\"<\\$BUFFER>\\"; BUFFER=; zle .accept-line }; zle -N say; bindkey '^G' say; setopt no_beep no_list_beep; print -r -- rea''dy"
zpty -r typed seen $'*ready\\r*'
for line in "$@"; do
  zpty -w -n typed "$line"$'\\t'$'\\C-g'
  zpty -r typed seen $'*<twilio*>\\r*'
  [[ $seen =~ '<(twilio[^>]*)>' ]] && print -r -- "$match[1]"
done
zpty -d typed
`;

const cases = [
  ["twilio-events comp", "twilio-events completion "],
  ["twilio-events validate --fo", "twilio-events validate --format="],
  ["twilio-events validate --format js", "twilio-events validate --format json "],
  ["twilio-events validate --format=js", "twilio-events validate --format=json "],
  ["twilio-events validate -f js", "twilio-events validate -f json "],
  ["twilio-events validate --rule json-s", "twilio-events validate --rule json-syntax="],
  ["twilio-events validate --rule schema=o", "twilio-events validate --rule schema=off "],
  ["twilio-events validate --rule=schema=w", "twilio-events validate --rule=schema=warning "],
  ["twilio-events validate --status busy,fa", "twilio-events validate --status busy,failed"],
  ["twilio-events validate --schemas sampl", "twilio-events validate --schemas samples/"],
  ["twilio-events validate package.js", "twilio-events validate package.json "],
  ["twilio-events explain Gath", "twilio-events explain Gather "],
  ["twilio-events explain schema bus", "twilio-events explain schema busy "],
  ["twilio-events types com.twilio.voice.med", "twilio-events types com.twilio.voice.media.fetched "],
  ["twilio-events sample no-ans", "twilio-events sample no-answer "],
  ["twilio-events schema --diff Cl", "twilio-events schema --diff CloudEvents/1.0 "],
  ["twilio-events completion z", "twilio-events completion zsh "],
  ["twilio-events --ver", "twilio-events --version "],
] as const;

describe.skipIf(!has("zsh"))("zsh", () => {
  let script = "";

  beforeAll(async () => {
    script = await scriptFile("zsh");
  });

  test("reads it", () => expect(shell("zsh", ["-f", "-n", script])).toBe(""));

  test("completes commands, options and values", { timeout: 40_000 }, () => {
    const typed = shell("zsh", ["-f", "-c", typist(script), "typist", ...cases.map(([line]) => line)]);
    expect(typed.replace(/\n$/, "").split("\n")).toEqual(cases.map(([, completed]) => completed));
  });
});
