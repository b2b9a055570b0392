import { appUrl, type CallBuilder, callbackEvents, type Fields, type Leg, type ReplyChange } from "./call-builder.ts";
import { conferenceTwiml, dialTwiml, goodbyeTwiml, menuTwiml, queueTwiml, streamTwiml } from "./sample-twiml.ts";

/** What happens in a call, and what happens to its events. */
export interface Scenario {
  /** One line for the help. */
  readonly says: string;
  readonly play: (scene: CallBuilder) => void;
  /** `lossy`: one callback never arrives. `shuffled`: all arrive late, in another order, one of them twice. */
  readonly delivery?: "lossy" | "shuffled";
  /** Both types tell of each step, whatever family is asked for. */
  readonly isDouble?: true;
}

/** Every scenario. Add a scenario here: it is sampled by its name and as one of `all`. */
export const scenarios = {
  answered: { says: "the application calls, somebody answers and talks", play: answered },
  "no-answer": { says: "it rings until the time is up", play: noAnswer },
  busy: { says: "the line is busy", play: busy },
  failed: { says: "there is no such number", play: failed },
  canceled: { says: "the application takes the call back while it rings", play: canceled },
  forwarded: { says: "three legs: one number does not answer, another does", play: forwarded },
  conference: { says: "a caller and an agent, two calls, meet in a conference", play: conference },
  long: { says: "a menu, a queue, then hours on the line", play: long },
  machine: { says: "an answering machine answers and is recognized", play: machine },
  "double-subscription": { says: "deprecated and current types both subscribed to", play: answered, isDouble: true },
  lossy: { says: "one callback never arrives", play: answered, delivery: "lossy" },
  shuffled: { says: "the events arrive late, in any order, one of them twice", play: answered, delivery: "shuffled" },
  "slow-callback": { says: "the application takes long to answer a callback", play: slowCallback },
  "failing-callback": { says: "it answers one callback with 503 and another not at all", play: failingCallback },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function answered(scene: CallBuilder): void {
  talk(scene, ring(scene, place(scene)));
}

function noAnswer(scene: CallBuilder): void {
  const leg = ring(scene, place(scene));
  scene.wait(25 * SECOND, 30 * SECOND);
  scene.end(leg, "no-answer", 487);
}

function busy(scene: CallBuilder): void {
  const leg = ring(scene, place(scene));
  scene.wait(SECOND, 4 * SECOND);
  scene.end(leg, "busy", 486);
}

function failed(scene: CallBuilder): void {
  const leg = place(scene);
  scene.wait(300, 2 * SECOND);
  scene.end(leg, "failed", 404);
}

function canceled(scene: CallBuilder): void {
  const leg = ring(scene, place(scene));
  scene.wait(3 * SECOND, 12 * SECOND);
  modify(scene, leg, "canceled");
  scene.wait(100, 500);
  scene.end(leg, "canceled", 487);
}

function forwarded(scene: CallBuilder): void {
  const caller = scene.inbound();
  const first = scene.dialed(caller);
  const second = scene.dialed(caller);
  scene.twiml(caller, "call.requested", "answer", dialTwiml(first, "dialed"));
  scene.wait(300, 900);
  scene.progress(first, "initiated");
  ring(scene, first);
  scene.wait(15 * SECOND, 20 * SECOND);
  scene.end(first, "no-answer", 487);
  scene.wait(50, 200);
  const missed = { DialCallSid: first.sid, DialCallStatus: "no-answer" };
  scene.twiml(caller, "dial.finished", "dialed", dialTwiml(second, "dialed-again"), missed);
  scene.wait(300, 900);
  scene.progress(second, "initiated");
  ring(scene, second);
  scene.wait(2 * SECOND, 9 * SECOND);
  scene.progress(second, "answered");
  const talked = scene.wait(20 * SECOND, 4 * MINUTE);
  scene.end(second, "completed", 200);
  scene.wait(50, 200);
  const bridged = { DialCallSid: second.sid, DialCallStatus: "completed", DialCallDuration: inSeconds(talked) };
  scene.twiml(caller, "dial.finished", "dialed-again", goodbyeTwiml(caller.from), bridged);
  scene.wait(200, 600);
  scene.end(caller, "completed", 200);
}

/** The conference's own events name the call of the one who came, went, or was first or last there. */
function conference(scene: CallBuilder): void {
  const caller = scene.inbound();
  const agent = scene.outbound();
  const room = { ConferenceSid: scene.random.sid("CF") };
  const join = (leg: Leg): void => scene.notice(leg, "conference.participant.updated", "conference", room);
  scene.twiml(caller, "call.requested", "answer", conferenceTwiml(caller.from, orderOf(scene)));
  scene.wait(200, 700);
  join(caller);
  scene.wait(50, 300);
  const number = { From: agent.from.number, To: agent.to.number };
  const created = { code: 201, body: JSON.stringify({ call_sid: agent.sid, status: "queued" }) };
  const path = `Conferences/${room.ConferenceSid}/Participants.json`;
  scene.api(agent, "conference-participant.created", path, number, created);
  scene.wait(150, 600);
  scene.progress(agent, "initiated");
  ring(scene, agent);
  scene.wait(2 * SECOND, 8 * SECOND);
  scene.progress(agent, "answered");
  scene.wait(50, 300);
  join(agent);
  scene.wait(10, 40);
  scene.notice(agent, "conference.updated", "conference", room);
  scene.wait(MINUTE, 9 * MINUTE);
  join(caller);
  scene.wait(50, 300);
  scene.end(caller, "completed", 200);
  scene.wait(200, 900);
  join(agent);
  scene.wait(10, 40);
  scene.notice(agent, "conference.updated", "conference", room);
  scene.wait(50, 300);
  scene.end(agent, "completed", 200);
}

/** `QueueResult`: twilio.com/docs/voice/twiml/enqueue; the request is made once the bridged parties part. */
function long(scene: CallBuilder): void {
  const caller = scene.inbound();
  scene.twiml(caller, "call.requested", "answer", menuTwiml(caller.from));
  scene.wait(4 * SECOND, 15 * SECOND);
  scene.twiml(caller, "gather.finished", "menu", queueTwiml(caller.from, orderOf(scene)), { Digits: "1" });
  const waited = scene.wait(5 * MINUTE, 25 * MINUTE);
  scene.wait(HOUR, 3 * HOUR);
  const queue = { QueueSid: scene.random.sid("QU"), QueueResult: "bridged", QueueTime: inSeconds(waited) };
  scene.twiml(caller, "enqueue.finished", "queued", goodbyeTwiml(caller.from), queue);
  scene.wait(2 * SECOND, 4 * SECOND);
  scene.end(caller, "completed", 200);
}

/** `AnsweredBy`: twilio.com/docs/voice/answering-machine-detection. */
function machine(scene: CallBuilder): void {
  const found = { AnsweredBy: "machine_start" };
  const leg = ring(scene, place(scene, { MachineDetection: "Enable", AsyncAmd: "true" }));
  pickUp(scene, leg);
  scene.wait(3 * SECOND, 5 * SECOND);
  scene.notice(leg, "amd.detected", "machine", found);
  scene.wait(200, 900);
  modify(scene, leg, "completed");
  scene.wait(100, 500);
  scene.end(leg, "completed", 200, found);
}

/** Slower than what `validate` reports, faster than what Twilio waits for: 15 seconds. */
function slowCallback(scene: CallBuilder): void {
  const slow = { durationMs: scene.random.between(6 * SECOND, 14 * SECOND) };
  talk(scene, ring(scene, place(scene), slow));
}

function failingCallback(scene: CallBuilder): void {
  const failure = { code: 503, contentType: "text/plain; charset=utf-8", body: "Service Unavailable" };
  talk(scene, ring(scene, place(scene), failure), "none");
}

/** The application has Twilio call somebody; the call is on its way. */
function place(scene: CallBuilder, extra: Fields = {}): Leg {
  const leg = scene.outbound();
  const parameters = {
    From: leg.from.number,
    To: leg.to.number,
    Url: appUrl("answer"),
    StatusCallback: appUrl("status"),
    StatusCallbackEvent: callbackEvents,
    ...extra,
  };
  const created = { code: 201, body: JSON.stringify({ sid: leg.sid, status: "queued" }) };
  scene.api(leg, "call.created", "Calls.json", parameters, created);
  scene.wait(120, 700);
  scene.progress(leg, "initiated");
  return leg;
}

function ring(scene: CallBuilder, leg: Leg, reply?: ReplyChange): Leg {
  scene.wait(600, 3 * SECOND);
  scene.progress(leg, "ringing", reply);
  return leg;
}

function pickUp(scene: CallBuilder, leg: Leg, reply?: ReplyChange): void {
  scene.wait(2 * SECOND, 18 * SECOND);
  scene.progress(leg, "answered", reply);
  scene.wait(15, 60);
  scene.twiml(leg, "call.requested", "answer", streamTwiml(leg.to, orderOf(scene)));
}

function talk(scene: CallBuilder, leg: Leg, reply?: ReplyChange): void {
  pickUp(scene, leg, reply);
  scene.wait(8 * SECOND, 3 * MINUTE);
  scene.end(leg, "completed", 200);
}

/** The application changes the call through the API. */
function modify(scene: CallBuilder, leg: Leg, status: string): void {
  const reply = { body: JSON.stringify({ sid: leg.sid, status }) };
  scene.api(leg, "call.modified", `Calls/${leg.sid}.json`, { Status: status }, reply);
}

const inSeconds = (ms: number): string => String(Math.round(ms / SECOND));

/** Returns an order number. Two calls of a sample are unlikely to share one. */
const orderOf = ({ random }: CallBuilder): number => random.between(100_000_000, 999_999_999);
