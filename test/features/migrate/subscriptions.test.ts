import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mayList, readListing, scriptFor, shellWord } from "../../../src/features/migrate/subscriptions.ts";

const old = "com.twilio.voice.webhook.status-callback.call.completed";
const fresh = "com.twilio.voice.status-callback.call.completed";
const replacements = new Map([[old, fresh]]);
const sid = `DF${"a".repeat(32)}`;

const snake = {
  account_sid: `AC${"a".repeat(32)}`,
  type: old,
  schema_version: 2,
  subscription_sid: sid,
  url: "https://x",
};
const camel = { accountSid: snake.account_sid, type: old, schemaVersion: 2, subscriptionSid: sid, url: "https://x" };

const scriptOf = (value: unknown): string | undefined => {
  const listing = readListing(JSON.stringify(value));
  return listing && scriptFor(listing, replacements);
};

/** The commands of a script, without comments. */
const commandsOf = (script: string | undefined): readonly string[] =>
  (script ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));

describe("subscribed events", () => {
  test.each([
    ["an array of twilio-cli", [camel]],
    ["a page of the API", { types: [snake], meta: { key: "types" } }],
    ["one", snake],
  ])("%s", (_, value) => {
    expect(mayList(JSON.stringify(value, undefined, 2))).toBe(true);
    const at = `--subscription-sid ${sid} --type`;
    expect(commandsOf(scriptOf(value))).toEqual([
      `twilio api:events:v1:subscriptions:subscribed-events:create ${at} ${fresh} --schema-version 2 -o json &&`,
      `  twilio api:events:v1:subscriptions:subscribed-events:remove ${at} ${old}`,
    ]);
  });

  test("without a schema version get none", () => {
    const { schemaVersion, ...rest } = camel;
    expect(schemaVersion).toBe(2);
    expect(scriptOf([rest])).not.toContain("--schema-version");
  });

  test("of which the new type is there already only lose the old one", () => {
    const commands = commandsOf(scriptOf([camel, { ...camel, type: fresh }]));
    expect(commands).toEqual([expect.stringMatching(/:remove .* --type com\.twilio\.voice\.webhook\./)]);
  });

  test("of which the new type is there in another subscription are moved whole", () => {
    expect(
      commandsOf(scriptOf([camel, { ...camel, type: fresh, subscriptionSid: `DF${"b".repeat(32)}` }])),
    ).toHaveLength(2);
  });

  test("of which none is deprecated need nothing", () => expect(scriptOf([{ ...camel, type: fresh }])).toBeUndefined());
});

test("subscriptions are asked for their events", () => {
  const value = [{ accountSid: "AC1", sid, sinkSid: `DG${"a".repeat(32)}`, description: "voice" }];
  const expected = `twilio api:events:v1:subscriptions:subscribed-events:list --subscription-sid ${sid} -o json | twilio-events migrate -`;
  expect(commandsOf(scriptOf(value))).toEqual([expected]);
  expect(commandsOf(scriptOf({ subscriptions: [{ sid, sink_sid: "DG1" }], meta: {} }))).toEqual([expected]);
});

test.each([
  ["the catalogue of types", { types: [{ type: old, schema_id: "Voice.WebhookEvent", status: "deprecated" }] }],
  ["an event", { specversion: "1.0", type: old, data: { subscriptionSid: sid } }],
  ["an empty list", []],
  ["a SID that cannot be seen", [{ ...camel, subscriptionSid: "DF\u001b[2J" }]],
  ["a SID with a line break", [{ ...camel, subscriptionSid: "DF1\nrm -rf /" }]],
])("%s is no list", (_, value) => {
  expect(readListing(JSON.stringify(value))).toBeUndefined();
  expect(mayList(JSON.stringify(value))).toBe(false);
});

test("the beginning of a list may become one", () =>
  expect(mayList(JSON.stringify([camel, camel]).slice(0, -9))).toBe(true));

describe.skipIf(process.platform === "win32")("a word of a shell", () => {
  const said = (words: readonly string[]): string =>
    execFileSync("sh", ["-c", `printf '%s\\n' ${words.map(shellWord).join(" ")}`], { encoding: "utf8" });

  test("is the text again", () => {
    const word = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
        expect(said(words)).toBe(`${words.join("\n")}\n`);
      }),
      { numRuns: 25 },
    );
  });

  test("does nothing, whatever it holds", () => {
    const words = ["$(touch pwned)", "`id`", "'; id; '", "a'b\"c", "--flag", "~root", "*", "!!", "\\"];
    expect(said(words)).toBe(`${words.join("\n")}\n`);
  });

  test("of a SID that was made up stays one word of the command", () => {
    const script = scriptOf([{ ...camel, subscriptionSid: "DF'$(id)'" }]) ?? "";
    const stub = `twilio() { printf '%s\\n' "$@"; }\n${script}`;
    const lines = execFileSync("sh", ["-c", stub], { encoding: "utf8" }).split("\n");
    expect(lines.filter((line) => line === "DF'$(id)'")).toHaveLength(2);
  });
});

test.skipIf(process.platform === "win32")("the old type stays where the new one could not be created", () => {
  const stub = `twilio() { echo "$1"; return 1; }\n${scriptOf([camel])}true`;
  expect(execFileSync("sh", ["-c", stub], { encoding: "utf8" })).toBe(
    "api:events:v1:subscriptions:subscribed-events:create\n",
  );
});
