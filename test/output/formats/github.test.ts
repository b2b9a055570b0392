import { describe, expect, test } from "vitest";
import { github } from "../../../src/output/formats/github.ts";
import { call } from "../hostile.ts";
import { end, event, everywhere, hostile, print, strain } from "./support.ts";

describe("github", () => {
  /** As the runner reads a line (actions/runner, ActionCommand.cs). */
  function read(line: string) {
    const [, command = "", properties = "", data = ""] = /^::(\w+) (.*?)::(.*)$/s.exec(line) ?? [];
    const open = (text: string): string => text.replace(/%0A/g, "\n").replace(/%3A/g, ":").replace(/%2C/g, ",");
    const pairs = properties.split(",").map((pair) => pair.split("=", 2));
    return {
      command,
      ...Object.fromEntries(pairs.map(([name, value = ""]) => [name, open(value).replaceAll("%25", "%")])),
      data: data.replaceAll("%0A", "\n").replaceAll("%25", "%"),
    };
  }

  test("writes what the runner reads", () => {
    const message = "100 % of a,b: c";
    const [first = "", last = ""] = print(github, [event({ message }, "EZ1", "a,b: 100%.json"), end]).split("\n");
    expect(read(first)).toEqual({
      ...{ command: "error", file: "a,b: 100%.json", line: "3", endLine: "3", col: "412", title: "schema" },
      data: `${message}\nat /data/response/responseCode\nevent ${call.type}, EZ1, CA1`,
    });
    expect(read(last)).toEqual({
      command: "notice",
      title: "twilio-events",
      data: "1 event: invalid, 1 call\n1 error\nRead all.",
    });
  });

  test("names no file for standard input", () => {
    const [line = ""] = print(github, [event({}, "EZ1", "-")]).split("\n");
    expect(read(line)).toMatchObject({
      command: "error",
      title: "schema",
      data: expect.stringContaining("\n-:3:412, at"),
    });
    expect(line).not.toMatch(/\b(?:file|line|col)=/i);
  });

  test("shows the worst first, ten of a kind and of every rule one before a second, and counts the rest", () => {
    const items = Array.from({ length: 40 }, (_, i) => event({ severity: "info", rule: "sid-format" }, `EZ${i}`));
    const warnings = Array.from({ length: 30 }, (_, i) =>
      event({ severity: "warning", rule: i === 29 ? "response-slow" : "schema-unknown" }, `EZ${i}`),
    );
    const lines = print(github, [...items, ...warnings, event({}), end])
      .trimEnd()
      .split("\n")
      .map(read);
    expect(lines.map(({ command }) => command)).toEqual([
      "error",
      ...Array.from({ length: 10 }, () => "warning"),
      ...Array.from({ length: 10 }, () => "notice"),
    ]);
    expect(lines[10]).toMatchObject({ title: "response-slow" });
    expect(lines.at(-1)?.data).toContain("1 error, 30 warnings, 40 infos\n");
    expect(lines.at(-1)?.data).toMatch(/\nShown here: 10 of 30 warnings, 9 of 40 infos\.$/);
  });

  test("is nothing but commands of its own, whatever comes", () => {
    const isOwn = (output: string): void => {
      for (const line of output.split("\n").slice(0, -1)) {
        expect(line).toMatch(/^::(?:error|warning|notice) (?:\w+=[^:,\r]*,?)+::[^\r]*$/);
        expect(line.replaceAll(/%(?:25|0A|3A|2C)/g, "")).not.toContain("%");
      }
    };
    for (const item of hostile) isOwn(print(github, [item]));
    everywhere((item) => isOwn(print(github, [item])));
  });

  test("takes 10,000 findings in a second or two, and holds back a part of them", () => {
    const { ms, longest } = strain(github, 10_000);
    expect(ms).toBeLessThan(4_000);
    expect(longest).toBeLessThan(1_000_000);
  });
});
