import { memoize } from "../input/memoize.ts";
import { isPlain } from "./known-words.ts";

/**
 * What a field holds. `plain` to `type` are shown where they look like it, and are unknown where they do not; the others
 * are redacted by what they are (a `body` is base64, a `document` in clear); `unknown` by what it looks like, and what looks
 * like nothing is replaced.
 */
export type FieldKind =
  | "plain"
  | "number"
  | "time"
  | "country"
  | "language"
  | "version"
  | "media"
  | "type"
  | "party"
  | "name"
  | "place"
  | "text"
  | "digits"
  | "secret"
  | "dropped"
  | "sid"
  | "id"
  | "url"
  | "ip"
  | "body"
  | "document"
  | "unknown";

/**
 * Fields by what they hold, in small letters without signs between: the parameters of status callbacks and TwiML requests
 * (twilio.com/docs/voice/api/call-resource#statuscallback), the attributes of TwiML and of CloudEvents. Add a field here;
 * one that is not here is taken to hold a person.
 */
const fields: Readonly<Partial<Record<FieldKind, string>>> = {
  plain: `action answeredby attempt audiotrack bargein beep callbacksource callstatus channels code codec dialcallstatus
    direction digitsfinished edge env event events family fidelity input inputs level kind method mode msg playbeep
    queueresult reason record recordingchannels recordingsource recordingstatus recordingtrack region role sequential sink
    source sourcetype speechmodel state status statuscallbackevent stirstatus stirverstat streamevent stream track
    transcriptionstatus trim twimlverb verb startconferenceonenter endconferenceonexit muted hold coaching loop
    answeronbridge hanguponstar interruptible debug enhanced profanityfilter actiononemptyresult transcribe bargeinmode
    callstatusreason machinedetection ringtone inboundautocreation jitterbuffersize copyparentto partialresults`,
  number: `avgqueuetime bytes count callduration channel confidence currentqueuesize dialcallduration duration end errorcode
    length limit maxlength maxparticipants maxqueuesize maxspeechtime millis milliseconds ms numdigits offset page pagesize port priority queueposition
    queuetime recordingduration requestduration responsecode retries samplerate sequence seconds sequencenumber sipresponsecode size
    speechtimeout start timelimit timeout volume weight machinedetectiontimeout machinedetectionspeechthreshold
    machinedetectionspeechendthreshold machinedetectionsilencetimeout machinedetectionduration numchannels`,
  time: `date datecreated datesent dateupdated endtime createdat receivedat recordingstarttime requestdatecreated starttime
    time timestamp ts updatedat datetime`,
  country: "calledcountry callercountry country countrycode fromcountry tocountry",
  language: "lang language languagecode xmllang",
  version: "apiversion specversion version",
  media: "contenttype datacontenttype",
  type: "type eventtype",
  party: `called caller callerid client dialto forwardedfrom forwardedto from identity mobile number origin outboundnumber
    parentcaller phone phonenumber recipient sender target tel to redirecteddialednumber diversion passertedidentity
    remotepartyid sip uri contact whatsapp refertransfertarget`,
  name: `agent callername conference conferencename connectorname displayname firstname fullname friendlyname label
    lastname name participantlabel queue queuename referredby room streamname subject surname user username customerid
    customer coachname inboundtracklabel outboundtracklabel participantidentity customername callerlabel`,
  place: `address calledcity calledstate calledzip callercity callerstate callerzip city fromcity fromstate fromzip lat
    latitude lng location lon long longitude postalcode street tocity tostate tozip zip`,
  text: `description hints message note notes partialtext prompt say smsbody speechresult stablespeechresult subtitle text
    transcript transcription transcriptiondata transcriptiontext unstablespeechresult welcomegreeting voice`,
  digits: `bankaccountnumber bankroutingnumber cardnumber digit digits expirationdate finishedonkey finishonkey pin
    paymentcardnumber securitycode senddigits`,
  secret: `accesskey accesstoken apikey apisecret auth authorization authtoken calltoken clientsecret cookie key otp passwd
    passcode password passport passports pwd secret setcookie sig signature token xtwiliosignature bodysha256 stirpassporttoken`,
  dropped: "sipheaders customparameters value headers",
  sid: "coach",
  id: "id",
  url: "absoluteurl action dataschema link referer referrer uri url href waiturl",
  ip: "ip ipaddress clientip remoteaddress sourceip xforwardedfor remoteip",
  body: "responsebody",
  document: "response_body twiml",
};

/** Names that end with one of the words, in camelCase, snake_case or kebab-case: "ringCount" and "ring_count", not "account". */
function lastWord(...words: readonly string[]): RegExp {
  const capitals = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return new RegExp(`(?:[a-z\\d](?:${capitals.join("|")})|[_-](?:${words.join("|")}))$`);
}

/** What other names hold, mostly by how they end; the first that fits. */
const endings: readonly (readonly [RegExp, FieldKind])[] = [
  [/(?:^|[^a-z])sip[_-]?header|^parameter[._]/i, "dropped"],
  [/(?:password|secret|token|apikey|passport|signature)$/i, "secret"],
  [/^x-?amz-|^sig/i, "secret"],
  [/(?:^|[a-z_-])sids?$/i, "sid"],
  [/[a-z_-](?:url|uri|callback)s?$/i, "url"],
  [lastWord("ids?"), "id"],
  [lastWord("ip"), "ip"],
  [/country(?:_?code)?$/i, "country"],
  [/[a-z_](?:city|zip|postal_?code|address)$/i, "place"],
  [/(?:method|callback_?event|status|direction|track)s?$/i, "plain"],
  [lastWord("duration", "timeout", "count", "size", "length", "percent", "ms", "millis"), "number"],
  [lastWord("at", "time", "timestamp"), "time"],
  [/date_?(?:created|updated|sent)$/i, "time"],
];

const kinds = new Map<string, FieldKind>();
// What is named twice is what stands further down: the stricter.
for (const [kind, names] of Object.entries(fields)) {
  for (const name of names.split(/\s+/)) kinds.set(name, kind as FieldKind);
}

/** What a field or parameter of this name holds, in any spelling: "CallSid", "call_sid", "callSid". */
export const kindOf = memoize((name): FieldKind => {
  return kinds.get(name) ?? kinds.get(flat(name)) ?? endings.find(([ending]) => ending.test(name))?.[1] ?? "unknown";
}, 4096);

/** Whether the name itself can be shown: it is one of those above, or made of words that name nobody. */
export function isKnownName(name: string): boolean {
  return kinds.has(flat(name)) || (name.length < 64 && isPlain(name));
}

const flat = (name: string): string => name.replace(/[\s:_-]/g, "").toLowerCase();

/** As Twilio writes times: RFC 3339 and RFC 2822. */
export const timeShape =
  /^(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UTC|Z))$/;

/** What fields of these kinds look like where they can be shown. */
export const shapes = {
  number: /^-?\d{1,6}(?:\.\d{1,6})?$/,
  time: timeShape,
  country: /^[A-Z]{2}$/,
  language: /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/,
  version: /^(?:\d{4}-\d\d-\d\d|v?\d{1,2}(?:\.\d{1,3}){0,2})$/,
  type: /^com\.twilio\.[a-z]+(?:[.-][a-z]+)*$/,
} as const satisfies Partial<Record<FieldKind, RegExp>>;

const mediaShape = /^([a-z]+\/[a-z0-9.+-]{1,60})(?:\s*;\s*charset\s*=\s*"?([\w-]{1,20})"?)?\s*$/i;
const charsets = /^(?:utf-?(?:8|16(?:[bl]e)?)|us-ascii|iso-8859-\d{1,2}|windows-125\d|latin1)$/i;

/** Whether it is a media type of known words, with a known charset. */
export function isMedia(value: string): boolean {
  const [, type, charset] = mediaShape.exec(value) ?? [];
  return type !== undefined && isPlain(type) && (charset === undefined || charsets.test(charset));
}

/** From 2001 to 2099, in seconds, milliseconds or microseconds; or a length of time. */
export function isEpoch(value: number): boolean {
  return [1, 1e3, 1e6].some((unit) => value >= 1e9 * unit && value < 4.1e9 * unit) || (value >= 0 && value < 1e4);
}
