import { createHash } from "node:crypto";
import type { Html, Raw } from "../escape.ts";
import { html, text } from "./markup.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";

/** The hash by which a Content Security Policy lets an element's text in (CSP level 3, 2.3.1). */
const hashOf = (content: string): string => `'sha256-${createHash("sha256").update(content).digest("base64")}'`;

/** Nothing may be loaded, sent or framed; of styles and scripts only these two count, whatever else would get in. */
const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ") as Html;

/**
 * The beginning of the document: what the browser must know before anything else comes. It is HTML that is well-formed
 * XML as well but for the text of style and script, so that a strict parser can tell what elements there are.
 */
export function pageStart(title: Raw): Html {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${policy}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="referrer" content="no-referrer"/>
<meta name="color-scheme" content="light dark"/>
<meta name="robots" content="noindex"/>
<title>${text(title)}</title>
<style>${style as Html}</style>
</head>
<body>
`;
}

/** The end of the document; the script comes last, when all that it looks for is there. */
export const pageEnd: Html = html`<script>${script as Html}</script>
</body>
</html>
`;
