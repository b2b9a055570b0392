import type { Html } from "../escape.ts";
import type { LocatedFinding } from "../located-finding.ts";
import { html, own } from "./markup.ts";

type Severity = LocatedFinding["severity"];

const signs = {
  error: html`&#10006;&#65038;`,
  warning: html`&#9650;&#65038;`,
  info: html`&#8505;&#65038;`,
} as const satisfies Record<Severity, Html>;

/** Sign and word of a severity: colour never says it alone. */
export function signOf(severity: Severity): Html {
  return html`<span class="sign ${own(severity)}"><span aria-hidden="true">${signs[severity]}</span> ${own(severity)}</span>`;
}

/** The sign alone, with its word for who cannot see it. */
export function markOf(severity: Severity | undefined): Html {
  if (severity === undefined) return html`<span></span>`;
  return html`<span class="${own(severity)}" role="img" aria-label="${own(severity)}">${signs[severity]}</span>`;
}
