import { Command, Option } from "@commander-js/extra-typings";
import type { Context } from "../../cli/context.ts";
import { addEventInputs, toFilter } from "../../cli/filters.ts";
import { examples, toSources } from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { startReading } from "../../cli/read-events.ts";
import { addRedactKeyOption, redactModes } from "../../cli/redact-options.ts";
import { eventText } from "../../input/event-text.ts";
import { escapeJson } from "../../output/escape.ts";
import { documentItem } from "../../output/table-item.ts";
import { createRecordFinder } from "../../webhook/record-reader.ts";
import { toRecordLine } from "../../webhook/webhook-request.ts";
import { redactRecord } from "./redact-record.ts";

const NOTES = `
What is replaced:
  numbers, SIP users, clients   a pseudonym: +1·ph_…, sip:u_…@h_…, client:u_…
  names, places, IPs, SIDs      a pseudonym: name_…, place_…, ip_…, CA_…
  what is said, typed, keyed    its length: [text:37], [digits:4]
  custom headers, parameters    [dropped]
  URLs                          the host and known words of the path stay
  fields that are not known     what they look like, else [text:37]
  bodies that cannot be read    [unparsed 512 bytes]
In TwiML, JSON, forms, URLs and base64 too, in any nesting. A record of listen
comes out as one, without X-Twilio-Signature, which no longer holds.

Not anonymous: times, durations, statuses and the shape of calls stay, and who
knows of a call can find it by them. Judge events before they are redacted:
validate and decode take --redact to hide people in what they show.`;

/** `redact`: the same events, each on one line, with people replaced by pseudonyms. */
export function redactCommand({ io, exit }: Context) {
  const description = "Print the same events with people's data replaced by stable pseudonyms, one per line (NDJSON).";
  return addRedactKeyOption(addEventInputs(new Command("redact").description(description)))
    .addOption(
      new Option("--mode <name>", "partial: numbers by country code and last two digits; full: nothing joins")
        .choices(redactModes)
        .default("hash" as const),
    )
    .option("-o, --output <file>", "write the events there instead of to standard output")
    .option("--allow-empty", "exit 0 when no event is found")
    .addHelpText("after", NOTES)
    .addHelpText(
      "after",
      examples([
        ["twilio-events redact app.log > shareable.ndjson", "for a ticket"],
        ["twilio-events redact --call CA… app.log | twilio-events timeline", "one call, of nobody"],
        ["twilio-events redact --redact-key team.key monday.log", "the same people have the same"],
        ["twilio-events redact --redact-key team.key tuesday.log", "pseudonyms on both days"],
        ["twilio-events redact night.ndjson -o night.redacted.ndjson", "a record of listen"],
      ]),
    )
    .action(async (names, options, command) => {
      const sources = await toSources(names, io, command);
      const { mode: redact, ...others } = options;
      const result = await openResult(io, { ...others, redact, format: "ndjson", color: "never" }, sources);
      const { redactor } = result;
      if (redactor === undefined) throw new Error("a mode is always given");
      const filter = toFilter(options, io.now());
      const reading = startReading(io, sources, filter, { take: createRecordFinder(filter) });
      for await (const batch of reading.batches()) {
        for (const item of batch) {
          if (item.kind === "event") result.add(documentItem(eventText(item.found)));
          else if (item.kind === "taken") {
            const line = toRecordLine(redactRecord(item.request, redactor));
            result.append(escapeJson(line.toString("utf8")));
          }
        }
        await result.flush();
      }
      await result.end();
      await reading.report();
      exit(reading.exitCode(options.allowEmpty === true));
    });
}
