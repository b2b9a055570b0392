/** The auth tokens of a text, the primary one first; or why it holds none that can be used, in words that tell no token. */
export type ParsedTokens = { readonly tokens: readonly string[] } | { readonly problem: string };

/** The primary one, and while it is being rotated the secondary one. */
const MOST = 2;

/**
 * The tokens of a text that separates them by commas or line ends, white space around them and empty lines left out;
 * `separator` says by which. Reports what is empty, has a blank inside, or is more than two.
 */
export function parseTokens(text: string, separator: "comma" | "line"): ParsedTokens {
  const parts = text.split(separator === "comma" ? "," : /\r\n?|\n/).map((part) => part.trim());
  const tokens = separator === "line" ? parts.filter((part) => part !== "") : parts;
  if (tokens.every((token) => token === "")) return { problem: "it holds no token" };
  if (tokens.includes("")) return { problem: "there is no token beside the comma" };
  if (tokens.some((token) => /\s/u.test(token))) {
    const way = separator === "comma" ? "separate two by a comma" : "write one a line";
    return { problem: `a token has no white space in it; ${way}` };
  }
  if (tokens.length > MOST)
    return { problem: `it holds ${tokens.length} tokens; give the primary one, and the secondary one` };
  return { tokens };
}
