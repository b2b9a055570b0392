import { isPlain } from "./vocabulary.ts";

/**
 * What a field holds. `plain` to `schema` are shown where they look like it, and are unknown where they do not; the others
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
  | "schema"
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
  plain: `action answeredby attempt audiotrack bargein beep callbacksource callstatus channels codec dialcallstatus
    direction digitsfinished edge env event events family fidelity input inputs level kind method mode msg playbeep
    queueresult reason record recordingchannels recordingsource recordingstatus recordingtrack region role sequential sink
    source sourcetype speechmodel state status statuscallbackevent stirstatus stirverstat streamevent stream track
    transcriptionstatus trim twimlverb verb startconferenceonenter endconferenceonexit muted hold coaching loop
    answeronbridge hanguponstar interruptible debug enhanced profanityfilter actiononemptyresult transcribe bargeinmode
    callstatusreason machinedetection ringtone inboundautocreation jitterbuffersize copyparentto partialresults`,
  number: `avgqueuetime count callduration channel code confidence currentqueuesize dialcallduration duration end errorcode
    length limit maxlength maxparticipants maxqueuesize maxspeechtime numdigits page pagesize port priority queueposition
    queuetime recordingduration requestduration responsecode retries samplerate sequence sequencenumber sipresponsecode size
    speechtimeout start timelimit timeout volume weight machinedetectiontimeout machinedetectionspeechthreshold
    machinedetectionspeechendthreshold machinedetectionsilencetimeout machinedetectionduration numchannels`,
  time: `date datecreated datesent dateupdated endtime createdat receivedat recordingstarttime requestdatecreated starttime
    time timestamp ts updatedat datetime`,
  country: "calledcountry callercountry country countrycode fromcountry tocountry",
  language: "lang language languagecode xmllang",
  version: "apiversion specversion version",
  media: "contenttype datacontenttype",
  type: "type eventtype",
  schema: "dataschema",
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
  url: "absoluteurl action link referer referrer uri url href waiturl",
  ip: "ip ipaddress clientip remoteaddress sourceip xforwardedfor remoteip",
  body: "responsebody",
  document: "response_body twiml",
};

/** What other names hold, by how they end; the first that fits. */
const endings: readonly (readonly [RegExp, FieldKind])[] = [
  [/(?:^|[^a-z])sip-?header|^sipheader|^parameter[._]/i, "dropped"],
  [/(?:password|secret|token|apikey|passport|signature)$/i, "secret"],
  [/^x-?amz-|^sig/i, "secret"],
  [/(?:^|[a-z_-])sids?$/i, "sid"],
  [/[a-z_-](?:url|uri|callback)s?$/i, "url"],
  [/(?:[a-z]I|_i|-i|^i)ds?$/, "id"],
  [/(?:[a-z]I|_i|-i)p$/, "ip"],
  [/(?:country|country_code|countrycode)$/i, "country"],
  [/[a-z_](?:city|zip|postal_?code|address)$/i, "place"],
  [/(?:[a-z]|_)(?:method|callback_?event|status|direction|track)s?$/i, "plain"],
  [/(?:[a-z]|_)(?:duration|timeout|count|size|length|percent|ms|millis)$/i, "number"],
  [/(?:[a-z]A|_a)t$|(?:date_?(?:created|updated|sent)|timestamp|_time)$/i, "time"],
];

const kinds = new Map<string, FieldKind>();
// What is named twice is what stands further down: the stricter.
for (const [kind, names] of Object.entries(fields)) {
  for (const name of names.split(/\s+/)) kinds.set(name, kind as FieldKind);
}

/** Names that were looked at, as there are few; more are forgotten. */
const seen = new Map<string, FieldKind>();
const REMEMBERED = 4096;

/** What a field or parameter of this name holds, in any spelling: "CallSid", "call_sid", "callSid". */
export function kindOf(name: string): FieldKind {
  const known = seen.get(name);
  if (known !== undefined) return known;
  const kind =
    kinds.get(name) ?? kinds.get(flat(name)) ?? endings.find(([ending]) => ending.test(name))?.[1] ?? "unknown";
  if (seen.size >= REMEMBERED) seen.clear();
  seen.set(name, kind);
  return kind;
}

/** Whether the name itself can be shown: it is one of those above, or made of words that name nobody. */
export function isKnownName(name: string): boolean {
  return kinds.has(flat(name)) || (name.length < 64 && isPlain(name));
}

const flat = (name: string): string => name.replace(/[\s:_-]/g, "").toLowerCase();
