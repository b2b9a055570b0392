import { Command, Option } from "@commander-js/extra-typings";
import type { Context } from "../../cli/context.ts";
import { examples, failWithHelp, formatOption, printsResult } from "../../cli/options.ts";
import { openTarget } from "../../cli/output.ts";
import { ExitCode, UsageError } from "../../errors.ts";
import { eventTypes } from "../../events/catalog.ts";
import { takeOut } from "../../input/sources.ts";
import type { Io } from "../../io.ts";
import { type Mode, migrate } from "./run.ts";
import { mayList, readListing, scriptFor } from "./subscriptions.ts";
import { textInputs } from "./text-inputs.ts";

/** Each deprecated type of the catalogue, and what to subscribe to instead. */
const replacements: ReadonlyMap<string, string> = new Map(
  eventTypes.flatMap(({ type, replacement }) => (replacement === undefined ? [] : [[type, replacement] as const])),
);

/** `migrate`: deprecated types become their replacements; of a list of subscriptions, the commands that move them. */
export function migrateCommand({ io, exit }: Context) {
  return printsResult(
    new Command("migrate").description(
      "Rewrite deprecated event types in any text, every other byte as it was, or print the commands that move a subscription.",
    ),
  )
    .argument("[input...]", "file of any kind, folder, quoted glob, or - for standard input")
    .addOption(new Option("--in-place", "change the files, each in one step").conflicts(["check", "output"]))
    .option("--check", "list what would change, and exit 1 when there is anything")
    .option("--diff", "show what would change (at a terminal this is the default)")
    .option("--all", "in folders take every text file, not only .json, .jsonl, .ndjson and .log")
    .addOption(
      formatOption()
        .choices(["pretty", "compact", "json", "ndjson"] as const)
        .default("pretty" as const),
    )
    .addHelpText(
      "after",
      "\nWhat stands in base64 is told, not changed; 'extract' takes it out." +
        "\nA list of subscribed events or of subscriptions, as twilio-cli prints it with" +
        "\n-o json, is answered with the commands that move them; nothing is run.",
    )
    .addHelpText(
      "after",
      examples([
        ["twilio-events migrate fixtures/old.json > new.json", "one file, to standard output"],
        ["twilio-events migrate --diff --all src/", "what would change in your code"],
        ["twilio-events migrate --in-place --all src/ test/", "change it"],
        ["twilio-events migrate --check --all src/", "in CI: exit 1 when an old name is left"],
        ["twilio-events migrate subscribed-events.json", "the commands that move the subscriptions"],
      ]),
    )
    .action(async (names, options, command) => {
      if (names.length === 0 && io.stdin.isTerminal) failWithHelp(command);
      const inPlace = options.inPlace === true;
      if (inPlace && (names.length === 0 || names.includes("-"))) {
        throw new UsageError("--in-place changes files, and standard input is none; name the files, or leave it out");
      }
      const sources = await textInputs(names, io, options.all === true);
      const isAsked = inPlace || options.check === true || options.diff === true;
      const { taken, rest } = await takeOut(sources, mayList);
      const [first] = taken;
      if (first !== undefined) {
        if (isAsked || rest.length > 0) {
          const way = isAsked ? "leave out --in-place, --check and --diff" : "give it by itself";
          throw new UsageError(`${first.name} lists subscriptions, which is answered with commands; ${way}`);
        }
        return exit(await printCommands(io, taken, options.output));
      }
      const mode: Mode = inPlace ? "in-place" : options.check ? "check" : "print";
      const showsDiff = options.diff === true || (mode === "print" && io.stdout.isTerminal && !options.output);
      exit(await migrate(io, rest, replacements, { ...options, mode, showsDiff }));
    });
}

async function printCommands(
  io: Io,
  lists: readonly { readonly name: string; readonly text: string }[],
  output: string | undefined,
): Promise<ExitCode> {
  const target = await openTarget(io, output);
  try {
    for (const { name, text } of lists) {
      const listing = readListing(text);
      if (listing === undefined) throw new UsageError(`${name} begins like a list of subscriptions, but is not JSON`);
      const script = scriptFor(listing, replacements);
      if (script === undefined)
        await io.stderr.write("twilio-events: none of these types is deprecated; nothing to do\n");
      else await target.output.write(script);
    }
  } finally {
    await target.close();
  }
  return ExitCode.Done;
}
