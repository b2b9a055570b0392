import type { Random } from "../../cli/random.ts";
import { ownNumber, type Person, somebody } from "./sample-people.ts";

/** The steps that the status callbacks of a call tell of: twilio.com/docs/voice/api/call-resource#statuscallbackevent. */
export type Stage = "initiated" | "ringing" | "answered" | "completed";

/** All stages, as a value of `statusCallbackEvent`. */
export const callbackEvents = "initiated ringing answered completed";

type EndStatus = "completed" | "busy" | "no-answer" | "failed" | "canceled";

/** Parameters of a request. Twilio's have PascalCase names and texts as values. */
export type Fields = Readonly<Record<string, string>>;

/** A call, or one leg of a call that has several. */
export interface Leg {
  readonly account: string;
  readonly sid: string;
  readonly parent: Leg | undefined;
  readonly direction: "inbound" | "outbound-api" | "outbound-dial";
  readonly from: Person;
  readonly to: Person;
}

/** What a server answered; `body` in clear. */
export interface Reply {
  readonly code: number;
  readonly durationMs: number;
  readonly contentType: string;
  readonly body: string;
}

/** What is special about an answer; `none` when no answer was recorded. */
export type ReplyChange = Partial<Reply> | "none";

/** Something that happened to a leg, of which Twilio makes an event. */
export interface Happening {
  readonly leg: Leg;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Of the current family. */
  readonly type: string;
  /** Of the four steps of a call alone. */
  readonly stage: Stage | undefined;
  readonly id: string;
  readonly url: string;
  readonly parameters: Fields;
  readonly reply: Reply | undefined;
}

/** Where a scenario is played. It has a clock, which only `wait` moves; whatever happens, happens now. */
export interface CallBuilder {
  /** What has happened so far, in order. */
  readonly happenings: readonly Happening[];
  /** The legs that were opened, in order. */
  legs(): readonly Leg[];
  readonly random: Random;
  /** Lets so many milliseconds pass and returns them. */
  wait(least: number, most: number): number;
  /** A call from the application to somebody. */
  outbound(): Leg;
  /** A call from somebody to the application. */
  inbound(): Leg;
  /** A leg that `<Dial>` opens from a call to somebody else. */
  dialed(parent: Leg): Leg;
  /** A request to Twilio's API that concerns the leg; the path is below the account. */
  api(leg: Leg, name: string, path: string, parameters: Fields, reply: Partial<Reply>): void;
  /** A status callback of the leg's progress. */
  progress(leg: Leg, stage: Exclude<Stage, "completed">, reply?: ReplyChange): void;
  /** The last status callback of the leg. */
  end(leg: Leg, status: EndStatus, sipCode: number, extra?: Fields): void;
  /** Another status callback that names the leg. */
  notice(leg: Leg, name: string, path: string, extra: Fields): void;
  /** A request for TwiML, and the TwiML. The first one answers an inbound call. */
  twiml(leg: Leg, name: string, path: string, twiml: string, extra?: Fields): void;
}

/** What changes of a leg as the scene goes on. */
interface Progress {
  status: string;
  /** The number of callbacks so far: the next `SequenceNumber`. */
  callbacks: number;
  /** When somebody or something took the call. */
  answeredAt: number | undefined;
}

const statusOf = { initiated: "initiated", ringing: "ringing", answered: "in-progress" } as const;

type HappeningRequest = Pick<Happening, "url" | "parameters">;

function toReply(durationMs: number, change: ReplyChange): Reply | undefined {
  if (change === "none") return undefined;
  const { code = 200, contentType = "application/xml;charset=UTF-8", body = "<Response/>" } = change;
  return { code, durationMs: change.durationMs ?? durationMs, contentType, body };
}

/** An empty scene; `start` is in epoch milliseconds. */
export function createCallBuilder(random: Random, account: string, start: number): CallBuilder {
  const happenings: Happening[] = [];
  const progresses = new Map<Leg, Progress>();
  let now = start;

  function open(leg: Omit<Leg, "account" | "sid">, status: string): Leg {
    const opened = { account, sid: random.sid("CA"), ...leg };
    progresses.set(opened, { status, callbacks: 0, answeredAt: undefined });
    return opened;
  }

  function progressOf(leg: Leg): Progress {
    const progress = progresses.get(leg);
    if (progress === undefined) throw new Error(`${leg.sid} is of another scene`);
    return progress;
  }

  function happen(leg: Leg, name: string, request: HappeningRequest, change: ReplyChange, stage?: Stage): void {
    happenings.push({
      leg,
      at: now,
      type: `com.twilio.voice.${name}`,
      stage,
      id: random.sid("VW"),
      url: request.url,
      parameters: request.parameters,
      reply: toReply(random.between(25, 180), change),
    });
  }

  function callback(leg: Leg, stage: Stage, extra: Fields, change: ReplyChange): void {
    const progress = progressOf(leg);
    const parameters = callFields(leg, progress.status, {
      Timestamp: rfc2822(now),
      CallbackSource: "call-progress-events",
      SequenceNumber: String(progress.callbacks++),
      ...extra,
    });
    happen(leg, `status-callback.call.${stage}`, { url: appUrl("status"), parameters }, change, stage);
  }

  return {
    happenings,
    legs: () => [...progresses.keys()],
    random,
    wait(least, most) {
      const passed = random.between(least, most);
      now += passed;
      return passed;
    },
    outbound: () =>
      open({ parent: undefined, direction: "outbound-api", from: ownNumber, to: somebody(random) }, "queued"),
    inbound: () => open({ parent: undefined, direction: "inbound", from: somebody(random), to: ownNumber }, "ringing"),
    dialed(parent) {
      let to = somebody(random);
      while (to.number === parent.from.number) to = somebody(random);
      return open({ parent, direction: "outbound-dial", from: parent.from, to }, "queued");
    },
    api(leg, name, path, parameters, reply) {
      const url = `https://api.twilio.com/2010-04-01/Accounts/${account}/${path}`;
      const change = { contentType: "application/json", ...reply };
      happen(leg, `api-request.${name}`, { url, parameters }, change);
    },
    progress(leg, stage, reply = {}) {
      const progress = progressOf(leg);
      progress.status = statusOf[stage];
      if (stage === "answered") progress.answeredAt = now;
      callback(leg, stage, stage === "initiated" ? {} : { StirStatus: "A" }, reply);
    },
    end(leg, status, sipCode, extra = {}) {
      const progress = progressOf(leg);
      progress.status = status;
      const seconds = Math.round((now - (progress.answeredAt ?? now)) / 1000);
      const last = {
        Duration: String(Math.ceil(seconds / 60)),
        CallDuration: String(seconds),
        SipResponseCode: String(sipCode),
        ...extra,
      };
      // The application stores the result of the call and returns it. Its other callbacks return an empty response.
      const result = { call: leg.sid, status, seconds };
      callback(leg, "completed", last, { contentType: "application/json", body: JSON.stringify(result) });
    },
    notice(leg, name, path, extra) {
      const parameters = { CallSid: leg.sid, AccountSid: account, ...extra, Timestamp: rfc2822(now) };
      happen(leg, `status-callback.${name}`, { url: appUrl(path), parameters }, {});
    },
    twiml(leg, name, path, twiml, extra = {}) {
      const progress = progressOf(leg);
      const parameters = callFields(leg, progress.status, extra);
      const reply = {
        contentType: "text/xml; charset=utf-8",
        body: `<?xml version="1.0" encoding="UTF-8"?><Response>${twiml}</Response>`,
      };
      happen(leg, `twiml.${name}`, { url: appUrl(path), parameters }, reply);
      progress.status = "in-progress";
      progress.answeredAt ??= now;
    },
  };
}

/** A moment as Twilio writes it in parameters: RFC 2822, in UTC, to the second. */
export function rfc2822(at: number): string {
  return new Date(at).toUTCString().replace("GMT", "+0000");
}

/** Where the sampled application takes requests. */
export function appUrl(path: string): string {
  return `https://ivr.example.com/voice/${path}`;
}

/**
 * What Twilio sends with every request about a call, and what is special about this one:
 * twilio.com/docs/voice/api/call-resource#statuscallback. In one piece, as V8 takes a hundred times as long to copy so many
 * and add to them.
 */
function callFields(leg: Leg, status: string, extra: Fields): Fields {
  const { account, sid, parent, direction, from, to } = leg;
  return {
    CallSid: sid,
    AccountSid: account,
    ApiVersion: "2010-04-01",
    CallStatus: status,
    Direction: direction,
    From: from.number,
    To: to.number,
    Caller: from.number,
    Called: to.number,
    CalledCity: to.city,
    CalledState: to.state,
    CalledZip: to.zip,
    CalledCountry: to.country,
    CallerCity: from.city,
    CallerState: from.state,
    CallerZip: from.zip,
    CallerCountry: from.country,
    FromCity: from.city,
    FromState: from.state,
    FromZip: from.zip,
    FromCountry: from.country,
    ToCity: to.city,
    ToState: to.state,
    ToZip: to.zip,
    ToCountry: to.country,
    ...(parent === undefined ? extra : { ParentCallSid: parent.sid, ...extra }),
  };
}
