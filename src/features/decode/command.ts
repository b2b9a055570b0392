import { Command } from "@commander-js/extra-typings";
import type { Context } from "../../cli/context.ts";
import { addExitOptions, exitCodeOf } from "../../cli/exit-code.ts";
import { addEventInputs, toFilter } from "../../cli/filters.ts";
import { addOutputOptions, examples, formatOption, toSources } from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { startReading } from "../../cli/read-events.ts";
import { addSharedRedactOptions } from "../../cli/redact-options.ts";
import { UsageError } from "../../errors.ts";
import { bodyItem } from "../../findings/body-item.ts";
import type { Finding } from "../../findings/finding.ts";
import { toLocatedBody } from "../../findings/locate-body.ts";
import { createRunStats } from "../../findings/run-stats.ts";
import { applySettings, type FoundEvent } from "../../findings/select-events.ts";
import { summaryItem } from "../../findings/summary-item.ts";
import { type ValidatedBody, validateBareBody, validateBody } from "../../findings/validate-event.ts";
import { isBase64 } from "../../input/base64.ts";
import { takeOut } from "../../input/sources.ts";
import { escapeText, safe } from "../../output/escape.ts";
import { decodeBody, decodeText } from "../../twiml/decode/decode-body.ts";
import { fileNameOf, openFolder } from "./extract-files.ts";

/** `decode`: what the customer's server answered, readable, with what is wrong with it at its lines. */
export function decodeCommand({ io, exit }: Context) {
  const description = "Show what your server answered: the response body of each event, decoded, indented and judged.";
  const base = addEventInputs(new Command("decode").description(description));
  return addExitOptions(addSharedRedactOptions(addOutputOptions(base)))
    .addOption(formatOption("pretty", "compact", "json", "ndjson", "github", "sarif", "junit", "markdown"))
    .option("--raw", "write the exact bytes of the one body that there is")
    .option("--force", "let --raw write to a terminal")
    .option("--extract <dir>", "write each body to a file there, named after the SIDs of its event")
    .addHelpText(
      "after",
      examples([
        ["twilio-events decode capture.json", "the answers in a file of events"],
        ["twilio-events decode PD94bWwgdmVyc2lvbj0…", "one responseBody, pasted"],
        ["curl -s https://example.com/voice | twilio-events decode", "TwiML by itself"],
        ["twilio-events decode --call CA… app.log", "the answers in one call"],
        ["twilio-events decode -f markdown --call CA… app.log", "for a ticket or a pull request"],
        ["twilio-events decode --limit 1 --raw app.log > answer.xml", "the exact bytes"],
      ]),
    )
    .action(async (names, options, command) => {
      if (options.raw && io.stdout.isTerminal && !options.force && options.output === undefined) {
        throw new UsageError("--raw writes bytes as they are, which may act on a terminal; add > FILE, or --force");
      }
      if (options.redact && (options.raw || options.extract !== undefined)) {
        throw new UsageError(`${options.raw ? "--raw" : "--extract"} writes bytes as they are; leave out --redact`);
      }
      const given = names.length === 1 && names[0] !== undefined ? bareKind(names[0]) : undefined;
      const sources = given ? [] : await toSources(names, io, command);
      const argument = given === undefined ? [] : [{ name: "argument", text: names[0] ?? "" }];
      const { taken, rest } = await takeOut(sources, (text) => bareKind(text) !== undefined);
      const bare = [...argument, ...taken];
      const result = await openResult(io, { ...options, verbose: true }, sources);
      const folder = options.extract === undefined ? undefined : await openFolder(options.extract);
      const reading = startReading(io, rest, toFilter(options, io.now()));
      const score = createRunStats();
      let raw: Buffer | undefined;
      let bodies = 0;

      async function take(judged: ValidatedBody, read: FoundEvent | undefined, name: string): Promise<void> {
        bodies++;
        const findings: readonly Finding[] = applySettings(judged.findings, options.rule);
        if (options.raw) {
          if (raw)
            throw new UsageError("--raw writes one body and there are more; choose one by --call, --type or --limit 1");
          raw = judged.body.bytes;
          return;
        }
        if (read) score.event(read.event, findings);
        else score.other(findings);
        if (folder)
          await folder.write(read ? fileNameOf(read, judged.body, bodies) : `body-${bodies}.xml`, judged.body.bytes);
        else result.add(bodyItem(toLocatedBody(judged, findings, read ?? { name })));
      }

      for (const { name, text } of bare) {
        const body = bareKind(text) === "xml" ? decodeText(text, undefined) : decodeBody(text.trim(), undefined);
        await take(validateBareBody(body), undefined, name);
      }
      for await (const batch of reading.batches()) {
        for (const item of batch) {
          const judged = item.kind === "event" ? validateBody(item.event) : undefined;
          if (item.kind === "event" && judged) await take(judged, item, "");
        }
        await result.flush();
      }
      if (options.raw) {
        if (raw) await result.write(raw);
        else throw new UsageError("--raw: no event with a response body was found");
      } else if (bodies > 0 && !folder) {
        result.add(
          summaryItem({
            subject: "bodies",
            summary: score.summary(reading.tally),
            coverage: bare.length > 0 ? "" : reading.coverage(),
            isCutShort: reading.isCutShort(),
          }),
        );
      }
      await result.end();
      if (folder) await io.stderr.write(safe`${bodies} bodies written to ${escapeText(options.extract ?? "")}\n`);
      if (bare.length === 0)
        await reading.report(options.format === "pretty" && result.isOnStdout && bodies > 0 && !options.raw);
      if (reading.tally.passed > 0 && bodies === 0) {
        await io.stderr.write("twilio-events: none of the events has a response body\n");
      }
      const read = reading.exitCode(options.allowEmpty === true || bare.length > 0);
      exit(exitCodeOf(read, score.summary(reading.tally), options));
    });
}

/**
 * A body given by itself, as base64 or XML: its judged form, or undefined where the text is neither. What decodes to
 * JSON or gzip is left to be searched for events.
 */
function bareKind(text: string): "base64" | "xml" | undefined {
  const start = text.trimStart();
  if (start.startsWith("<")) return "xml";
  if (start.length < 8 || !isBase64(start)) return undefined;
  const decoded = Buffer.from(start.slice(0, 64), "base64").toString("latin1").trimStart();
  return decoded.startsWith("<") ? "base64" : undefined;
}
