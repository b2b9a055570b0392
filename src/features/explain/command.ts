import { Argument, Command } from "@commander-js/extra-typings";
import type { Context } from "../../cli/context.ts";
import { addOutputOptions, examples, formatOption, withSuggestions } from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { UsageError } from "../../errors.ts";
import { briefType } from "../../events/event.ts";
import { type PageContent, type PageSection, pageItem } from "./page-item.ts";
import { allEntries, type Entry, groups, lookUp } from "./pages.ts";

/** `explain`: what a name means, why it happens and what to do; without a name, all that there is to explain. */
export function explainCommand({ io }: Context) {
  const description = "Explain a rule, event type, status, Debugger or SIP code, TwiML element or exit code.";
  return addOutputOptions(new Command("explain").description(description))
    .addArgument(
      withSuggestions(
        new Argument(
          "[name...]",
          "what to explain, whole or in short, as in call.completed; without it all names are listed",
        ),
        () => [...new Set(allEntries().map(({ page }) => page.name))],
      ),
    )
    .addOption(formatOption("pretty", "json", "markdown"))
    .addHelpText(
      "after",
      examples([
        ["twilio-events explain", "all names that are known"],
        ["twilio-events explain call-sequence-gap", "a rule, with an example"],
        ["twilio-events explain call.completed", "an event type, in short"],
        ["twilio-events explain 12200 91305", "codes of Twilio's Debugger"],
        ["twilio-events explain no-answer 487", "a call's status, and a SIP code"],
        ["twilio-events explain Gather", "a TwiML element: what it holds and takes"],
        ["twilio-events explain -f markdown schema", "for a ticket"],
      ]),
    )
    .action(async (names, options) => {
      const entries = allEntries();
      const pages = names.flatMap((name) => named(name, entries));
      const result = await openResult(io, options);
      if (names.length === 0) result.add(pageItem(toIndex(entries)));
      for (const entry of pages) result.add(pageItem(toContent(entry)));
      await result.end();
    });
}

/** The pages of the name. Throws a UsageError that says what it could be, where it is none or not the only one. */
function named(name: string, entries: readonly Entry[]): readonly Entry[] {
  const found = lookUp(name, entries);
  if (found.kind === "found") return found.entries;
  if (found.kind === "several") throw new UsageError(`'${name}' could be ${found.names.join(", ")}; give more of it`);
  const hint =
    found.nearest === undefined ? "'twilio-events explain' lists all names" : `did you mean ${found.nearest}?`;
  throw new UsageError(`nothing is known of '${name}'; ${hint}`);
}

function toContent({ of, page }: Entry): PageContent {
  const { name, says, text, facts, example, see, links } = page;
  const sections: PageSection[] = [{ form: "text", paragraphs: [says] }];
  if (text.length > 0) sections.push({ form: "text", heading: "Why, and what to do", paragraphs: text });
  if (facts.length > 0) sections.push({ form: "terms", heading: "Facts", terms: facts });
  if (example !== undefined) {
    const { at, message, pointer, value } = example;
    const found = value === undefined ? [] : [pointer === undefined ? "found" : "=", value];
    const where = [pointer, ...found].filter((part) => part !== undefined && part !== "").join(" ");
    const lines = [message, where, at].filter((line) => line !== "");
    sections.push({ form: "lines", heading: "Example", lines });
  }
  if (see.length > 0) sections.push({ form: "text", heading: "See also", paragraphs: [see.join(", ")] });
  if (links.length > 0) sections.push({ form: "lines", heading: "Read on", lines: links });
  const value = { name, about: of, says, text, facts: Object.fromEntries(facts), example, see, links };
  return { title: name, about: of, sections, value };
}

function toIndex(entries: readonly Entry[]): PageContent {
  const all = groups.map(({ of, title }) => ({
    title,
    names: entries.flatMap((entry) => (entry.of === of ? [{ name: entry.page.name, says: entry.page.says }] : [])),
  }));
  return {
    title: "What can be explained",
    about: "",
    sections: all.map(({ title, names }) => ({
      form: "terms",
      heading: title,
      terms: names.map(({ name, says }) => [briefType(name), says] as const),
    })),
    value: { groups: all },
  };
}
