import { elementNames, elementRule, parentsOf, schemaWarning } from "../../twiml/grammar.ts";
import codes from "./debugger-codes.json" with { type: "json" };
import { errorPage, type Page, type PageRow, page } from "./page.ts";
import { texts, valuesOf } from "./twiml-elements.ts";

/** A place in TwiML where a mistake ends in a code. */
interface Place {
  /** What the mistake is. */
  readonly fault: string;
  readonly rule: string;
  /** What is taken there. */
  readonly taken: string;
  readonly element: string;
}

/** Where a mistake in TwiML ends in a code: the places by the code and their names. */
function placesByCode(): ReadonlyMap<number, ReadonlyMap<string, Place>> {
  const places = new Map<number, Map<string, Place>>();
  const put = (code: number | undefined, name: string, place: Place): void => {
    if (code === undefined || code === schemaWarning) return;
    places.set(code, (places.get(code) ?? new Map()).set(name, place));
  };
  for (const element of elementNames) {
    for (const parent of ["", ...parentsOf(element)]) {
      const rule = elementRule(element, parent);
      if (rule === undefined) continue;
      const tag = `<${element}>`;
      const empty = { fault: `nothing in ${tag}`, rule: "twiml-empty", taken: "must not be empty", element } as const;
      put(rule.emptyCode, tag, empty);
      const children = rule.children.map((child) => `<${child}>`).join(", ");
      const nested = { fault: `an element that does not belong in ${tag}`, rule: "twiml-nesting", element } as const;
      put(rule.nestingCode, `in ${tag}`, { ...nested, taken: children });
      const wrong = { rule: "twiml-value", element } as const;
      if (rule.text !== undefined) {
        const fault = `a wrong text of ${tag}`;
        put(rule.textCode, `the text of ${tag}`, { ...wrong, fault, taken: texts[rule.text] });
      }
      for (const [name, attribute] of rule.attributes) {
        const fault = `a value that ${name} does not take`;
        put(attribute.code, `${name} of ${tag}`, { ...wrong, fault, taken: valuesOf(attribute) });
      }
    }
  }
  return places;
}

/**
 * A page for each code of the Debugger: those that voice events meet, and those that a mistake in TwiML ends in. The
 * meaning of the former is that of twilio.com/docs/api/errors/<code>; of the 9xxxx codes, what becomes of the event is in
 * twilio.com/docs/events/event-delivery-and-duplication.
 */
export function codePages(): readonly Page[] {
  const places = placesByCode();
  const known = codes as unknown as Readonly<Record<string, PageRow>>;
  const all = new Set([...Object.keys(known).map(Number), ...places.keys()]);
  return [...all]
    .sort((one, other) => one - other)
    .map((code) => codePage(code, places.get(code) ?? new Map(), known[code]));
}

function codePage(code: number, places: ReadonlyMap<string, Place>, known: Partial<PageRow> = {}): Page {
  const all = [...places.values()];
  return page({
    says: [...new Set(all.map(({ fault }) => fault))].join(", "),
    ...known,
    name: String(code),
    facts: [...(known.facts ?? []), ...[...places].map(([name, { taken }]) => [name, taken] as const)],
    see: [...new Set([known.see ?? [], all.map(({ rule }) => rule), all.map(({ element }) => element)].flat())],
    links: [errorPage(code)],
  });
}
