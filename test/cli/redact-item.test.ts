import { expect, test } from "vitest";
import { type FormatName, formats, openRenderer } from "../../src/output/formats/index.ts";
import { payloads, pipe, places } from "../output/hostile.ts";
import { toItem } from "../output/item-data.ts";
import { redactorOf } from "../redact/support.ts";

/**
 * What the program or its user says: the rule, its severity, a title, the pages of `explain`; tables are of the catalogue
 * alone. What a report has as evidence was redacted when it was made.
 */
const own =
  /^(?:table|finding rule|call finding on a line|calls rule|coverage|calls coverage|signatures? (?:coverage|note|change)|call clock|source input|stray input|step source|call finding source|signature source|body note|page |change source|report (?:title|input|rule)|evidence )/;

const names = Object.keys(formats) as FormatName[];

test.each(Object.entries(places).filter(([where]) => !own.test(where)))(
  "nothing that is in the %s is shown",
  async (_, place) => {
    const redactor = redactorOf();
    for (const text of ["Alice-Q9", "+14155550199", "sip:Alice-Q9@example.org", "Alice-Q9@example.org", "{Alice-Q9"]) {
      for (const name of names) {
        const renderer = await openRenderer(name, { ...pipe, verbose: true });
        const shown = renderer.render(toItem(place(text)).redacted(redactor)) + renderer.end();
        expect(shown, name).not.toMatch(/Alice|5550199|example\.org/);
      }
    }
  },
);

test.each(Object.entries(places))("hostile text in the %s is taken in its stride", (_, place) => {
  const redactor = redactorOf();
  for (const payload of Object.values(payloads))
    expect(() => toItem(place(payload)).redacted(redactor).json?.()).not.toThrow();
});
