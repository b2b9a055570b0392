import { describe, expect, test } from "vitest";
import { golden, run, transcript } from "./harness.ts";

describe("types", () => {
  test("the whole catalogue", () => golden("types", "twilio-events types"));

  test("those that match", () =>
    golden(
      "types-glob",
      "twilio-events types '*.call.completed'",
      "twilio-events types 'insights.*.complete' media.fetched",
      "twilio-events types -f compact '*.call.completed'",
      "twilio-events types -f json '*.call.completed'",
      "twilio-events types -f ndjson '*.call.completed'",
      "twilio-events types '*.teleported' --types test/cli/input/types.json",
    ));

  test("on a terminal", async () => {
    const line = "twilio-events types '*.call.completed'";
    const runs = [
      await run(line, { stdout: { columns: 120 } }),
      await run(line, { stdout: { columns: 80 } }),
      await run(`${line} --ascii --color never`, { stdout: { columns: 80 } }),
    ];
    await expect(transcript(...runs)).toMatchFileSnapshot("golden/types-terminal.txt");
  });

  test("that are unknown", () =>
    golden(
      "types-unknown",
      "twilio-events types com.twilio.voice.status-callback.call.complete",
      "twilio-events types call.ringing",
      "twilio-events types '*.sms.*'",
    ));
});

describe("schema", () => {
  test("the list", () =>
    golden(
      "schema",
      "twilio-events schema",
      "twilio-events schema -f json",
      "twilio-events schema --schemas test/cli/input/schemas",
    ));

  test("one", () => golden("schema-one", "twilio-events schema Voice.WebhookEvent/2"));

  test("the user's own comes out as it is", async () => {
    const { stdout } = await run("twilio-events schema --schemas test/cli/input/schemas Voice.WebhookEvent/3");
    expect(JSON.parse(stdout)).toMatchObject({ title: "Voice.WebhookEvent/3" });
  });

  test("what changed between two versions", () =>
    golden(
      "schema-diff",
      "twilio-events schema --diff Voice.WebhookEvent/1 Voice.WebhookEvent/2",
      "twilio-events schema --diff Voice.WebhookEvent/1 Voice.WebhookEvent/1",
      "twilio-events schema --schemas test/cli/input/schemas --diff Voice.WebhookEvent/2 Voice.WebhookEvent/3",
      "twilio-events schema -f ndjson --diff Voice.WebhookEvent/1 Voice.WebhookEvent/2",
    ));

  test("that are unknown", () =>
    golden(
      "schema-unknown",
      "twilio-events schema Voice.WebhookEvent/9",
      "twilio-events schema --diff Voice.WebhookEvent/1",
      "twilio-events schema --diff Voice.WebhookEvent/1 nope",
      "twilio-events schema Voice.WebhookEvent/1 Voice.WebhookEvent/2",
    ));
});
