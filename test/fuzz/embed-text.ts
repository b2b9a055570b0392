// Inputs that contain a given text in one place: everywhere that text from outside can be.

/** Makes an input that contains the text. */
export type EmbedText = (text: string) => string;

const esc = (text: unknown): string => JSON.stringify(text);
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const line = (value: unknown): string => `${esc(value)}\n`;

interface Request {
  readonly parameters: Record<string, string>;
}

const sid = "CA00000000000000000000000000000001";

/** A valid event, changed. */
function event(
  change: (whole: object, data: object, request: Request, response: object) => void = () => undefined,
): object {
  const parts = {
    request: {
      method: "POST",
      url: "https://example.com/a",
      parameters: {
        CallSid: sid,
        CallStatus: "in-progress",
        SequenceNumber: "2",
        From: "+14155550100",
        To: "+14155550101",
      },
    },
    response: {
      responseCode: 200,
      requestDuration: 40,
      contentType: "application/xml",
      responseBody: base64("<Response/>"),
      dateCreated: "Sun, 24 Aug 2025 13:49:54 +0000",
    },
  };
  const data = {
    sid,
    requestDateCreated: "Sun, 24 Aug 2025 13:49:54 +0000",
    timestamp: "2025-08-24T13:49:54.363Z",
    eventSid: "VW1",
    ...parts,
  };
  const whole = {
    specversion: "1.0",
    type: "com.twilio.voice.status-callback.call.answered",
    source: "/2010-04-01/Accounts/AC1",
    id: "VW00000000000000000000000000000001",
    dataschema: "https://events-schemas.twilio.com/Voice.WebhookEvent/2",
    datacontenttype: "application/json",
    time: "2025-08-24T13:49:54.363Z",
    data,
  };
  change(whole, data, parts.request, parts.response);
  return whole;
}

/** The event with a member of one of its parts (event, data, request, response) set to the text. */
const member =
  (part: 0 | 1 | 2 | 3, key: string): EmbedText =>
  (text) =>
    line(
      event((...parts) => {
        Object.defineProperty(parts[part], key, { value: text, enumerable: true, configurable: true });
      }),
    );
const parameter =
  (key: string): EmbedText =>
  (text) =>
    line(event((_, __, { parameters }) => Object.assign(parameters, { [key]: text })));
const body =
  (write: EmbedText, contentType = "application/xml"): EmbedText =>
  (text) =>
    line(event((_, __, ___, response) => Object.assign(response, { contentType, responseBody: base64(write(text)) })));
const request =
  (change: (text: string) => object): EmbedText =>
  (text) =>
    line({
      v: 1,
      receivedAt: "2025-08-24T13:49:54.363Z",
      method: "POST",
      url: "/",
      headers: { host: "a.example", "content-type": "application/json", "x-twilio-signature": "AAAA" },
      body: esc([event()]),
      ...change(text),
    });
const form = (key: string, text: string): string =>
  `CallSid=${sid}&CallStatus=completed&${encoded(key)}=${encoded(text)}`;

/** Replaces lone surrogates, which have no UTF-8. */
const wellFormed = (text: string): string => Buffer.from(text).toString("utf8");
const encoded = (text: string): string => encodeURIComponent(wellFormed(text));

/** All places by name. Add a place here. */
export const places = {
  "the type": member(0, "type"),
  "the end of the type": (text) => line(event((whole) => Object.assign(whole, { type: `com.twilio.voice.${text}` }))),
  "the id": member(0, "id"),
  "the source": member(0, "source"),
  "the version": member(0, "specversion"),
  "the time": member(0, "time"),
  "the schema's name": member(0, "dataschema"),
  "the schema's version": (text) =>
    line(
      event((whole) =>
        Object.assign(whole, { dataschema: `https://events-schemas.twilio.com/Voice.WebhookEvent/${text}` }),
      ),
    ),
  "the content type of the data": member(0, "datacontenttype"),
  "an attribute that is an object": (text) =>
    line(
      event((whole) =>
        Object.assign(whole, { type: `com.twilio.voice.${text}`, id: { content: text, colSpan: 100_000, href: text } }),
      ),
    ),
  "a key of the event": (text) => line(event((whole) => Object.assign(whole, { [text]: text }))),
  "the call's SID": member(1, "sid"),
  "the event's SID": member(1, "eventSid"),
  "the data's time": member(1, "timestamp"),
  "the request's date": member(1, "requestDateCreated"),
  "a key of the data": (text) => line(event((_, data) => Object.assign(data, { [text]: {} }))),
  "the method": member(2, "method"),
  "the URL": member(2, "url"),
  "the URL's query": (text) =>
    line(event((_, __, asked) => Object.assign(asked, { url: `https://a:secret@example.com/?${text}` }))),
  "a parameter": parameter("FromCity"),
  "a parameter's name": (text) => parameter(text)(text),
  "the status of the call": parameter("CallStatus"),
  "the caller": parameter("From"),
  "the called": parameter("To"),
  "the direction": parameter("Direction"),
  "the parent call": parameter("ParentCallSid"),
  "the sequence number": parameter("SequenceNumber"),
  "the duration": parameter("CallDuration"),
  "the response's code": member(3, "responseCode"),
  "the response's duration": member(3, "requestDuration"),
  "the content type": member(3, "contentType"),
  "the charset": (text) =>
    line(event((_, __, ___, response) => Object.assign(response, { contentType: `text/xml; charset=${text}` }))),
  "the body, as base64": member(3, "responseBody"),
  "the body, as TwiML": body((text) => text),
  "the body, as plain text": body((text) => text, "text/plain"),
  "the body, as HTML": body((text) => `<!doctype html><p>${text}`, "text/html"),
  "the body, as JSON": body((text) => esc({ [text]: text }), "application/json"),
  "what is said": body((text) => `<Response><Say>${text}</Say></Response>`),
  "an attribute's value": body(
    (text) => `<Response><Say voice="${text}" language='x'>a</Say><Dial timeout="${text}"/></Response>`,
  ),
  "an attribute's name": body((text) => `<Response><Say ${text}="a">a</Say></Response>`),
  "an element's name": body((text) => `<Response><${text}>a</${text}></Response>`),
  "a comment": body((text) => `<Response><!-- ${text} --><Hangup/></Response>`),
  CDATA: body((text) => `<Response><Say><![CDATA[${text}]]></Say></Response>`),
  "a processing instruction": body((text) => `<?xml version="1.0"?><?x ${text}?><Response/>`),
  "the root": body((text) => `<${text}/>`),
  "an entity": body((text) => `<Response><Say>&${text};</Say></Response>`),
  "character references": body(
    (text) =>
      `<Response><Say>${[...text].map((char) => `&#x${char.codePointAt(0)?.toString(16)};`).join("")}</Say></Response>`,
  ),
  "the XML declaration": body((text) => `<?xml version="1.0" encoding="${text}"?><Response/>`),
  "an item of the Call Events resource": (text) =>
    line({
      events: [
        {
          request: { method: text, url: text, parameters: { call_status: text, [text]: text } },
          response: { response_code: 200, content_type: text, response_body: text, date_created: text },
        },
      ],
    }),
  "a form's value": (text) => `${form("FromCity", text)}\n`,
  "a form's key": (text) => `${form(text, text)}\n`,
  "a form's status": (text) => `CallSid=${sid}&CallStatus=${encoded(text)}\n`,
  "a wrapper's key": (text) => line({ [text]: [event()] }),
  "a wrapper's key, in a string": (text) =>
    line({ a: esc({ [text]: event((whole) => Object.assign(whole, { id: 1 })) }) }),
  "a log's prefix": (text) => `${wellFormed(text)} ${esc(event((whole) => Object.assign(whole, { id: 1 })))}\n`,
  "text between brackets": (text) =>
    `{"specversion":"1.0","type":"com.twilio.voice.${wellFormed(text)}" ${wellFormed(text)}}\n`,
  "a key that is not quoted": (text) => `{ type: 'com.twilio.voice.x', ${wellFormed(text)}: [Object] }\n`,
  "a number": (text) => `{"specversion":"1.0","type":"com.twilio.voice.x","id":1${wellFormed(text)}}\n`,
  "a key that stands twice": (text) =>
    `{"specversion":"1.0","type":"com.twilio.voice.x",${esc(text)}:1,${esc(text)}:2}\n`,
  "a header of binary mode": (text) =>
    line({
      headers: {
        "ce-specversion": "1.0",
        "ce-type": `com.twilio.voice.${text}`,
        "ce-id": text,
        "ce-source": text,
        "content-type": text,
      },
      body: text,
    }),
  "a recorded URL": request((text) => ({ url: `/${text}` })),
  "a recorded method": request((text) => ({ method: text })),
  "a recorded host": request((text) => ({
    headers: { host: text, "x-forwarded-host": text, "x-twilio-signature": "AAAA" },
  })),
  "a recorded signature": request((text) => ({
    headers: { host: "a.example", "content-type": text, "x-twilio-signature": text },
  })),
  "a recorded body": request((text) => ({ body: text, url: `/?bodySHA256=${text}` })),
  "a recorded form": request((text) => ({
    headers: { host: "a.example", "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": "AAAA" },
    body: form(text, text),
  })),
  "a raw request": (text) =>
    `POST /${wellFormed(text)} HTTP/1.1\r\nHost: a.example\r\nX-Twilio-Signature: ${wellFormed(text)}\r\nContent-Length: 0\r\n\r\n`,
} satisfies Readonly<Record<string, EmbedText>>;
