import { describe, expect, test } from "vitest";
import type { EventKind, JsonObject } from "../../src/events/event.ts";
import { type Changes, changed, sample, verdict } from "./support.ts";

const answered = sample("call-answered");

const callEvent: JsonObject = {
  request: {
    method: "POST",
    url: "https://api.twilio.com/2010-04-01/Accounts/ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Calls/CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json",
    parameters: { from: "+14155550101", to: "+14155550102", account_sid: "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
  },
  response: {
    response_code: 201,
    request_duration: 50,
    content_type: "application/json",
    response_body: '{"sid": "CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}',
    date_created: "Tue, 11 Aug 2020 17:44:08 +0000",
  },
};

const callback: JsonObject = {
  CallSid: "CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  AccountSid: "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  CallStatus: "completed",
  Timestamp: "Sun, 25 Mar 2018 09:53:19 +0000",
  CallbackSource: "call-progress-events",
  SequenceNumber: "3",
  Duration: "1",
  CallDuration: "49",
};

type Case = readonly [title: string, changes: Changes, findings: readonly string[]];

function table(title: string, start: JsonObject, kind: EventKind, cases: readonly Case[]): void {
  describe(title, () => {
    test("a clean one has no finding", () => expect(verdict(start, kind)).toEqual([]));
    test.each(cases)("%s", (_, changes, findings) => expect(verdict(changed(start, changes), kind)).toEqual(findings));
  });
}

const wrongEnvelope = (attribute: string): readonly Case[] => [
  [`${attribute} missing`, { [`/${attribute}`]: undefined }, ["envelope "]],
  [`${attribute} empty`, { [`/${attribute}`]: "" }, [`envelope /${attribute}`]],
  [`${attribute} null`, { [`/${attribute}`]: null }, [`envelope /${attribute}`]],
  [`${attribute} a number`, { [`/${attribute}`]: 1 }, [`envelope /${attribute}`]],
];

table("envelope", answered, "event", [
  ...["specversion", "id", "source", "type"].flatMap(wrongEnvelope),
  ["specversion of a draft", { "/specversion": "0.3" }, ["envelope /specversion"]],
  ["id of any form", { "/id": "delivery 7" }, []],
  ["id of a UUID", { "/id": "3f1c0b60-7e1a-4a59-9b8e-0a6f1a6d6f11" }, []],
  ["unknown attribute", { "/traceparent": "00-1" }, []],
  ["subject empty", { "/subject": "" }, ["envelope /subject"]],
]);

table("envelope-content-type", answered, "event", [
  ["absent", { "/datacontenttype": undefined }, []],
  ["null counts as absent", { "/datacontenttype": null }, []],
  ["with a parameter", { "/datacontenttype": "application/json; charset=utf-8" }, []],
  ["another media type", { "/datacontenttype": "application/cloudevents+json" }, []],
  ["a timestamp", { "/datacontenttype": "2025-10-08T07:17:02.363Z" }, ["envelope-content-type /datacontenttype"]],
  ["a word", { "/datacontenttype": "json" }, ["envelope-content-type /datacontenttype"]],
  ["empty", { "/datacontenttype": "" }, ["envelope-content-type /datacontenttype"]],
  ["a number", { "/datacontenttype": 1 }, ["envelope-content-type /datacontenttype"]],
]);

table("schema", answered, "event", [
  ["data missing", { "/data": undefined }, ["schema "]],
  ["data null", { "/data": null }, ["schema /data"]],
  ["data an array", { "/data": [] }, ["schema /data"]],
  ["data a string that is no JSON", { "/data": "{sid" }, ["schema /data"]],
  ["data a string of a number", { "/data": "5" }, ["schema /data"]],
  ["data a string of an object", { "/data": JSON.stringify(answered.data) }, []],
  ["data a string of a faulty object", { "/data": '{"sid":1}' }, ["schema /data/sid"]],
  ["sid missing", { "/data/sid": undefined }, ["schema /data"]],
  ["no request and no response", { "/data/request": undefined, "/data/response": undefined }, []],
  ["request a string", { "/data/request": "POST" }, ["schema /data/request"]],
  [
    "request without method and url",
    { "/data/request": { parameters: {} } },
    ["schema /data/request", "schema /data/request"],
  ],
  ["responseCode a string", { "/data/response/responseCode": "200" }, ["schema /data/response/responseCode"]],
  ["responseCode a fraction", { "/data/response/responseCode": 200.5 }, ["schema /data/response/responseCode"]],
  ["responseBody null", { "/data/response/responseBody": null }, ["schema /data/response/responseBody"]],
  ["timestamp a number", { "/data/timestamp": 1756043394 }, ["schema /data/timestamp"]],
  ["requestDateCreated null", { "/data/requestDateCreated": null }, ["schema /data/requestDateCreated"]],
  ["an unknown field", { "/data/response/more": [1] }, []],
  ["a key of Object.prototype for sid", { "/data": { toString: 1, constructor: 2 } }, ["schema /data"]],
]);

const schemaUrl = "https://events-schemas.twilio.com";
table("schema-unknown", answered, "event", [
  ["version 1", { "/dataschema": `${schemaUrl}/Voice.WebhookEvent/1` }, []],
  ["with .json", { "/dataschema": `${schemaUrl}/Voice.WebhookEvent/2.json` }, []],
  ["of the API", { "/dataschema": "https://events.twilio.com/v1/Schemas/Voice.WebhookEvent/Versions/2" }, []],
  ["the bare name", { "/dataschema": "Voice.WebhookEvent/2" }, []],
  ["missing", { "/dataschema": undefined }, ["schema-unknown "]],
  ["a number", { "/dataschema": 2 }, ["schema-unknown /dataschema"]],
  [
    "missing, judged by the latest",
    { "/dataschema": undefined, "/data/sid": 1 },
    ["schema-unknown ", "schema /data/sid"],
  ],
  [
    "a later version, judged by the latest",
    { "/dataschema": `${schemaUrl}/Voice.WebhookEvent/99`, "/data/sid": 1 },
    ["schema-unknown /dataschema", "schema /data/sid"],
  ],
  ["no version", { "/dataschema": `${schemaUrl}/Voice.WebhookEvent` }, ["schema-unknown /dataschema"]],
  [
    "another family, not judged",
    { "/dataschema": `${schemaUrl}/Messaging.MessageStatus/1`, "/data": {} },
    ["schema-unknown /dataschema"],
  ],
  [
    "another family of an unknown type, not judged",
    { "/type": "com.twilio.taskrouter.task.created", "/dataschema": `${schemaUrl}/TaskRouter.Event/1`, "/data": {} },
    ["type-unknown /type", "schema-unknown /dataschema"],
  ],
  [
    "missing for a family that is not bundled",
    { "/type": "com.twilio.eventstreams.test-event", "/dataschema": undefined, "/data": {} },
    ["schema-unknown "],
  ],
]);

table("type", answered, "event", [
  ["a slip of the pen", { "/type": "com.twilio.voice.status-callback.call.answred" }, ["type-unknown /type"]],
  ["another product", { "/type": "com.twilio.messaging.message.sent" }, ["type-unknown /type"]],
  ["deprecated", { "/type": "com.twilio.voice.webhook.status-callback.call.answered" }, ["type-deprecated /type"]],
]);

const parameters = "/data/request/parameters";
table("sid-format", answered, "event", [
  ["id too short", { "/id": "NO00000000000000000000000001" }, ["sid-format /id"]],
  ["sid too short", { "/data/sid": "CA0000000000000000000000000000001" }, ["sid-format /data/sid"]],
  ["sid of an account", { "/data/sid": `AC${"0".repeat(32)}` }, ["sid-format /data/sid"]],
  ["sid masked", { "/data/sid": `CA${"x".repeat(32)}` }, ["sid-format /data/sid"]],
  ["sid with capitals", { "/data/sid": `CA${"ABCDEF01".repeat(4)}` }, []],
  [
    "sid of a conference event",
    {
      "/type": "com.twilio.voice.status-callback.conference.updated",
      "/data/sid": `CF${"0".repeat(32)}`,
      [parameters]: {},
    },
    [],
  ],
  ["eventSid in lower case", { "/data/eventSid": `vw${"0".repeat(32)}` }, ["sid-format /data/eventSid"]],
  ["CallSid", { [`${parameters}/CallSid`]: "CA1" }, [`sid-format ${parameters}/CallSid`]],
  ["AccountSid", { [`${parameters}/AccountSid`]: "x" }, [`sid-format ${parameters}/AccountSid`]],
  ["ParentCallSid", { [`${parameters}/ParentCallSid`]: "" }, [`sid-format ${parameters}/ParentCallSid`]],
]);

table("time-format", answered, "event", [
  ["time in RFC 2822", { "/time": "Sun, 24 Aug 2025 13:49:54 +0000" }, ["time-format /time"]],
  ["time a number", { "/time": 1756043394 }, ["time-format /time"]],
  ["time absent", { "/time": undefined }, []],
  ["timestamp without a zone", { "/data/timestamp": "2025-08-24T13:49:54" }, ["time-format /data/timestamp"]],
  [
    "requestDateCreated in RFC 3339",
    { "/data/requestDateCreated": "2025-08-24T13:49:54.363Z" },
    ["time-format /data/requestDateCreated"],
  ],
  [
    "dateCreated on the wrong weekday",
    { "/data/response/dateCreated": "Mon, 24 Aug 2025 13:49:54 +0000" },
    ["time-format /data/response/dateCreated"],
  ],
  ["Timestamp a number", { [`${parameters}/Timestamp`]: 1756043394 }, [`time-format ${parameters}/Timestamp`]],
]);

table("time-skew", answered, "event", [
  [
    "an hour to the millisecond",
    { "/time": "2025-08-24T14:49:54.000Z", "/data/timestamp": "2025-08-24T13:49:54.000Z" },
    [],
  ],
  ["later", { "/time": "2025-08-24T14:49:54.001Z" }, ["time-skew /time"]],
  ["in another zone", { "/time": "2025-08-24T15:49:54.363+02:00" }, []],
  ["earlier", { "/data/response/dateCreated": "Sat, 23 Aug 2025 13:49:54 +0000" }, ["time-skew /time"]],
]);

const response = "/data/response";
table("response-failed", answered, "event", [
  ["399", { [`${response}/responseCode`]: 399 }, []],
  ["400", { [`${response}/responseCode`]: 400 }, ["response-failed /data/response/responseCode"]],
  ["503", { [`${response}/responseCode`]: 503 }, ["response-failed /data/response/responseCode"]],
]);

table("response-slow", answered, "event", [
  ["5 s", { [`${response}/requestDuration`]: 5000 }, []],
  ["longer", { [`${response}/requestDuration`]: 5001 }, ["response-slow /data/response/requestDuration"]],
]);

table("body-base64", answered, "event", [
  ["empty", { [`${response}/responseBody`]: "" }, []],
  ["plain XML", { [`${response}/responseBody`]: "<Response/>" }, ["body-base64 /data/response/responseBody"]],
  ["cut", { [`${response}/responseBody`]: "PFJlc3BvbnNlLz" }, ["body-base64 /data/response/responseBody"]],
]);

table("API request", sample("api-request-call-created"), "event", [
  ["refused", { [`${response}/responseCode`]: 401 }, ["response-failed /data/response/responseCode"]],
  ["slow, which is Twilio's own", { [`${response}/requestDuration`]: 9000 }, []],
]);

table("call event of the REST resource", callEvent, "call-event", [
  ["no request", { "/request": undefined }, ["schema "]],
  ["response_code a string", { "/response/response_code": "201" }, ["schema /response/response_code"]],
  ["date_created missing", { "/response/date_created": undefined }, ["schema /response"]],
  ["a plain body is right", { "/response/response_body": "<Response/>" }, []],
  ["failed", { "/response/response_code": 500 }, ["response-failed /response/response_code"]],
  [
    "slow",
    { "/response/request_duration": 15000, "/request/url": "https://ivr.example.com/" },
    ["response-slow /response/request_duration"],
  ],
  ["account_sid", { "/request/parameters/account_sid": "AC1" }, ["sid-format /request/parameters/account_sid"]],
  ["date_created", { "/response/date_created": "2020-08-11" }, ["time-format /response/date_created"]],
]);

table("status callback", callback, "callback", [
  ["no CallSid", { "/CallSid": undefined }, ["schema "]],
  ["unknown CallStatus", { "/CallStatus": "answered" }, ["schema /CallStatus"]],
  ["cancelled with two l", { "/CallStatus": "cancelled" }, []],
  ["CallDuration with a unit", { "/CallDuration": "49s" }, ["schema /CallDuration"]],
  ["SequenceNumber negative", { "/SequenceNumber": "-1" }, ["schema /SequenceNumber"]],
  ["CallSid too short", { "/CallSid": "CA1" }, ["sid-format /CallSid"]],
  ["Timestamp", { "/Timestamp": "yesterday" }, ["time-format /Timestamp"]],
]);
