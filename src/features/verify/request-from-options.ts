import { readFile } from "node:fs/promises";
import { UsageError } from "../../errors.ts";
import { problemOf } from "../../input/sources.ts";
import type { Io } from "../../io.ts";
import { SIGNATURE_HEADER } from "../../webhook/signature/signature.ts";
import type { FoundRequest } from "./load-requests.ts";

/** The options that describe one request. */
interface HandOptions {
  readonly url?: string | undefined;
  readonly signature?: string | undefined;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  readonly method?: string | undefined;
}

/** The request that the options describe, its body byte for byte as in the file; undefined where they describe none. */
export async function requestFromOptions(
  io: Io,
  options: HandOptions,
  hasInput: boolean,
): Promise<FoundRequest | undefined> {
  const { url, signature, body: file, contentType, method } = options;
  if (signature === undefined) {
    const stray = [file && "--body", contentType && "--content-type", method && "--method"].find((each) => each);
    if (stray) throw new UsageError(`${stray} describes a request by hand, which needs --url and --signature as well`);
    return undefined;
  }
  if (url === undefined) throw new UsageError("--signature needs --url, the URL as it stands at Twilio");
  if (hasInput) throw new UsageError("--signature checks one request by hand; leave the inputs out, or the option");
  const body = file === undefined ? Buffer.alloc(0) : await readBody(io, file);
  const type = contentType ?? (body.length === 0 ? undefined : lookOf(body));
  return {
    kind: "taken",
    isByHand: true,
    request: {
      method: method?.toUpperCase() ?? (body.length > 0 ? "POST" : "GET"),
      url,
      headers: { ...(type !== undefined && { "content-type": type }), [SIGNATURE_HEADER]: signature },
      body,
      isRebuilt: false,
    },
    source: { input: file ?? "--signature", line: 1, column: 1, offset: 0, path: "" },
  };
}

/** What Twilio sends is a form or JSON. */
const lookOf = (body: Buffer): string =>
  /^\s*[[{]/.test(body.toString("latin1", 0, 1024)) ? "application/json" : "application/x-www-form-urlencoded";

async function readBody(io: Io, file: string): Promise<Buffer> {
  if (file === "-") {
    const chunks: Buffer[] = [];
    for await (const chunk of io.stdin.chunks) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`--body ${file}: ${problemOf(error)}`);
  }
}
