/** The characters 0x80 to 0x9F; the others are those of ISO 8859-1. The decoder of Node 20 leaves these as controls. */
const highCharacters = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** Any bytes as windows-1252, which has a character for each (Encoding Standard, section 9). */
export function decodeWindows1252(bytes: Buffer): string {
  return bytes
    .toString("latin1")
    .replace(/[\u0080-\u009f]/g, (control) => highCharacters.charAt(control.charCodeAt(0) - 0x80));
}
