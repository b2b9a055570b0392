import { callbackEvents, type Leg } from "./call-builder.ts";
import type { Person } from "./sample-people.ts";

/** The SID of the application's TaskRouter workflow. */
const workflow = "WW7d0c3a9be1f84c2f9a5e6b0d41c8f273";

/** Greets the person and connects the call to a media stream. `order` is the number of the order in question. */
export function streamTwiml(person: Person, order: number): string {
  const { name, number, language } = person;
  const parameters = Object.entries({ name, number, language, order: String(order) }).map(
    ([key, value]) => `<Parameter name="${key}" value="${escapeXml(value)}"/>`,
  );
  const stream = `<Stream url="wss://ivr.example.com/voice/stream" track="inbound_track">${parameters.join("")}</Stream>`;
  return `${greet(person)}<Pause length="1"/>${say(`We call about order ${order}.`)}<Connect>${stream}</Connect>`;
}

/** Dials the leg. `action` is the path of the request that Twilio sends after the leg has ended. */
export function dialTwiml({ from, to }: Leg, action: string): string {
  const number = `<Number statusCallback="/voice/status" statusCallbackEvent="${callbackEvents}">${to.number}</Number>`;
  const dial = `<Dial action="/voice/${action}" timeout="20" callerId="${from.number}">${number}</Dial>`;
  return `${greet(from)}${say(`Please wait for ${to.name}.`)}${dial}`;
}

export function conferenceTwiml(person: Person, order: number): string {
  const events = 'statusCallback="/voice/conference" statusCallbackEvent="start end join leave"';
  const conference = `<Conference beep="onEnter" endConferenceOnExit="true" ${events}>Support ${order}</Conference>`;
  return `${greet(person)}${say(`One moment. Your order is ${order}.`)}<Dial timeLimit="3600">${conference}</Dial>`;
}

export function menuTwiml(person: Person): string {
  const choices = ["support", "sales & billing"].map((choice, index) => say(`For ${choice}, press ${index + 1}.`));
  const menu = [...choices, '<Pause length="2"/>', say("To hear this again, stay on the line.")].join("");
  const gather = `<Gather input="dtmf speech" numDigits="1" timeout="5" action="/voice/menu">${menu}</Gather>`;
  return `${greet(person)}${gather}${say(`Goodbye, ${person.name}.`)}<Hangup/>`;
}

/** Puts the caller into a queue. Task attributes are JSON: twilio.com/docs/voice/twiml/enqueue#task. */
export function queueTwiml({ name, number, city, language }: Person, order: number): string {
  const attributes = {
    name,
    number,
    ...(city !== "" && { city }),
    language,
    order,
    skills: ["support", "sales & billing"],
  };
  const task = `<Task priority="${order % 10}" timeout="3600">${escapeXml(JSON.stringify(attributes))}</Task>`;
  const enqueue = `<Enqueue action="/voice/queued" workflowSid="${workflow}">${task}</Enqueue>`;
  return `${say(`An agent will be with you soon, ${name}.`)}${enqueue}`;
}

export function goodbyeTwiml({ name, number }: Person): string {
  const digits = `<say-as interpret-as="digits">${number.slice(-4)}</say-as>`;
  return `<Say>Thank you for calling, ${escapeXml(name)}. We can reach you at the number that ends in ${digits}.</Say><Hangup/>`;
}

function greet({ name, language, greeting }: Person): string {
  return say(`${greeting}, ${name}.`, language);
}

function say(text: string, language = "en-US"): string {
  return `<Say language="${language}">${escapeXml(text)}</Say>`;
}

/** Escapes text, and attribute values without quotation marks. */
function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
