import { describe, expect, test } from "vitest";
import { listenerDisplayTrials } from "./listener-display.ts";
import { createTerminalEmulator } from "./terminal-emulator.ts";
import { mistakeTrials, payloadTrials, randomTrials } from "./terminal-trials.ts";

// `npm run harden terminal` runs more.

describe("the terminal emulator", () => {
  const acting: Readonly<Record<string, string>> = {
    "a style": "\u001b[31mred\n",
    "a style that is not ours": "\u001b[5mblink\n",
    "hidden text": "\u001b[8mhidden\u001b[28m\n",
    "a title": "\u001b]0;pwned\u0007\n",
    "a title by C1": "\u009d0;pwned\u009c\n",
    "the clipboard": "\u001b]52;c;cm0=\u0007\n",
    "a link": "\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007\n",
    "a color query": "\u001b]10;?\u0007\n",
    "a cursor report": "\u001b[6n\n",
    "device attributes": "\u001b[c\n",
    "a settings request": '\u001bP$q"p\u001b\\\n',
    "the bell": "\u0007\n",
    "a cleared screen": "\u001b[2J\n",
    "a line erased above": "\u001b[1A\u001b[2K\n",
    "the other screen": "\u001b[?1049h\n",
    "mouse reports": "\u001b[?1003h\n",
    "bracketed paste": "\u001b[?2004h\n",
    "insert mode": "\u001b[4h\n",
    "no wraparound": "\u001b[?7l\n",
    "line drawing": "\u001b(0lqqk\n",
    "a full reset": "\u001bc\n",
    "a line written over": "error\rvalid\n",
    backspaces: "rm\b\bls\n",
    "a string without end": "\u001b_G\n",
  };

  test.each(Object.entries(acting))("detects %s", async (_, text) => {
    expect(await createTerminalEmulator().effectOf(`before\n${text}after\n`)).toBeDefined();
  });

  test.each(["plain\n", "\u001b[31mred\u001b[39m and \u001b[1mbold\u001b[22m\n", "a\tb\né 漢 🎉\n", "\\u{1B}[31m\n"])(
    "detects nothing in %j",
    async (text) => {
      expect(await createTerminalEmulator().effectOf(text)).toBeUndefined();
    },
  );
});

describe("no text has an effect on the terminal", { timeout: 300_000 }, () => {
  test("payloads in some places, through some commands", async () => {
    const { payloads, places, wrong } = await payloadTrials({ step: 397 });
    expect(wrong).toEqual([]);
    expect(payloads).toBeGreaterThanOrEqual(56);
    expect(places).toBeGreaterThanOrEqual(60);
  });

  test("random texts", async () => {
    expect((await randomTrials({ inputs: 60 })).wrong).toEqual([]);
  });

  test("payloads in error messages and names of files", async () => {
    expect((await mistakeTrials({ step: 40 })).wrong).toEqual([]);
  });

  test("payloads in requests to a listener", async () => {
    expect((await listenerDisplayTrials({ step: 80 })).wrong).toEqual([]);
  });
});
