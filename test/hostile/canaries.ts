// Canaries: made-up names and phone numbers in every place of an event. None may be in redacted output.

/** Part of every canary that is a word. Pseudonyms don't contain its digits, so none contains it by chance. */
export const WORD = "q9z8x0j1k";

/** The start of every canary that is a number. Its own six digits follow. */
export const NUMBER = "449274163";

/** Canaries with the number `n`. */
const shapes: readonly ((n: string) => string)[] = [
  (n) => `${WORD}${n}`,
  (n) => `+${NUMBER}${n}`,
  (n) => `+44 9274-163${n.slice(0, 3)}-${n.slice(3)}`,
  (n) => `${NUMBER}${n}`,
  (n) => `sip:${WORD}${n}@${WORD}.example.com:5060;transport=tls`,
  (n) => `sip:+${NUMBER}${n}@${WORD}.example.com`,
  (n) => `client:${WORD}${n}`,
  (n) => `${WORD}${n}@example.com`,
  (n) => `Mrs. Zoë "${WORD}${n}" <of> O'Neill & Sons`,
  (n) =>
    `https://${WORD}${n}:${WORD}@example.com/users/${WORD}${n}/+${NUMBER}${n}?to=%2B${NUMBER}${n}&${WORD}=1&name=${WORD}${n}#${WORD}${n}`,
  (n) => `/people/${WORD}${n}?Caller=+${NUMBER}${n}`,
  (n) =>
    JSON.stringify({
      name: `${WORD}${n}`,
      [`${WORD}${n}`]: [`+${NUMBER}${n}`, { deep: `${WORD}${n}` }],
      id: Number(`${NUMBER}${n}`),
    }),
  (n) => `From=%2B${NUMBER}${n}&CallerName=${WORD}+${n}&${WORD}${n}=x`,
  (n) => Buffer.from(`<Response><Say>${WORD}${n}</Say></Response>`).toString("base64"),
  (n) => Buffer.from(`${WORD}${n} called from +${NUMBER}${n}`).toString("base64"),
  (n) => `<Response><Dial callerId="+${NUMBER}${n}"><Client>${WORD}${n}</Client></Dial></Response>`,
  (n) => `please call ${WORD}${n} back at +${NUMBER}${n}`,
  (n) => `tel:+${NUMBER}${n}`,
  (n) => `%2B${NUMBER}${n}`,
  (n) => JSON.stringify(JSON.stringify({ text: `${WORD}${n}` })),
  (n) => `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(`{"sub":"${WORD}${n}"}`).toString("base64url")}.${WORD}`,
];

/** Parameters with personal data, and some that shouldn't have any. */
const parameters = [
  ..."From To Caller Called ForwardedFrom CallerName DialedNumber CallerCity CallerState CallerZip CallerCountry".split(
    " ",
  ),
  ..."CalledCity CalledState CalledZip FromCity FromZip ToCity ToState ToZip ToCountry Digits FinishedOnKey".split(" "),
  ..."SpeechResult UnstableSpeechResult TranscriptionText Body RecordingUrl RecordingSid AnsweredBy StirVerstat".split(
    " ",
  ),
  ..."AddOns CallToken Msg DialCallSid DialCallStatus QueueResult ParticipantLabel FriendlyName ReasonConferenceEnded".split(
    " ",
  ),
  ..."SipHeader_X-Customer SipHeader_User-Agent SipCallId SipDomain StreamName ErrorMessage CustomThing customerRef".split(
    " ",
  ),
  ..."Url StatusCallback Twiml Timeout SendDigits Latitude Longitude Ip UserAgent Language Tags Trunk Confidence".split(
    " ",
  ),
];

/** Parameters that validation and timelines need. They get a canary in every seventh event. */
const vital =
  "CallSid AccountSid ParentCallSid CallStatus Direction ApiVersion SequenceNumber CallDuration Timestamp CallbackSource".split(
    " ",
  );

interface Canaries {
  /** A canary of any shape. */
  readonly one: () => string;
  readonly word: () => string;
  readonly number: () => string;
}

/** Creates a source of canaries with numbers of their own. */
function createCanaries(first: number): Canaries {
  let next = first;
  const digits = (): string => String(next++ % 1_000_000).padStart(6, "0");
  return {
    one() {
      const shape = shapes[next % shapes.length];
      return shape?.(digits()) ?? "";
    },
    word: () => `${WORD}${digits()}`,
    number: () => `${NUMBER}${digits()}`,
  };
}

const xml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);

const entities = (text: string): string => text.replace(/./gu, (character) => `&#${character.codePointAt(0)};`);

function twiml({ one, word, number }: Canaries): string {
  const parameter = `<Parameter name="${xml(one())}" value="${xml(one())}"/>`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?><!-- for ${word()} --><?${word()} x="${word()}"?><Response>${word()}` +
    `<Say voice="${xml(one())}" language="${xml(one())}">Hello ${xml(one())} <sub alias="${xml(one())}">x</sub>${entities(word())}</Say>` +
    `<Gather action="${xml(one())}" hints="${xml(one())}"><Say><![CDATA[${word()} & ${number()}]]></Say></Gather>` +
    `<Dial action="https://u:${word()}@example.com/${word()}?to=${number()}" callerId="${xml(one())}">` +
    `<Number sendDigits="${number()}" statusCallback="${xml(one())}">${xml(one())}</Number><Number>+${number()}</Number>` +
    `<Sip username="${word()}" password="${word()}">sip:${word()}:${word()}@${word()}.example.com?x-a=${word()}</Sip>` +
    `<Client><Identity>${word()}</Identity>${parameter}</Client><Conference participantLabel="${word()}">${word()}</Conference></Dial>` +
    `<Sms to="+${number()}" from="${xml(one())}">${xml(one())}</Sms><Message><Body>${word()}</Body></Message>` +
    `<Enqueue workflowSid="${word()}">${word()}<Task priority="${word()}">{"name":"${word()}"}</Task></Enqueue>` +
    `<Start><Stream name="${word()}" url="wss://example.com/${word()}">${parameter}</Stream></Start>` +
    `<Play digits="${number()}">${xml(one())}</Play><Redirect method="${word()}">/calls/${word()}?n=${number()}</Redirect>` +
    `<${word()} ${word()}="${word()}">${word()}</${word().slice(0, 9)}x></Response>`
  ).replace(new RegExp(`<(${WORD}\\d+) ([^>]*)>([^<]*)</\\w+>`), "<$1 $2>$3</$1>");
}

/** Response bodies of every kind, valid and broken. */
const bodies: readonly ((canaries: Canaries) => Buffer)[] = [
  (canaries) => Buffer.from(twiml(canaries)),
  (canaries) => Buffer.from(twiml(canaries).replace("</Response>", "")),
  (canaries) => Buffer.from(`<!DOCTYPE x [<!ENTITY a "${canaries.word()}">]>${twiml(canaries)}`),
  ({ one, word }) => Buffer.from(JSON.stringify({ sid: word(), [word()]: one(), list: [one(), one()] })),
  ({ one }) => Buffer.from(`{"cut": ${JSON.stringify(one())}`),
  ({ one, word }) => Buffer.from(`a=${encodeURIComponent(one())}&${word()}=${encodeURIComponent(one())}`),
  ({ one }) => Buffer.from(`OK ${one()}`),
  ({ one }) => Buffer.from(`<!doctype html><html><title>Error</title><pre>${one()}</pre></html>`),
  ({ word }) => Buffer.from(`\u0000\u0001${word()}`, "utf16le"),
  ({ word }) =>
    Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?><Response><Say>é ${word()}</Say></Response>`, "latin1"),
  ({ word }) => Buffer.from(Buffer.from(`<Response><Say>${word()}</Say></Response>`).toString("base64")),
];

/** An event of `twilio-events sample`. */
export interface EventSample {
  [key: string]: unknown;
  readonly data: {
    [key: string]: unknown;
    readonly sid: string;
    readonly request: { [key: string]: unknown; readonly parameters: Record<string, string> };
    response?: Readonly<Record<string, unknown>>;
  };
}

/** Returns the event with canaries in every place that can have personal data, as a log line. */
export function plantCanaries(event: EventSample, index: number): string {
  const canaries = createCanaries(index * 397);
  const { one, word, number } = canaries;
  const planted = structuredClone(event);
  const { data } = planted;
  const { request } = data;
  for (const name of parameters) request.parameters[name] = one();
  if (index % 7 === 0) for (const name of vital) request.parameters[name] = one();
  request.parameters[word()] = one();
  request.parameters[`SipHeader_${word()}`] = word();
  request.url = `https://${word()}:${word()}@ivr.example.com/voice/${word()}/${number()}?From=%2B${number()}&${word()}=${word()}&token=${word()}#${word()}`;
  request[word()] = one();
  planted.subject = one();
  planted[word()] = { [word()]: [one(), { [one()]: one(), n: Number(number()) }] };
  data.unknown = { deeper: [[one()], { phone: Number(number()), text: one() }] };
  const body = bodies[index % bodies.length]?.(canaries) ?? Buffer.alloc(0);
  const response: Record<string, unknown> = {
    ...data.response,
    responseBody: index % 13 === 0 ? body.toString("utf8") : body.toString("base64"),
    contentType: index % 3 === 0 ? `text/${word()}; charset=${word()}` : "text/xml",
    [word()]: one(),
  };
  data.response = response;
  if (index % 5 === 0) response.responseCode = one();
  if (index % 11 === 0) data.requestDateCreated = one();
  if (index % 17 === 0) planted.datacontenttype = one();
  if (index % 19 === 0) planted.id = one();
  if (index % 23 === 0) planted.dataschema = one();
  if (index % 29 === 0) planted.source = one();
  if (index % 31 === 0) planted.type = `com.twilio.voice.${word()}`;
  if (index % 37 === 0) Object.assign(data, { sid: `CA${word()}` });
  return wrap(planted, index, canaries);
}

/** Wraps the event as logs, sinks, callbacks and the Call Events resource do. */
function wrap(event: EventSample, index: number, { one, word }: Canaries): string {
  const { request, response } = event.data;
  switch (index % 8) {
    case 1:
      return JSON.stringify({ ...event, data: JSON.stringify(event.data) });
    case 2:
      return formOf({ CallSid: event.data.sid, ...request.parameters, CallStatus: "busy" });
    case 3:
      return JSON.stringify({
        request: { ...request, parameters: snake(request.parameters) },
        response: { response_code: 200, content_type: one(), response_body: response?.responseBody, [word()]: one() },
      });
    case 4:
      return JSON.stringify({
        [word()]: { [one()]: [Buffer.from(JSON.stringify([event])).toString("base64")] },
        who: one(),
      });
    case 5:
      // Of two members with the same key, the text has the first, but the parsed value doesn't.
      return JSON.stringify(event).replace('"From":', `"From":${JSON.stringify(one())},"From":`);
    case 6:
      return `${one().replace(/[{["\n]/g, "")} app: ${JSON.stringify(event)} ${word()}`;
    case 7:
      return JSON.stringify(recordOf(event, word));
    default:
      return JSON.stringify(event);
  }
}

/** A form without JSON, because JSON in a form is read instead of the form. */
function formOf(fields: Readonly<Record<string, string>>): string {
  const flat = Object.entries(fields).filter(([name, value]) => !/[{["]/.test(name + value));
  return new URLSearchParams(flat).toString();
}

function recordOf(event: EventSample, word: () => string): object {
  return {
    v: 1,
    receivedAt: "2025-08-24T13:00:00.000Z",
    method: "POST",
    url: `/hooks/${word()}?who=${word()}`,
    headers: {
      "content-type": "application/json",
      host: "example.com",
      "user-agent": word(),
      "x-forwarded-for": "203.0.113.9",
      "x-twilio-signature": word(),
    },
    sig: "ok",
    body: JSON.stringify([event]),
  };
}

const snake = (fields: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase(),
      value,
    ]),
  );
