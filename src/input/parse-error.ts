import { advance, finishScan, isDone, isFailed, startScan } from "./scan/json-scan.ts";

/** The first place where the text stops being one JSON value (RFC 8259), and why; undefined when it is one. */
export function findParseError(text: string): { readonly index: number; readonly problem: string } | undefined {
  const scan = startScan();
  let index = advance(scan, text, 0);
  if (!isDone(scan)) finishScan(scan);
  if (isFailed(scan)) {
    const isEmpty = text.trim() === "";
    return { index, problem: isEmpty ? "the file is empty" : scan.problem };
  }
  while (index < text.length && /[ \t\r\n]/.test(text.charAt(index))) index++;
  if (index === text.length) return undefined;
  return { index, problem: "more text stands behind the JSON value" };
}
