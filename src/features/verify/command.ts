import { Command, Option } from "@commander-js/extra-typings";
import { addTokenOption, readTokens } from "../../cli/auth-tokens.ts";
import type { Context } from "../../cli/context.ts";
import { addOutputOptions, examples, formatOption, toSources, withSuggestions } from "../../cli/options.ts";
import { openResult } from "../../cli/output.ts";
import { startReading } from "../../cli/read-events.ts";
import { addSharedRedactOptions } from "../../cli/redact-options.ts";
import { ExitCode, UsageError } from "../../errors.ts";
import { eventItem, toLocatedFault } from "../../findings/event-item.ts";
import { rules } from "../../findings/rules.ts";
import { noFilter, type ReadStats } from "../../findings/select-events.ts";
import { count, formatBytes } from "../../output/count-text.ts";
import { escapeText, safe } from "../../output/escape.ts";
import { candidateUrls, splitUrl } from "../../webhook/signature/url-forms.ts";
import { checkRequest, type FoundRequest, findRequests, readRawRequests } from "./load-requests.ts";
import { requestFromOptions } from "./request-from-options.ts";
import { type CheckedRequest, signatureItem, signaturesItem } from "./signature-item.ts";

const notes = `
The auth token is read from TWILIO_AUTH_TOKEN: one, or the primary and the
secondary with a comma between. A signature that does not hold makes it exit 4.
`;

/** `verify`: whether the signatures of requests hold, and where one does not, why and what to do. */
export function verifyCommand({ io, exit }: Context) {
  const base = new Command("verify")
    .description("Check X-Twilio-Signature: of what listen recorded, of captured requests, or of one by hand.")
    .argument(
      "[input...]",
      "records, raw HTTP, HAR, ngrok, API Gateway, logs: file, folder, quoted glob, or - for standard input",
    )
    .option("--url <url>", "the URL as it stands at Twilio (default: by the request's own headers)", toUrl)
    .option("--signature <value>", "check one request by hand: its X-Twilio-Signature")
    .option("--body <file>", "its body, byte for byte, or - for standard input")
    .option("--content-type <type>", "its content type (default: by the look of the body)")
    .addOption(
      withSuggestions(
        new Option("--method <method>", "its method (default: POST where it has a body, else GET)"),
        () => ["GET", "POST"],
      ),
    );
  return addSharedRedactOptions(addOutputOptions(addTokenOption(base)))
    .addOption(formatOption("pretty", "compact", "json", "ndjson", "github", "sarif", "junit", "markdown"))
    .option("--allow-empty", "exit 0 when no request is found")
    .addHelpText(
      "after",
      `${notes}${examples([
        ["twilio-events verify requests.ndjson --url https://example.com/v", "what listen recorded"],
        ["twilio-events verify capture.har", "by the URLs in the capture"],
        ["twilio-events verify request.txt --auth-token-file ~/.twilio-token", "the token from a file"],
        ["twilio-events verify --url 'https://…' --signature 'RSOY…' --body f", "one request by hand"],
      ])}`,
    )
    .action(async (names, options, command) => {
      const byHand = await requestFromOptions(io, options, names.length > 0);
      const sources = byHand === undefined ? await toSources(names, io, command) : [];
      const tokens = await readTokens(io, options.authTokenFile);
      if (tokens.length === 0) {
        throw new UsageError(
          "no auth token is known: set TWILIO_AUTH_TOKEN, or name a file that only you can read with --auth-token-file",
        );
      }
      const result = await openResult(io, options, sources);
      const states: Record<CheckedRequest["state"], number> = { ok: 0, bad: 0, missing: 0, unverifiable: 0 };
      let requests = 0;

      function judge(found: FoundRequest): void {
        const { url, headers } = found.request;
        const urls = candidateUrls(options.url, found.isByHand ? "" : url, headers);
        const checked = checkRequest(found, urls, options.url === undefined, tokens);
        states[checked.state]++;
        requests++;
        result.add(signatureItem(checked));
      }

      const { found, rest, addTo } = await readRawRequests(sources);
      const reading = startReading(io, rest, noFilter, { take: findRequests });
      addTo(reading.tally);
      for (const each of byHand === undefined ? found : [byHand]) judge(each);
      for await (const batch of reading.batches()) {
        for (const item of batch) {
          if (item.kind === "taken") judge(item);
          else if (item.kind === "fault") result.add(eventItem(toLocatedFault(item, rules[item.rule].severity)));
        }
        await result.flush();
      }
      const { inputs, bytes, unreadable } = reading.tally;
      const coverage = byHand === undefined ? coverageOf(reading.tally, requests) : "";
      const summary = { inputs, bytes, requests, ...states, unreadable };
      result.add(signaturesItem({ summary, coverage, isCutShort: reading.isCutShort() }));
      await result.end();
      if (coverage !== "" && (options.format !== "pretty" || !result.isOnStdout)) {
        await io.stderr.write(safe`${escapeText(coverage)}\n`);
      }
      if (requests === 0 && inputs > unreadable) await io.stderr.write(`twilio-events: ${advice}\n`);
      const read = reading.exitCode(options.allowEmpty === true || requests > 0);
      exit(read === ExitCode.Done && states.ok < requests ? ExitCode.Signature : read);
    });
}

const advice =
  "no request found; give a record of listen, a capture with headers and body, or --url, --signature and --body";

function toUrl(text: string): string {
  const parts = splitUrl(text);
  if (parts !== undefined && parts.host !== "" && /^(?:https?|wss?)$/i.test(parts.scheme)) return text;
  throw new UsageError(`--url ${text}: give the whole URL as it stands at Twilio, as in https://example.com/voice`);
}

function coverageOf({ inputs, lines, bytes, barren, faults, unreadable }: ReadStats, requests: number): string {
  const parts = [`${count(requests, safe`request`)} found`];
  if (barren > 0) parts.push(`${count(barren, safe`record`)} without one of Twilio's`);
  if (faults > 0) parts.push(`${count(faults, safe`text`)} that could not be read`);
  if (unreadable > 0) parts.push(`${count(unreadable, safe`input`)} not read`);
  return `Read ${count(lines, safe`line`)} (${formatBytes(bytes)}) of ${count(inputs, safe`input`)}: ${parts.join(", ")}.`;
}
