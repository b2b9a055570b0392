import type { Person } from "./people.ts";
import { callbackEvents, type Leg } from "./scene.ts";

/** The SID of the application's TaskRouter workflow. */
const workflow = "WW7d0c3a9be1f84c2f9a5e6b0d41c8f273";

/** Greets the person and connects the call to a media stream. `order` is the number of the order in question. */
export function streamTwiml(person: Person, order: number): string {
  const parameters = parameter("customer", person.name) + parameter("order", String(order));
  const stream = `<Stream url="wss://ivr.example.com/voice/stream">${parameters}</Stream>`;
  return `${greet(person)}<Connect>${stream}</Connect>`;
}

/** Dials the leg. `action` is the path of the request that Twilio sends after the leg has ended. */
export function dialTwiml({ from, to }: Leg, action: string): string {
  const number = `<Number statusCallback="/voice/status" statusCallbackEvent="${callbackEvents}">${to.number}</Number>`;
  const dial = `<Dial action="/voice/${action}" timeout="20" callerId="${from.number}">${number}</Dial>`;
  return `${greet(from)}<Say>Please wait for ${escapeXml(to.name)}.</Say>${dial}`;
}

export function conferenceTwiml(person: Person, order: number): string {
  const events = 'statusCallback="/voice/conference" statusCallbackEvent="start end join leave"';
  return `${greet(person)}<Say>One moment.</Say><Dial><Conference ${events}>Support ${order}</Conference></Dial>`;
}

export function menuTwiml(person: Person): string {
  const gather = '<Gather numDigits="1" action="/voice/menu"><Say>Press 1 for support.</Say></Gather>';
  return `${greet(person)}${gather}<Say>Goodbye.</Say><Hangup/>`;
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
  return `<Say>An agent will be with you soon.</Say>${enqueue}`;
}

export function goodbyeTwiml({ name, number }: Person): string {
  const digits = `<say-as interpret-as="digits">${number.slice(-4)}</say-as>`;
  return `<Say>Thank you for calling, ${escapeXml(name)}. We can reach you at the number that ends in ${digits}.</Say><Hangup/>`;
}

function greet({ name, language, greeting }: Person): string {
  return `<Say language="${language}">${greeting}, ${escapeXml(name)}.</Say>`;
}

function parameter(name: string, value: string): string {
  return `<Parameter name="${name}" value="${escapeXml(value)}"/>`;
}

/** Escapes text, and attribute values without quotation marks. */
function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
