/** The same JSON text on one line: white space between tokens goes, everything else stays byte for byte. */
export function minifyJson(text: string): string {
  if (!/[\n\r]/.test(text)) return text;
  let compact = "";
  let start = 0;
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === 0x22) {
      index++;
      while (text.charCodeAt(index) !== 0x22) index += text.charCodeAt(index) === 0x5c ? 2 : 1;
      index++;
    } else if (code <= 0x20) {
      compact += text.slice(start, index);
      while (text.charCodeAt(index) <= 0x20) index++;
      start = index;
    } else {
      index++;
    }
  }
  return compact + text.slice(start);
}
