// A real terminal emulator that tells what a text does besides showing its characters.
import xterm, { type IBuffer as Terminal } from "@xterm/headless";

/** Wide enough for most lines. Longer lines wrap, and are joined again. */
const COLUMNS = 200;
const ROWS = 40;
/** Lines to keep. More lines make the emulator slow. */
const DEFAULT_SCROLLBACK = 1000;

/** The text on the screen before, and the prompt after. Both have no style. */
const before = "$ an earlier line\r\nand another one\r\n";
const after = "$ ";

/** Modes that a program could switch. */
const modeNames = [
  "applicationCursorKeysMode",
  "applicationKeypadMode",
  "bracketedPasteMode",
  "insertMode",
  "mouseTrackingMode",
  "originMode",
  "reverseWraparoundMode",
  "sendFocusMode",
  "wraparoundMode",
] as const;

export interface TerminalEmulator {
  /** Writes the text as a program does (`\n` becomes CR LF) and returns an effect besides showing it, if there is one. */
  effectOf(text: string): Promise<string | undefined>;
  dispose(): void;
}

/** Creates an emulator that keeps some lines. */
export function createTerminalEmulator(lines = DEFAULT_SCROLLBACK): TerminalEmulator {
  const terminal = new xterm.Terminal({
    cols: COLUMNS,
    rows: ROWS,
    scrollback: lines,
    allowProposedApi: true,
    logLevel: "off",
  });
  let acts: string[] = [];
  terminal.onData((data) => acts.push(`it responded ${JSON.stringify(data)}`));
  terminal.onBinary((data) => acts.push(`it responded ${JSON.stringify(data)}`));
  terminal.onBell(() => acts.push("the bell rang"));
  terminal.onTitleChange((title) => acts.push(`the title is ${JSON.stringify(title)}`));
  const { parser } = terminal;
  const record = (act: string) => () => {
    acts.push(act);
    return false;
  };
  // 52 is the clipboard, 8 a link, 4 to 19 and 104 to 119 are colors, 7 the directory, 9 and 777 notifications, 1337 iTerm2.
  for (const number of [0, 1, 2, 4, 5, 7, 8, 9, 10, 11, 12, 13, 19, 50, 52, 104, 110, 133, 633, 777, 1337]) {
    parser.registerOscHandler(number, record(`OSC ${number}`));
  }
  for (const final of ["p", "q", "r", "y", "z", "{", "|", "}", "~"]) {
    for (const intermediates of ["", "$", "+", " "]) {
      parser.registerDcsHandler({ intermediates, final }, record(`DCS ${intermediates}${final}`));
    }
  }
  for (const final of ["7", "8", "c", "D", "E", "H", "M", "N", "O", "=", ">", "n", "o"]) {
    parser.registerEscHandler({ final }, record(`ESC ${final}`));
  }

  const write = (text: string): Promise<void> => new Promise((resolve) => terminal.write(text, resolve));
  const modes = (): string => modeNames.map((name) => terminal.modes[name]).join();
  const initial = modes();

  async function effectOf(text: string): Promise<string | undefined> {
    terminal.reset();
    acts = [];
    await write(`${before}${text.replaceAll("\n", "\r\n")}${after}`);
    if (acts.length > 0) return acts[0];
    if (modes() !== initial) return `the modes are ${modes()}`;
    const { active } = terminal.buffer;
    if (active.type !== "normal") return "the other screen shows";
    const expected = `${before}${text}${after}`.replace(ownStyle, "").replace(/\s+/g, "");
    const shown = linesOf(active).replace(/\s+/g, "");
    if (shown !== expected) return `the screen shows ${difference(shown, expected)}`;
    return styleAt(active, 0, 0) ?? styleAt(active, 1, 0) ?? promptStyle(active);
  }

  return { effectOf, dispose: () => terminal.dispose() };
}

/** Our own colors: see `ownColors` of test/output/hostile.ts. */
const ownStyle = new RegExp(`${String.fromCharCode(27)}\\[(?:1|2|22|31|32|33|34|36|39)m`, "g");

function linesOf(buffer: Terminal): string {
  let text = "";
  for (let row = 0; row < buffer.length; row++) text += buffer.getLine(row)?.translateToString(true) ?? "";
  return text;
}

function difference(shown: string, expected: string): string {
  let at = 0;
  while (at < shown.length && shown[at] === expected[at]) at++;
  const part = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 10), at + 30));
  return `${part(shown)} and not ${part(expected)}`;
}

const promptStyle = (buffer: Terminal): string | undefined =>
  styleAt(buffer, buffer.baseY + buffer.cursorY, Math.max(0, buffer.cursorX - 2));

/** Describes the style of a cell that isn't the default. */
function styleAt(buffer: Terminal, row: number, column: number): string | undefined {
  const cell = buffer.getLine(row)?.getCell(column);
  if (cell === undefined) return `no cell at ${row}:${column}`;
  return cell.isAttributeDefault() ? undefined : `the style of ${JSON.stringify(cell.getChars())} is not the default`;
}
