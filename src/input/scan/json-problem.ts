/**
 * Text that has an event's words where JSON would have them, in any quoting: of strings in strings, each of which doubles
 * the backslashes, at most seven. Without a bound, a word again and again would be looked through from each on.
 */
const eventWords =
  /(?:specversion|datacontenttype|dataschema)['"\\\w]{0,128}\s*(?::|=>|=)|type['"\\\w]{0,128}\s*(?::|=>|=)\s*[\\'"]*(?:x22)?com\.twilio\./g;

/** Where in the text an event seems to be spelled: the indexes of its words. */
export function eventLooks(text: string): number[] {
  if (!text.includes("com.twilio.") && !text.includes("specversion") && !text.includes("data")) return [];
  return Array.from(text.matchAll(eventWords), (match) => match.index);
}

const inspected = /(?:^|[{,\s])(?:type|specversion|dataschema): (?:'|`|\[)/;

/** Whether the text is an event as `console.log` prints an object. */
export const isInspected = (text: string): boolean => inspected.test(text);

interface Suspect {
  readonly pattern: RegExp;
  readonly says: string;
}

/** How objects look when something else than JSON.stringify printed them. Add a printer here. */
const printers: readonly Suspect[] = [
  {
    pattern: inspected,
    says: "this is console.log of an object (util.inspect), not JSON: log JSON.stringify(event) instead",
  },
  {
    pattern: /'(?:type|specversion|dataschema)':/,
    says: "this is a Python dict, not JSON: log json.dumps(event) instead",
  },
  { pattern: /"(?:type|specversion)"\s*=>/, says: "this is a Ruby hash, not JSON: log event.to_json instead" },
  {
    pattern: /map\[[\s\S]*?\b(?:type|specversion|dataschema):/,
    says: "this is a Go map, not JSON: log the output of json.Marshal instead",
  },
];

/** Why the text is not JSON, in words: the printer that wrote it where that shows, else the scanner's own words. */
export function describeFault(region: string, problem: string): string {
  return printers.find((printer) => printer.pattern.test(region))?.says ?? problem;
}
