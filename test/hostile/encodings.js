// Files in every encoding that one meets, whole and broken: what each is named, and that the record behind it is judged.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const calls = join(import.meta.dirname, "../../samples/calls/answered.ndjson");
const [first = "", second = ""] = readFileSync(calls, "utf8").split("\n");

/** An event with the text in a parameter. */
const holding = (text) => first.replace('"parameters":{', `"parameters":{"Note":"${text}",`);
const bytesIn = (...bytes) => {
  const [before, after] = holding("SIGN").split("SIGN");
  return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
};
const utf16be = (text) => Buffer.from(text, "utf16le").swap16();
const utf32 = (text, isBig) => {
  const chars = [...text];
  const bytes = Buffer.alloc(chars.length * 4);
  for (const [at, char] of chars.entries()) {
    if (isBig) bytes.writeUInt32BE(char.codePointAt(0), at * 4);
    else bytes.writeUInt32LE(char.codePointAt(0), at * 4);
  }
  return bytes;
};
const lines = (...parts) => Buffer.concat(parts.flatMap((part) => [Buffer.from(part), Buffer.from("\n")]));
const two = `${holding("São Paulo 北京 🎉")}\n${second}\n`;

/**
 * Each file holds two events unless `events` tells otherwise. What one of its findings says is `says`, what the coverage
 * says `counts`; without `says` there is none about the text. Add a file here.
 */
export const encodings = {
  "UTF-8": { bytes: Buffer.from(two) },
  "UTF-8 with BOM": { bytes: Buffer.from(`\ufeff${two}`) },
  "UTF-8, each line with BOM": { bytes: Buffer.from(`\ufeff${two.replace("\n", "\n\ufeff")}`) },
  "UTF-16 LE with BOM": { bytes: Buffer.from(`\ufeff${two}`, "utf16le"), says: "UTF-16 LE" },
  "UTF-16 LE": { bytes: Buffer.from(two, "utf16le"), says: "UTF-16 LE" },
  "UTF-16 BE with BOM": { bytes: utf16be(`\ufeff${two}`), says: "UTF-16 BE" },
  "UTF-16 BE": { bytes: utf16be(two), says: "UTF-16 BE" },
  "UTF-16 LE, its last byte missing": {
    bytes: Buffer.from(`\ufeff${two}`, "utf16le").subarray(0, -1),
    says: "UTF-16 LE",
  },
  "UTF-16 LE behind UTF-8": {
    bytes: Buffer.concat([lines(first), Buffer.from(`${second}\n`, "utf16le")]),
    says: "UTF-16 among UTF-8",
  },
  "UTF-8 behind UTF-16 LE": {
    bytes: Buffer.concat([Buffer.from(`\ufeff${first}\r\n`, "utf16le"), lines(second)]),
    says: "UTF-16 LE",
  },
  "UTF-16 LE behind UTF-8, and UTF-8 behind that": {
    bytes: Buffer.concat([lines(first), Buffer.from(`${second}\r\n`, "utf16le"), lines(first)]),
    events: 3,
    says: "UTF-16 among UTF-8",
  },
  "UTF-16 BE behind UTF-8": {
    bytes: Buffer.concat([lines(first), utf16be(`${second}\n`)]),
    says: "UTF-16 among UTF-8",
  },
  "UTF-32 LE with BOM": { bytes: utf32(`\ufeff${two}`, false), says: "UTF-32 LE" },
  "UTF-32 BE with BOM": { bytes: utf32(`\ufeff${two}`, true), says: "UTF-32 BE" },
  "UTF-32 LE": { bytes: utf32(two, false), says: "UTF-32 LE" },
  "UTF-32 BE": { bytes: utf32(two, true), says: "UTF-32 BE" },
  "UTF-32 BE, its last bytes missing": { bytes: utf32(`\ufeff${two}`, true).subarray(0, -2), says: "UTF-32 BE" },
  "UTF-32 LE with what is no character": {
    bytes: Buffer.concat([utf32(two, false), Buffer.from([0, 0xd8, 0, 0, 0, 0, 0x11, 0, 0x0a, 0, 0, 0])]),
    says: "UTF-32 LE",
  },
  "Latin-1": { bytes: lines(Buffer.from(holding("São"), "latin1"), second), says: "windows-1252" },
  "windows-1252": { bytes: lines(bytesIn(0x80, 0x93, 0x94), second), says: "windows-1252" },
  "Shift-JIS": { bytes: lines(bytesIn(0x93, 0xfa, 0x96, 0x7b), second), says: "windows-1252" },
  "Shift-JIS with a backslash in a character": {
    bytes: lines(bytesIn(0x95, 0x5c), second),
    events: 1,
    says: "expected ',' or '}', found 'F'",
  },
  "an overlong NUL": { bytes: lines(bytesIn(0xc0, 0x80), second), says: "windows-1252" },
  "an overlong slash": { bytes: lines(bytesIn(0xe0, 0x80, 0xaf), second), says: "windows-1252" },
  "CESU-8": { bytes: lines(bytesIn(0xed, 0xa0, 0xbc, 0xed, 0xbe, 0x89), second), says: "windows-1252" },
  "a lone surrogate": { bytes: lines(bytesIn(0xed, 0xa0, 0x80), second), says: "windows-1252" },
  "beyond U+10FFFF": { bytes: lines(bytesIn(0xf4, 0x90, 0x80, 0x80), second), says: "windows-1252" },
  "six bytes": { bytes: lines(bytesIn(0xfc, 0x83, 0xbf, 0xbf, 0xbf, 0xbf), second), says: "windows-1252" },
  "a character cut short": { bytes: lines(bytesIn(0xe5, 0x8c), second), says: "windows-1252" },
  "a continuation byte alone": { bytes: lines(bytesIn(0x8c), second), says: "windows-1252" },
  "0xFF and 0xFE": { bytes: lines(bytesIn(0xff, 0xfe), second), says: "windows-1252" },
  "a character cut short by the end": {
    bytes: Buffer.concat([lines(second), bytesIn(0xe5, 0x8c).subarray(0, 660)]),
    events: 1,
    says: "it is cut off",
  },
  "NULs at the end": {
    bytes: Buffer.concat([Buffer.from(two), Buffer.alloc(4096)]),
    counts: "4,096 NUL bytes passed over",
  },
  "NULs between lines": {
    bytes: Buffer.concat([lines(first), Buffer.alloc(512), lines(second)]),
    counts: "512 NUL bytes passed over",
  },
  "a NUL in a string": { bytes: lines(bytesIn(0), second), events: 1, says: "control character (U+0000)" },
  "a control character in a string": {
    bytes: lines(bytesIn(7), second),
    events: 1,
    says: "control character (U+0007)",
  },
  "CR alone": { bytes: Buffer.from(two.replaceAll("\n", "\r")) },
  CRLF: { bytes: Buffer.from(two.replaceAll("\n", "\r\n")) },
  "LF, then CRLF": { bytes: Buffer.from(`${first}\n${second}\r\n`) },
  "U+2028, U+2029 and U+0085 in a string": { bytes: lines(holding("a\u2028b\u2029c\u0085d"), second) },
  "U+2028 between records": { bytes: Buffer.from(`${first}\u2028${second}\n`) },
  "no last newline": { bytes: Buffer.from(two.trimEnd()) },
  "form feeds and blank lines": { bytes: Buffer.from(`\n\f\n \t\n${first}\n\f${second}\n`) },
  "the end of a DOS file": { bytes: Buffer.from(`${two}\u001a`) },
  "a record separator before each": { bytes: Buffer.from(`\u001e${first}\n\u001e${second}\n`) },
  "gzip of UTF-16": { bytes: gzipSync(Buffer.from(`\ufeff${two}`, "utf16le")), says: "UTF-16 LE" },
  "gzip of gzip": { bytes: gzipSync(gzipSync(two)) },
  "gzip, cut off": {
    bytes: gzipSync(`${two.repeat(50)}`).subarray(0, -9),
    events: 100,
    says: "gzip data is damaged or cut off",
  },
  "gzip, zeros behind it": { bytes: Buffer.concat([gzipSync(two), Buffer.alloc(512)]) },
  "gzip, a wrong checksum": {
    bytes: Buffer.concat([gzipSync(two).subarray(0, -8), Buffer.alloc(8, 1)]),
    says: "gzip data is damaged",
  },
  "gzip, a wrong checksum and another member": {
    bytes: Buffer.concat([gzipSync(two).subarray(0, -8), Buffer.alloc(8, 1), gzipSync(first)]),
    says: "gzip data is damaged",
  },
  "gzip, damaged in the middle": {
    bytes: Buffer.concat([gzipSync(two, { level: 0 }).subarray(0, -400), Buffer.alloc(400, 1)]),
    events: 1,
    says: "gzip data is damaged",
  },
  "gzip, text behind it": { bytes: Buffer.concat([gzipSync(two), lines(first)]), says: "gzip data is damaged" },
  "Latin-1 in an object over lines": {
    bytes: lines(Buffer.from(JSON.stringify(JSON.parse(holding("São")), undefined, 2), "latin1"), second),
    says: "0xE3 at offset",
  },
  "gzip, damaged at its start": {
    bytes: Buffer.concat([gzipSync(two).subarray(0, 10), Buffer.alloc(50, 0xff)]),
    events: 0,
    says: "gzip data is damaged",
  },
};
