import { memoize } from "../input/memoize.ts";

/**
 * The words that names may be made of: those of Twilio's parameters and TwiML, of HTTP and of paths. None of them is a
 * person's. Whatever holds another word is taken to name somebody. Add a word here, unless somebody is called so.
 */
const words = `
a absent accept access account accounts ach action actions activity add additions addr address agent ai alias all
allow alphabet amazon amd amex amount amqp an analysis and annotation announce announcement announcements answer
answered any anytime api app application applications approximate apps args argument arn array arrival as ascii asr
assets assignment async at attachment attempt attempts attr attribute attributes audio audios auth authorization auto
autocreation automatic autopilot available average avg await aws awslogs b back backgroundnoisereduction backward bad
bank barge base batch beep before begin behind bin bit blocked bodies body boolean both branding break bridge bridged
bridging browser buffer bus busy button by byoc byte bytes bytesize c call callback callbacks called callee caller
callid calls calltoken cancel canceled cancelled capability capture captured captures card cardinal carrier cause cdr
cell cert cfm change changed channel channels character characters charge chat check checking child children city
class classic client clients clock coach coached code codec codes collect com command commands comment commercial
common complete completed completeness completion condition conditions conf conference conferences confidence config
configuration connect connected connecting connection connections connector consumer container content context control
conversation conversations copy core corrected correlation cost count country counts create created creates credential
credentials credit css currency current currents custom customer customers cut data datacontenttype dataschema date
dates day debit debug deep deepgramsmartformat default deferred degraded delay delete deleted delivered delivery demo
deployment depth description destination destinations detail details detected detection detector dev device diagnostic
dial dialed dialing dialogue dict digit digits direction directory disable disabled disconnect disconnected display do
docker document documents domain dominant down download dropped ds dtmf dual duplicate duration during early echo edge
edges egress element elements elevenlabs email emphasis empty enable enabled encoding end ended endpoint endpoints
ends engine enhanced enqueue enqueued enroute enter entered entity entries entry env envelope environment epoch error
errors escalate escalation event eventbridge events eventstreams evt example exception exec execution exit exited
expected expiration expiry extension external extra fail failed failover failure fallback false fax feature features
feedback fetch fetched field fields file files filter filters final finish finished firehose first flag flags flex
flow flows fold folder for form format forward forwarded forwarding fraction from full function functions gateway
gateways gather general get goodbye greeting group groups handle handler handlers handoff hangup har hash head header
headers health hello help hints history hit hold holds hook hooks host hour hours html http https human iam id
idempotency identifier identity ids ignorebackchannel image images in inbound incoming index info information
ingestion ingress initial initialize initialized initiate initiated inner input inputs insert insights instance int
integration intelligence intent interaction internal interpret interrupt interruptible invalid invoke ip ips is iso
issue issuer issues item items iterator ivr jitter job join joined jpg js json key keys keyword keywords kind kinesis
kubernetes label labels lambda language languages large last latency latest layer leave leaving left leg legs length
level levels limit line lines link links list listen listener live load local locale location log logged logger
logging logs lookup loop loss lost low machine maestro main man manual mapping mastercard match matches matching max
maximum mean media median medium member members menu message messages messaging meta metadata meter method methods
metric metrics mic middle millis milliseconds mime mimetype min minimum minute minutes mobile mode model models
moderate modified module monitor mono month mos move mp mpeg ms msg multi music mute muted n name names namespace nat
native nbsp nested nesting network new next ngrok no node noise none normal normalization not notation note notes
notification notifications notify null num number numbers object occurred octet of off offer offset ok old on one only
open operation operator option optional options opus or order ordinal origin originating origins other others out
outbound outcome outer outgoing output outputs over overall override owner p packet packets page pages param parameter
parameters params parent part partial participant participants partition parts passed passports password patch path paths
pattern pause pay payload payment payments pcmu pending percent performance permission ph phase phone phoneme phones
php ping pitch place plain plan platform play playback played plugin png pod policy polling port position post postal
postdata precision predicted preemptible prefix previous pricing primary priority private probe process processed
processing processor product profanity profile program progress project prompt prompts properties property prosody
proto protocol provider proxy ptr pub public publish publisher punctuation purchase put qos quality query question
queue queued queues quick quota range rate rates raw reached read ready real reason reasons receipt receive received
receiver record recorded recording recordings records redacted redirect redirected redirects reduced ref refer
reference referer referrer refs region registered registration reject rejected relay release remote remove removed
render reply report reporting reports request requested requester requests require required reroute reservation reset
resolution resource resources respond response responses result results resume retries retry return returned returns
reusable review revision ring ringing rings robot role room rooms root route router routes routing row rows rtc rtp
rtt rule rules run running runtime s sale sales sample samples save savings say scan scenario schema schemas score
screen script scripts sdk searched second secondary seconds section secure security segment segments select self send
sender sending sends sensitivity sent sentiment sequence sequential serial server serverless servers service services
session sessions set setting settings setup severity sha shard shared short shutdown sid sids signal signaling
signature signing silence sim simple since sink sinks sip siprec site size skip slot small sms sns social software
sound sounds source sources span speak speaker speaking specversion speech speechtimeout speed spell split sqs ssml
sso stack stage staging standard star start started starting state states static statistics stats status statuses std
stderr stdin stdout step steps stir stop stopped storage store stored stream streams strength string strong studio
style sub subaccount subject subscriber subscription subscriptions success successful sum summary support surcharge
survey switch sync synthesis system tag tags target targets task tasks tcp tel telephone telephony temp temporary
terminal terminating test testing tests text than that the then threshold thresholds through ticket tickets time
timeout timeouts timer times timestamp timezone title tls to token tone tools top topic total totals trace tracing
track tracking tracks traffic trail transaction transcribe transcript transcription transcriptions transcripts
transfer transferred transport trigger trim true trunk trunking trunks tts tunnels turn twilio twilios twiml twimls
two type types udp ulaw unanswered unavailable undefined under unit units unknown unmute unreachable unregistered
unstable unsubscribe until up update updated updates upload uri uris url urlencoded urls usage use user username users
utc utf util utterance uuid v valid validation value values vendor verb verified verify version versions verstat via
video view virtual visa voice voicemail voicemails voices volume w wait waiting warn warning was watch wav wave way
weak web webhook webhooks weight welcome whats when whole width with without woman word work worker workers workflow
workflows workspace wrap write written www x xml yes zip zone
`;

const known: ReadonlySet<string> = new Set(words.split(/\s+/));

/** The parts of a name: camelCase, snake_case, kebab-case and SHOUTING are taken apart, digits stand by themselves. */
const parts = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

/** No name is longer. */
const LONGEST = 120;

/** The longest run of digits in a name: a version, a counter, never a telephone number or a PIN. */
const LONGEST_NUMBER = 3;

/** Words that are names when nothing stands beside them. */
const alone: ReadonlySet<string> = new Set(["dev", "max"]);

/** Whether a text holds nothing but known words, small numbers and the signs between them: then it names nobody. */
export const isPlain = memoize(hasKnownWords, 4096, LONGEST);

function hasKnownWords(text: string): boolean {
  if (text.length > LONGEST || !/^[\w .:/+-]*$/.test(text) || alone.has(text.toLowerCase())) return false;
  let digits = 0;
  for (const [part] of text.matchAll(parts)) {
    if (/\d/.test(part)) {
      digits += part.length;
      if (digits > LONGEST_NUMBER) return false;
    } else if (!known.has(part.toLowerCase())) return false;
  }
  return true;
}

/** The country calling codes of one and two digits (ITU-T E.164, list of assigned codes); all others have three. */
const shortCodes: ReadonlySet<string> = new Set(
  (
    "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 " +
    "90 91 92 93 94 95 98"
  ).split(" "),
);

/** The country calling code that an international number begins with. */
export function countryCodeOf(digits: string): string {
  for (const length of [1, 2]) if (shortCodes.has(digits.slice(0, length))) return digits.slice(0, length);
  return digits.slice(0, 3);
}
