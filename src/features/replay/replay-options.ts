import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { takesTokens } from "../../cli/auth-tokens.ts";
import { readsEvents } from "../../cli/filters.ts";
import { examples, formatOption, type OptionsOf, printsResult, toCount } from "../../cli/options.ts";
import { toSeed } from "../../cli/random.ts";
import { redactsOutput } from "../../cli/redact-options.ts";
import { UsageError } from "../../errors.ts";

/** The command line of `replay`. */
export function declareReplay() {
  const base = readsEvents(
    new Command("replay").description("Deliver recorded events again: records byte for byte, events as found."),
  );
  return takesTokens(redactsOutput(printsResult(base)))
    .requiredOption("--to <url>", "where to send them, as in http://127.0.0.1:3000/events")
    .option("--anywhere", "let --to name another machine")
    .option("--speed <n>", "so many times as fast as recorded; max for no gaps", toSpeed, 1)
    .option("--shuffle", "change the order, within 1,000 deliveries")
    .option("--duplicate <share>", "send this share twice, as in 0.1 or 10%", toShare("--duplicate"), 0)
    .option("--drop <share>", "leave this share out", toShare("--drop"), 0)
    .option("--seed <n>", "another seed shuffles, repeats and drops others", toSeed, 1)
    .option("--batch <n>", "so many events in an array; records stay as they are", toCount, 1)
    .option("--concurrency <n>", "so many deliveries at once; more than 1 gives up their order", toConcurrency, 1)
    .option("--dry-run", "print the deliveries, and send nothing")
    .option("--allow-empty", "exit 0 when there is nothing to send")
    .addOption(
      formatOption()
        .choices(["pretty", "json"] as const)
        .default("pretty" as const),
    )
    .addHelpText(
      "after",
      examples([
        ["twilio-events replay record.ndjson --to http://127.0.0.1:3000/events", "what listen recorded, in its gaps"],
        ["twilio-events replay --speed max --call CA… app.log --to http://127.0.0.1:3000/", "one call, at once"],
        ["twilio-events replay --shuffle --duplicate 10% . --to http://127.0.0.1:3000/", "does it bear disorder?"],
        ["twilio-events sample all | twilio-events replay --dry-run --to http://127.0.0.1:3000/", "what would be sent"],
      ]),
    );
}

export type ReplayOptions = OptionsOf<typeof declareReplay>;

function toSpeed(text: string): number {
  const speed = text === "max" ? Number.POSITIVE_INFINITY : Number(text);
  if (!(speed > 0) || text === "Infinity")
    throw new InvalidArgumentError("Give how many times as fast, as in 10, or max.");
  return speed;
}

function toConcurrency(text: string): number {
  const most = 256;
  const count = toCount(text);
  if (count > most) throw new InvalidArgumentError(`It is more than ${most}.`);
  return count;
}

/** A share of all: a number from 0 to 1, or a percentage. */
function toShare(option: string): (text: string) => number {
  return (text) => {
    const [, number, percent] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text) ?? [];
    const share = Number(number) / (percent === "%" ? 100 : 1);
    if (!(share <= 1)) throw new UsageError(`${option} ${text}: give a share of all, as in 0.1 or 10%`);
    return share;
  };
}
