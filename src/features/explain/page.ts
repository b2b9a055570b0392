/** What there is to know of one thing that has a name. */
export interface Page {
  /** As it is asked for: `call-open`, `com.twilio.voice.media.fetched`, `11200`, `Dial`. */
  readonly name: string;
  /** Other names that are as good. */
  readonly aliases: readonly string[];
  /** What it is, in one line. */
  readonly says: string;
  /** Why it happens and what to do, a paragraph each. */
  readonly text: readonly string[];
  /** What can be told in a word or two, by its name. */
  readonly facts: readonly Fact[];
  readonly example?: Example;
  /** Names of other pages. */
  readonly see: readonly string[];
  /** Where to read on. */
  readonly links: readonly string[];
}

export type Fact = readonly [name: string, value: string];

/** A finding of a rule, in a sample of ours. */
export interface Example {
  /** The sample and the place in it. */
  readonly at: string;
  readonly message: string;
  readonly pointer?: string;
  readonly value?: string;
}

/** A page of which only some is told. */
export function page({
  name,
  says,
  ...rest
}: Pick<Page, "name" | "says"> & { readonly [Key in keyof Page]?: Page[Key] | undefined }): Page {
  const { aliases = [], text = [], facts = [], example, see = [], links = [] } = rest;
  return { name, says, aliases, text, facts, see, links, ...(example && { example }) };
}

/** The page of a Debugger code. */
export const errorPage = (code: number | string): string => `https://www.twilio.com/docs/api/errors/${code}`;

/** A request for comments, or a section of it. */
export const rfc = (number: number, section?: string): string =>
  `https://www.rfc-editor.org/rfc/rfc${number}${section === undefined ? "" : `#section-${section}`}`;

/** The page of the Call resource that tells of status callbacks. */
export const callbacksPage = "https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent";

/** How Event Streams delivers. */
export const deliveryPage = "https://www.twilio.com/docs/events/event-delivery-and-duplication";

/** The page of the voice events, with the published example. */
export const eventsPage = "https://www.twilio.com/docs/events/event-types/voice/call-progress-event";

/** The names as a sentence has them: "a, b and c". */
export function several(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
