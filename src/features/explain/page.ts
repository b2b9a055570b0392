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
  readonly example: Example | undefined;
  /** Names of other pages. */
  readonly see: readonly string[];
  /** Where to read on. */
  readonly links: readonly string[];
}

export type Fact = readonly [name: string, value: string];

/** A finding of a rule, in a sample of ours. */
interface Example {
  /** The sample and the place in it. */
  readonly at: string;
  readonly message: string;
  readonly pointer?: string;
  readonly value?: string;
}

/** A page of which only some is told: a row of a data file, or part of one. */
export type PageRow = Pick<Page, "name" | "says"> & Partial<Page>;

/** The page of a row. */
export const page = (row: PageRow): Page => ({
  ...{ aliases: [], text: [], facts: [], example: undefined, see: [], links: [] },
  ...row,
});

/** The page of a Debugger code. */
export const errorPage = (code: number | string): string => `https://www.twilio.com/docs/api/errors/${code}`;
