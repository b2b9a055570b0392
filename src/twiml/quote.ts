/** Text of an answer as findings may quote it: trimmed, cut, passwords of URLs and SIP addresses masked. */
export function quoted(text: string, length = 200): string {
  const start = text.slice(0, 4 * length).trim();
  const masked = start.replace(
    /(sips?:|\/\/)?([^\s/:@"'<>]+):([^\s/@"'<>]+)@/gi,
    (all: string, scheme: string | undefined, user: string) =>
      // "sip:ann@" is a scheme and a user, not a user and a password.
      scheme === undefined && /^sips?$/i.test(user) ? all : `${scheme ?? ""}${user}:***@`,
  );
  return masked.length > length ? `${masked.slice(0, length)}…` : masked;
}

/** The character at the offset by itself where it is printable ASCII, by its code point otherwise. */
export function characterAt(text: string, offset: number): string {
  const code = text.codePointAt(offset) as number;
  if (code > 0x20 && code < 0x7f) return `"${String.fromCodePoint(code)}"`;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
