// A real terminal emulator as judge: what is written to it may only show, below what stood there before.
import xterm from "@xterm/headless";

/** Wide enough for most lines; what is wider wraps, and is read whole again. */
const COLUMNS = 200;
const ROWS = 40;
/** Most outputs have fewer lines; the emulator takes long to make room for more. */
const SCROLLBACK = 1000;

/** What stood on the screen before, and the prompt that comes after; both have no style. */
const before = "$ an earlier line\r\nand another one\r\n";
const after = "$ ";

/** The modes that a program can switch; each must be as it was. */
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
];

/**
 * An emulator that keeps so many lines. `effectOf` writes the text as a program's output arrives (`\n` is CR LF, as the line discipline makes it)
 * and returns what it did beside showing its characters; undefined when it did nothing else.
 */
export function createOracle(lines = SCROLLBACK) {
  const terminal = new xterm.Terminal({
    cols: COLUMNS,
    rows: ROWS,
    scrollback: lines,
    allowProposedApi: true,
    logLevel: "off",
  });
  let acts = [];
  terminal.onData((data) => acts.push(`it answered ${JSON.stringify(data)}`));
  terminal.onBinary((data) => acts.push(`it answered ${JSON.stringify(data)}`));
  terminal.onBell(() => acts.push("the bell rang"));
  terminal.onTitleChange((title) => acts.push(`the title is ${JSON.stringify(title)}`));
  const { parser } = terminal;
  const heard = (what) => () => {
    acts.push(what);
    return false;
  };
  // 52 is the clipboard, 8 a link, 4 to 19 and 104 to 119 are colors, 7 the folder, 9 and 777 a notice, 1337 is iTerm2's.
  for (const number of [0, 1, 2, 4, 5, 7, 8, 9, 10, 11, 12, 13, 19, 50, 52, 104, 110, 133, 633, 777, 1337]) {
    parser.registerOscHandler(number, heard(`OSC ${number}`));
  }
  for (const final of ["p", "q", "r", "y", "z", "{", "|", "}", "~"]) {
    for (const intermediates of ["", "$", "+", " "]) {
      parser.registerDcsHandler({ intermediates, final }, heard(`DCS ${intermediates}${final}`));
    }
  }
  for (const final of ["7", "8", "c", "D", "E", "H", "M", "N", "O", "=", ">", "n", "o"]) {
    parser.registerEscHandler({ final }, heard(`ESC ${final}`));
  }

  const write = (text) => new Promise((resolve) => terminal.write(text, resolve));
  const modes = () => modeNames.map((name) => terminal.modes[name]).join();
  const usual = modes();

  async function effectOf(text) {
    terminal.reset();
    acts = [];
    await write(`${before}${text.replaceAll("\n", "\r\n")}${after}`);
    if (acts.length > 0) return acts[0];
    if (modes() !== usual) return `the modes are ${modes()}`;
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

function linesOf(buffer) {
  let text = "";
  for (let row = 0; row < buffer.length; row++) text += buffer.getLine(row)?.translateToString(true) ?? "";
  return text;
}

function difference(shown, expected) {
  let at = 0;
  while (at < shown.length && shown[at] === expected[at]) at++;
  const part = (text) => JSON.stringify(text.slice(Math.max(0, at - 10), at + 30));
  return `${part(shown)} and not ${part(expected)}`;
}

const promptStyle = (buffer) => styleAt(buffer, buffer.baseY + buffer.cursorY, Math.max(0, buffer.cursorX - 2));

/** What is not usual about the style of a cell. */
function styleAt(buffer, row, column) {
  const cell = buffer.getLine(row)?.getCell(column);
  if (cell === undefined) return `no cell at ${row}:${column}`;
  return cell.isAttributeDefault() ? undefined : `the style of ${JSON.stringify(cell.getChars())} is not the usual one`;
}
