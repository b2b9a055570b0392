import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { takesTokens } from "../../cli/auth-tokens.ts";
import type { Context } from "../../cli/commands.ts";
import { examples, filtersEvents, formatOption, printsResult, toCount, toTimeZone } from "../../cli/options.ts";
import { redactsOutput } from "../../cli/redact-options.ts";
import { setsRules, toSeconds } from "../../cli/severity-options.ts";
import { UsageError } from "../../errors.ts";
import { listen } from "./run.ts";

/** `listen`: takes webhooks on a local port, records them before they are answered, shows and forwards them. */
export function listenCommand({ io, exit }: Context) {
  const receiving = new Command("listen")
    .description("Take webhooks on a local port: record each before it is answered, judge it, show it, hand it on.")
    .option("--host <address>", "the address to listen at", "127.0.0.1")
    .option("--port <n>", "the port; 0 for any that is free", toPort, 4319)
    .option("--path <path>", "take only this path (default: any)", toPath, "/")
    .option("--get", "take GET too, with its parameters in the query")
    .option("--public-url <url>", "the URL that Twilio calls, for signatures behind a tunnel or proxy", toPublicUrl)
    .option("--allow-host <name>", "take requests for this host too (repeatable)", toHosts, [])
    .option("--max-body <size>", "turn away larger bodies", toSize, 4 * 1024 * 1024);
  const answering = takesTokens(receiving)
    .option("--record <file>", "keep each request there, on disk before it is answered; every command reads it")
    .option("--keep-duplicates", "record an event that is delivered again, too")
    .option("--require-signature", "exit 4 when a signature is missing or does not hold")
    .addOption(
      new Option(
        "--reject [code]",
        "answer what is not JSON with 400 and a bad signature with 403, or both with this code; Twilio drops what gets a 4xx",
      ).argParser(toStatus),
    )
    .option("--respond <code>", "answer what was taken with this code", toStatus, 204)
    .option(
      "--respond-delay <seconds>",
      "and so much later, to see what a slow answer does",
      toSeconds("--respond-delay"),
    )
    .option("--forward-to <url>", "hand each request on to your app, in the order of its call")
    .option("--forward-anywhere", "let --forward-to name another machine")
    .option("--max-events <n>", "end after so many events", toCount);
  return setsRules(filtersEvents(redactsOutput(printsResult(answering))))
    .addOption(
      formatOption()
        .choices(["pretty", "compact", "ndjson"] as const)
        .default("pretty" as const),
    )
    .option("-v, --verbose", "show infos too, and every finding whole")
    .option("--calls", "show each call whole when it has ended")
    .option("--slow <seconds>", "report responses slower than this", toSeconds("--slow"), 5)
    .option("--tz <zone>", "show times in UTC, local or a zone such as Europe/Berlin", toTimeZone, "UTC")
    .addHelpText(
      "after",
      examples([
        ["twilio-events listen", "show what comes to http://127.0.0.1:4319/"],
        ["twilio-events listen --record night.ndjson", "and keep it, safe from kill -9"],
        ["twilio-events listen --public-url https://abc.example.com/hooks", "behind a tunnel: signatures are checked"],
        ["twilio-events listen --forward-to http://127.0.0.1:3000/hooks", "your app gets each request as it came"],
        ["twilio-events listen --calls", "a chart of each call when it ends"],
        ["twilio-events listen -f ndjson | jq .event.type", "one JSON object an event"],
        ["twilio-events timeline night.ndjson", "afterwards: the calls in the record"],
      ]),
    )
    .action(async (options) => exit(await listen(io, options)));
}

function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("It is not a port, 0 to 65535.");
  return port;
}

function toPath(text: string): string {
  if (!/^\/[^?#\s]*$/.test(text)) throw new InvalidArgumentError("It is not a path, as in /hooks.");
  return text;
}

function toStatus(text: string): number {
  const status = Number(text);
  if (!/^[2-5]\d\d$/.test(text)) throw new InvalidArgumentError("It is not a status from 200 to 599.");
  return status;
}

function toPublicUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw new UsageError(`--public-url ${text}: give the whole URL, as in https://abc.example.com/hooks`);
  }
  return url;
}

function toHosts(text: string, before: readonly string[]): readonly string[] {
  const url = URL.canParse(`http://${text}`) ? new URL(`http://${text}`) : undefined;
  if (url === undefined || url.pathname !== "/" || url.username !== "") {
    throw new UsageError(`--allow-host ${text}: give a name or an address alone, as in abc.example.com`);
  }
  return [...before, url.hostname];
}

/** As base64 it still fits a record of 16 MiB. */
const MAX_BODY_BYTES = 8 * 1024 ** 2;

const units = { "": 1, k: 1024, m: 1024 ** 2 } as const;

/** A size in bytes, as in 500kb or 4mb; what does not fit a record is not taken. */
function toSize(text: string): number {
  const [, amount, unit = ""] = /^(\d+)([km]?)b?$/i.exec(text) ?? [];
  const size = Number(amount) * units[unit.toLowerCase() as keyof typeof units];
  if (!(size >= 1024 && size <= MAX_BODY_BYTES)) {
    throw new UsageError(`--max-body ${text}: give a size from 1kb to 8mb`);
  }
  return size;
}
