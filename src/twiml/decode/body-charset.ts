import { isAscii, isUtf8 } from "node:buffer";
import type { Finding } from "../../findings/finding.ts";
import { decodeWindows1252, firstNotUtf8, hexByte } from "../../input/charset.ts";
import { memoize } from "../../input/memoize.ts";
import { twimlFinding } from "../rules.ts";

interface Characters {
  /** The name by which the Encoding Standard knows the charset: "utf-8", "windows-1252" for ISO 8859-1. */
  readonly charset: string;
  /** The text, without a byte order mark. */
  readonly text: string;
  readonly findings: readonly Finding[];
}

interface Declaration {
  /** Who says so, in words. */
  readonly by: string;
  readonly label: string;
  /** The charset, undefined for a label that is not known. */
  readonly charset: string | undefined;
}

/** What any bytes can be read as: it gives a character to each byte (Encoding Standard, section 9). */
const anyBytes = "windows-1252";

/**
 * The characters of a body. Its charset is that of the byte order mark, else of the content type, else of the XML
 * declaration (RFC 7303, section 3), else UTF-8. Reports as `body-charset`: an unknown name, declarations that
 * disagree, bytes that do not fit (then read as windows-1252), UTF-8 declared as something else.
 */
export function decodeCharacters(bytes: Buffer, contentType: string | undefined): Characters {
  const ascii = isAscii(bytes) ? bytes.toString("latin1") : undefined;
  const mark = byteOrderMark(bytes);
  const header = contentType === undefined ? undefined : headerCharset(contentType);
  const declaration = xmlEncoding(ascii?.slice(0, 256) ?? bytes.toString("latin1", 0, 256));
  // Nearly every body says UTF-8, or nothing, and is that.
  if (isUtf8OrAbsent(mark) && isUtf8OrAbsent(header) && isUtf8OrAbsent(declaration) && isUtf8(bytes)) {
    const text = ascii ?? bytes.toString("utf8", mark === undefined ? 0 : 3);
    return { charset: "utf-8", text, findings: [] };
  }
  const said = [mark, header, declaration].filter((one) => one !== undefined);
  const findings: Finding[] = [];
  const known = said.filter((one) => one.charset !== undefined);
  const [winner = { by: "nothing", label: "utf-8", charset: "utf-8" }, ...others] = known;
  const charset = (winner.charset === "utf-16" ? others.find(isUtf16)?.charset : winner.charset) ?? "utf-16le";
  const report = (fault: "unknown" | "disagree" | "bytes" | "garbled", declared: string, read: string) =>
    findings.push(twimlFinding("body-charset", { fault, declared, read }));

  for (const one of said.filter((one) => one.charset === undefined)) {
    report("unknown", `${one.by} "${one.label}"`, charset);
  }
  const other = others.find((one) => !agree(one.charset, charset));
  if (other !== undefined) {
    report("disagree", `${winner.by} says ${winner.label}, ${other.by} ${other.label}`, charset);
  }

  const text = decode(bytes, charset);
  if (text === undefined) {
    report("bytes", misfit(bytes, charset), anyBytes);
    return { charset: anyBytes, text: decodeWindows1252(bytes), findings };
  }
  if (!charset.startsWith("utf-") && isMultibyteUtf8(bytes)) {
    report("garbled", `${winner.by} says ${winner.label}`, charset);
  }
  return { charset, text, findings };
}

function isUtf8OrAbsent(declaration: Declaration | undefined): boolean {
  return declaration === undefined || declaration.charset === "utf-8";
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Buffer, charset: string): string | undefined {
  if (charset === anyBytes) return decodeWindows1252(bytes);
  try {
    return (charset === "utf-8" ? utf8 : new TextDecoder(charset, { fatal: true })).decode(bytes);
  } catch {
    return undefined;
  }
}

function byteOrderMark(bytes: Buffer): Declaration | undefined {
  const by = "the byte order mark";
  if ((bytes[0] ?? 0) < 0xef) return undefined;
  const head = bytes.toString("latin1", 0, 3);
  if (head === "\xEF\xBB\xBF") return { by, label: "utf-8", charset: "utf-8" };
  if (head.startsWith("\xFF\xFE")) return { by, label: "utf-16le", charset: "utf-16le" };
  if (head.startsWith("\xFE\xFF")) return { by, label: "utf-16be", charset: "utf-16be" };
  return undefined;
}

const headerCharset = memoize((contentType): Declaration | undefined => {
  const label = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  return label === undefined ? undefined : { by: "the content type", label, charset: charsetOf(label) };
});

/** The encoding of the XML declaration, which is readable before the charset is known: XML 1.0, appendix F. */
function xmlEncoding(head: string): Declaration | undefined {
  if (!head.includes("<")) return undefined;
  const by = "the XML declaration";
  if (head.startsWith("<\0?\0")) return { by, label: "utf-16le", charset: "utf-16le" };
  if (head.startsWith("\0<\0?")) return { by, label: "utf-16be", charset: "utf-16be" };
  const label = /^(?:\xEF\xBB\xBF)?\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']/.exec(head)?.[1];
  return label === undefined ? undefined : { by, label, charset: charsetOf(label) };
}

function isUtf16({ charset }: Declaration): boolean {
  return charset === "utf-16le" || charset === "utf-16be";
}

function charsetOf(label: string): string | undefined {
  // This label names both byte orders: the byte order mark or the first bytes tell which.
  if (/^utf-16$/i.test(label)) return "utf-16";
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

function agree(one: string | undefined, other: string): boolean {
  return one === other || (one === "utf-16" && other.startsWith("utf-16"));
}

/** Which byte does not fit, in words. */
function misfit(bytes: Buffer, charset: string): string {
  if (charset !== "utf-8") return `the bytes are not ${charset}`;
  const at = firstNotUtf8(bytes);
  return `byte ${hexByte(bytes[at])} at offset ${at} is not UTF-8`;
}

function isMultibyteUtf8(bytes: Buffer): boolean {
  return bytes.some((byte) => byte > 0x7f) && decode(bytes, "utf-8") !== undefined;
}
