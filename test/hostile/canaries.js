// Plants canaries wherever an event can hold a person, and looks for them in what the program prints.

/** Stands in every canary that is a word; tokens never hold its digits, so that none can hold it by chance. */
const WORD = "q9z8x0j1k";

/** Every canary that is a number begins so, and goes on with its own six digits. */
const NUMBER = "449274163";

/** Shapes of a canary, each with its own number `n` in it. */
const shapes = [
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

/** Parameters that name or hold people, and some that only ought not to. */
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

/** Parameters that the judgement and the timeline live on: they get a canary in every seventh event. */
const vital =
  "CallSid AccountSid ParentCallSid CallStatus Direction ApiVersion SequenceNumber CallDuration Timestamp CallbackSource".split(
    " ",
  );

/** A maker of canaries, each with a number of its own. */
function createCanaries(first) {
  let next = first;
  return {
    one() {
      const n = String(next % 1_000_000).padStart(6, "0");
      return shapes[next++ % shapes.length](n);
    },
    word: () => `${WORD}${String(next++ % 1_000_000).padStart(6, "0")}`,
    number: () => `${NUMBER}${String(next++ % 1_000_000).padStart(6, "0")}`,
  };
}

const xml = (text) => text.replace(/[&<>"]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);

const entities = (text) => text.replace(/./gu, (character) => `&#${character.codePointAt(0)};`);

function twiml({ one, word, number }) {
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

/** Bodies of every kind, sound and broken. */
const bodies = [
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

/** The event, a canary in every place that can hold a person, as the line of a log. */
export function plant(event, index) {
  const canaries = createCanaries(index * 397);
  const { one, word, number } = canaries;
  const planted = structuredClone(event);
  const request = planted.data.request;
  for (const name of parameters) request.parameters[name] = one();
  if (index % 7 === 0) for (const name of vital) request.parameters[name] = one();
  request.parameters[word()] = one();
  request.parameters[`SipHeader_${word()}`] = word();
  request.url = `https://${word()}:${word()}@ivr.example.com/voice/${word()}/${number()}?From=%2B${number()}&${word()}=${word()}&token=${word()}#${word()}`;
  request[word()] = one();
  planted.subject = one();
  planted[word()] = { [word()]: [one(), { [one()]: one(), n: Number(number()) }] };
  planted.data.unknown = { deeper: [[one()], { phone: Number(number()), text: one() }] };
  const body = bodies[index % bodies.length](canaries);
  planted.data.response = {
    ...planted.data.response,
    responseBody: index % 13 === 0 ? body.toString("utf8") : body.toString("base64"),
    contentType: index % 3 === 0 ? `text/${word()}; charset=${word()}` : "text/xml",
    [word()]: one(),
  };
  if (index % 5 === 0) planted.data.response.responseCode = one();
  if (index % 11 === 0) planted.data.requestDateCreated = one();
  if (index % 17 === 0) planted.datacontenttype = one();
  if (index % 19 === 0) planted.id = one();
  if (index % 23 === 0) planted.dataschema = one();
  if (index % 29 === 0) planted.source = one();
  if (index % 31 === 0) planted.type = `com.twilio.voice.${word()}`;
  if (index % 37 === 0) planted.data.sid = `CA${word()}`;
  return wrap(planted, index, canaries);
}

/** As logs, sinks, callbacks and the Call Events resource have events. */
function wrap(event, index, { one, word }) {
  const { request, response } = event.data;
  switch (index % 8) {
    case 1:
      return JSON.stringify({ ...event, data: JSON.stringify(event.data) });
    case 2:
      return formOf({ CallSid: event.data.sid, ...request.parameters, CallStatus: "busy" });
    case 3:
      return JSON.stringify({
        request: { ...request, parameters: snake(request.parameters) },
        response: { response_code: 200, content_type: one(), response_body: response.responseBody, [word()]: one() },
      });
    case 4:
      return JSON.stringify({
        [word()]: { [one()]: [Buffer.from(JSON.stringify([event])).toString("base64")] },
        who: one(),
      });
    case 5:
      // The text holds the first of two keys that are one, the value does not.
      return JSON.stringify(event).replace('"From":', `"From":${JSON.stringify(one())},"From":`);
    case 6:
      return `${one().replace(/[{["\n]/g, "")} app: ${JSON.stringify(event)} ${word()}`;
    case 7:
      return JSON.stringify(recordOf(event, word));
    default:
      return JSON.stringify(event);
  }
}

/** JSON in a form is found by itself, and the form around it is not. */
function formOf(fields) {
  const flat = Object.entries(fields).filter(([name, value]) => !/[{["]/.test(name + value));
  return new URLSearchParams(flat).toString();
}

function recordOf(event, word) {
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

const snake = (fields) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase(),
      value,
    ]),
  );

/** What base64 makes of the text, wherever it begins among other bytes: the characters that the neighbours do not change. */
function inBase64(text) {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const from = Math.ceil((before * 8) / 6);
    return bytes.toString("base64").slice(from, Math.floor((bytes.length * 8) / 6));
  });
}

const hex = (character) => character.codePointAt(0).toString(16);

const reversed = (text) => [...text].reverse().join("");

/** The start of every canary in the spellings that are the same letters each time: plain, in base64, backwards. */
const plain = [WORD, reversed(WORD), reversed(NUMBER.slice(0, 7)), ...inBase64(WORD), ...inBase64(NUMBER)].map((text) =>
  text.toLowerCase(),
);

/** Digits with signs between them, and the escapes of XML and JSON. */
const spelled = new RegExp(
  [
    [...NUMBER.slice(2)].join("[\\s().%+-]{0,3}"),
    [...WORD].map((character) => `&#(?:${character.codePointAt(0)}|x${hex(character)});`).join(""),
    [...WORD].map((character) => `\\\\u00${hex(character)}`).join(""),
  ].join("|"),
  "gi",
);

/** Where canaries stand in the text, with what is around them; base64 in it is opened too. */
export function leaksIn(text, depth = 0) {
  const places = Array.from(text.matchAll(spelled), ({ index }) => index);
  const lower = text.toLowerCase();
  for (const needle of plain) {
    for (let at = lower.indexOf(needle); at !== -1; at = lower.indexOf(needle, at + 1)) places.push(at);
  }
  const found = places.map((at) => text.slice(Math.max(0, at - 120), at + 60));
  if (depth === 3) return found;
  for (const [run] of text.matchAll(/[\w+/-]{24,}={0,2}/g)) {
    const inner = Buffer.from(run, "base64");
    if (inner.toString("base64").replace(/=+$/, "") !== run.replace(/=+$/, "")) continue;
    found.push(...leaksIn(inner.toString("utf8"), depth + 1).map((leak) => `in base64: ${leak}`));
  }
  return found;
}
