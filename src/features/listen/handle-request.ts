import { setTimeout as pause } from "node:timers/promises";
import { reasonOf } from "../../errors.ts";
import type { Journal } from "../../webhook/journal/journal.ts";
import type { RejectedRequest, WebhookResponse } from "../../webhook/server.ts";
import {
  deliveryIds,
  isForm,
  parseJson,
  type RecordedRequest,
  type SignatureState,
  toRecordLine,
  type WebhookRequest,
} from "../../webhook/webhook-request.ts";
import type { RecentIds } from "./recent-ids.ts";

/** What became of a request. `again` is a second delivery; `lost` could not be recorded, so that its sender has to try again. */
export type RequestOutcome = "taken" | "again" | "rejected" | "lost";

/** A request with its answer, for whoever shows it. */
export interface ReceivedRequest {
  readonly request: RecordedRequest;
  readonly outcome: RequestOutcome;
  /** The status it was answered with. */
  readonly answer: number;
  /** Its line in the record and where that begins there; absent where it was not recorded. */
  readonly line?: Buffer;
  readonly offset?: number;
  /** Why it was rejected or lost. */
  readonly reason?: string;
}

/** What is kept of requests. */
interface RequestRecord {
  /** The record; without one requests are only shown. */
  readonly journal?: Pick<Journal, "append"> | undefined;
  /** Where the bytes of what is turned away are kept. */
  readonly rejected?: Pick<Journal, "append"> | undefined;
  readonly recentIds: Pick<RecentIds, "has" | "add">;
}

interface HandlerOptions {
  readonly keepDuplicates?: true | undefined;
  /**
   * The status for what is rejected, or the usual ones. Absent: neither content nor signature makes a difference to the
   * answer, since Twilio drops what is answered 4xx.
   */
  readonly reject?: true | number | undefined;
  /** The status for what was taken. */
  readonly respond: number;
  /** Seconds. */
  readonly respondDelay?: number | undefined;
}

/** Takes requests in: keeps them, tells second deliveries from first ones, and says how each is answered. */
export interface RequestHandler {
  handle(request: WebhookRequest): Promise<WebhookResponse>;
  handleRejected(refused: RejectedRequest): Promise<void>;
  /** Ends the waits of `respondDelay`. */
  hurry(): void;
}

/** For what could not be recorded, and may be in some seconds. */
const later = { status: 503, retryAfter: 5 } as const satisfies WebhookResponse;

/** `show` returns false when there is no room for more, where nothing else keeps them. */
export function createRequestHandler(
  { journal, rejected, recentIds }: RequestRecord,
  { keepDuplicates, reject: rejection, respond, respondDelay = 0 }: HandlerOptions,
  signatureOf: (request: WebhookRequest) => SignatureState,
  show: (received: ReceivedRequest) => boolean,
): RequestHandler {
  /** Ids of requests on their way to the disk: a second delivery waits until it is known whether they got there. */
  const pending = new Map<string, Promise<unknown>>();
  const haste = new AbortController();

  async function handle(request: WebhookRequest): Promise<WebhookResponse> {
    const signature = signatureOf(request);
    const recorded: RecordedRequest = { ...request, signature };
    const cause = rejection === undefined ? undefined : causeOf(recorded, rejection);
    if (cause !== undefined) return reject(recorded, cause.status, cause.reason);
    // Else whoever guesses an id could make the true event of that id pass for a second delivery.
    const ids = signature === "ok" || signature === "none" ? deliveryIds(request) : [];
    if (!keepDuplicates && ids.length > 0) {
      let standing = standingOf(ids, request.receivedAt);
      // Nothing may come between the last look and the keeping: no await there.
      while (typeof standing !== "string") {
        await standing;
        standing = standingOf(ids, request.receivedAt);
      }
      if (standing === "known") {
        return show({ request: recorded, outcome: "again", answer: respond }) ? accepted() : later;
      }
    }
    const kept = keep(recorded);
    const ended = kept.catch(() => undefined);
    for (const id of ids) pending.set(id, ended);
    try {
      if (!show(await kept)) return later;
      for (const id of ids) recentIds.add(id, request.receivedAt);
      return await accepted();
    } catch (error) {
      return lose(recorded, error);
    } finally {
      for (const id of ids) if (pending.get(id) === ended) pending.delete(id);
    }
  }

  /** Whether every one of the ids has been kept before; a promise while some are being kept right now. */
  function standingOf(ids: readonly string[], now: number): "known" | "new" | Promise<unknown> {
    const waits: Promise<unknown>[] = [];
    for (const id of ids) {
      if (recentIds.has(id, now)) continue;
      const wait = pending.get(id);
      if (wait === undefined) return "new";
      waits.push(wait);
    }
    return waits.length === 0 ? "known" : Promise.all(waits);
  }

  async function keep(request: RecordedRequest): Promise<ReceivedRequest> {
    const line = toRecordLine(request);
    const kept = await journal?.append(line);
    return { request, outcome: "taken", answer: respond, line, ...kept };
  }

  async function accepted(): Promise<WebhookResponse> {
    if (respondDelay > 0) await pause(respondDelay * 1000, undefined, { signal: haste.signal }).catch(() => undefined);
    return { status: respond };
  }

  function lose(request: RecordedRequest, error: unknown): WebhookResponse {
    show({ request, outcome: "lost", answer: 503, reason: reasonOf(error) });
    return later;
  }

  async function reject(request: RecordedRequest, status: number, reason: string): Promise<WebhookResponse> {
    try {
      await rejected?.append(toRecordLine({ ...request, rejected: reason }));
    } catch (error) {
      return lose(request, error);
    }
    show({ request, outcome: "rejected", answer: status, reason });
    return status === 503 ? later : { status };
  }

  return {
    handle,
    async handleRejected({ status, reason, isKept, request, length }) {
      const recorded = {
        ...request,
        signature: "none",
        rejected: reason,
        ...(length !== undefined && { length }),
      } as const;
      if (isKept) await rejected?.append(toRecordLine(recorded)).catch(() => undefined);
      show({ request: recorded, outcome: "rejected", answer: status, reason });
    },
    hurry: () => haste.abort(),
  };
}

function causeOf(
  { signature, headers, method, body }: RecordedRequest,
  rejection: true | number,
): { readonly status: number; readonly reason: string } | undefined {
  const statusOr = (usual: number): number => (rejection === true ? usual : rejection);
  if (signature !== "ok" && signature !== "none") {
    return { status: statusOr(403), reason: `its signature is ${signature}` };
  }
  const isReadable = method === "GET" || isForm(headers) || parseJson(body.toString("utf8")) !== undefined;
  return isReadable ? undefined : { status: statusOr(400), reason: "it is not JSON" };
}
