import { describe, expect, test } from "vitest";
import { lintTwiml } from "../../../src/twiml/lint/lint-twiml.ts";

const answering = "https://app.example/voice?step=1";

/** Each finding as "rule line:column", in order. */
function found(text: string, executed = true, url = answering): readonly string[] {
  return lintTwiml(text, { executed, url }).map(({ rule, at }) => `${rule} ${at?.line}:${at?.column}`);
}

function messages(text: string): readonly string[] {
  return lintTwiml(text, { executed: true, url: answering }).map(({ message }) => message);
}

/** What people send: the mistake in words, the answer, the finding. */
const mistakes: readonly (readonly [string, string, string])[] = [
  ["a bare & in text", "<Response>\n  <Say>Tom & Jerry</Say>\n</Response>", "twiml-syntax 2:12"],
  ["a bare & in a URL", "<Response><Redirect>/a?b=1&c=2</Redirect></Response>", "twiml-syntax 1:27"],
  ["a bare & in an attribute", '<Response><Gather action="/a?b=1&c=2"/></Response>', "twiml-syntax 1:33"],
  ["a bare & behind an emoji", "<Response><Say>😀 & you</Say></Response>", "twiml-syntax 1:19"],
  ["an HTML entity", "<Response><Say>caf&eacute;</Say></Response>", "twiml-syntax 1:19"],
  ["a non-breaking space entity", "<Response>\r\n<Say>a&nbsp;b</Say></Response>", "twiml-syntax 2:7"],
  ["a bare < in text", "<Response><Say>if a < b</Say></Response>", "twiml-syntax 1:21"],
  ["a heart", "<Response><Say>I <3 you</Say></Response>", "twiml-syntax 1:18"],
  ["a wrong close tag", "<Response><Say>hi</Play></Response>", "twiml-syntax 1:18"],
  ["a close tag in another case", "<Response><Say>hi</say></Response>", "twiml-syntax 1:18"],
  ["an element left open", "<Response><Gather>\n<Say>hi\n</Gather></Response>", "twiml-syntax 2:1"],
  ["a document cut off in text", "<Response><Say>Hello and welc", "twiml-syntax 1:11"],
  ["a document cut off in a tag", '<Response><Say voice="al', "twiml-syntax 1:22"],
  ["a document without its last tag", "<Response><Hangup/>", "twiml-syntax 1:1"],
  ["overlapping tags", "<Response><Say><emphasis>hi</Say></emphasis></Response>", "twiml-syntax 1:16"],
  ["an unquoted value", "<Response><Gather numDigits=4/></Response>", "twiml-syntax 1:19"],
  ["typographic quotes", "<Response><Say voice=“alice”>hi</Say></Response>", "twiml-syntax 1:16"],
  ["an attribute without a value", "<Response><Gather bargeIn/></Response>", "twiml-syntax 1:19"],
  ["no blank between attributes", '<Response><Gather timeout="5"numDigits="4"/></Response>', "twiml-syntax 1:30"],
  ["an attribute twice", '<Response><Gather input="dtmf"\n input="speech"/></Response>', "twiml-syntax 2:2"],
  ["a quote left open", '<Response><Say voice="alice>hi</Say></Response>', "twiml-syntax 1:31"],
  ["a < in a value", '<Response><Gather hints="a<b"/></Response>', "twiml-syntax 1:27"],
  ["a comma between attributes", '<Response><Gather timeout="5", numDigits="4"/></Response>', "twiml-syntax 1:30"],
  ["a tag without its >", "<Response><Say</Response>", "twiml-syntax 1:11"],
  ["a leading line break", '\n<?xml version="1.0"?>\n<Response/>', "twiml-syntax 2:1"],
  ["a leading blank", ' <?xml version="1.0"?><Response/>', "twiml-syntax 1:2"],
  ["debug output before the declaration", 'user 12\n<?xml version="1.0"?><Response/>', "twiml-syntax 1:1"],
  ["a PHP warning", '<br />\n<b>Warning</b>: x\n<?xml version="1.0"?><Response/>', "twiml-syntax 1:1"],
  ["a second byte order mark", '\uFEFF\uFEFF<?xml version="1.0"?><Response/>', "twiml-syntax 1:2"],
  ["a byte order mark behind a line break", "\n\uFEFF<Response/>", "twiml-syntax 2:1"],
  ["a zero-width space", "\u200B<Response/>", "twiml-syntax 1:1"],
  ["a declaration in the middle", '<Response><?xml version="1.0"?></Response>', "twiml-syntax 1:11"],
  ["a broken declaration", '<?xml version="1.0" encoding=UTF-8?><Response/>', "twiml-syntax 1:1"],
  ["two answers in one", "<Response/>\n<Response><Hangup/></Response>", "twiml-syntax 2:1"],
  ["debug output behind the document", "<Response/>\ndone in 3 ms", "twiml-syntax 2:1"],
  ["a stray close tag", "<Response></Response></Response>", "twiml-syntax 1:22"],
  ["plain text", "OK", "twiml-syntax 1:1"],
  ["JSON", '{"success":true}', "twiml-syntax 1:1"],
  ["TwiML in a JSON string", '"<Response><Hangup/></Response>"', "twiml-syntax 1:1"],
  ["escaped TwiML", "&lt;Response&gt;&lt;/Response&gt;", "twiml-syntax 1:1"],
  ["an empty answer", "", "twiml-syntax 1:1"],
  ["an error page", "<!DOCTYPE html>\n<html><body><h1>502</h1></body></html>", "twiml-syntax 1:1"],
  ["a well-formed page", "<html><body>Sign in</body></html>", "twiml-root 1:1"],
  ["a DOCTYPE", "<!DOCTYPE Response>\n<Response/>", "twiml-syntax 1:1"],
  ["-- in a comment", "<Response><!-- todo -- later --></Response>", "twiml-syntax 1:21"],
  ["a comment left open", "<Response>\n<!-- todo\n</Response>", "twiml-syntax 2:1"],
  ["a CDATA section left open", "<Response><Say><![CDATA[a & b</Say></Response>", "twiml-syntax 1:16"],
  ["]]> in text", "<Response><Say>x]]>y</Say></Response>", "twiml-syntax 1:17"],
  ["]]> at the beginning of a text", "<Response><Say>]]></Say></Response>", "twiml-syntax 1:16"],
  ["a control character", "<Response><Say>ring\u0007</Say></Response>", "twiml-syntax 1:20"],
  ["a reference to a control character", "<Response><Say>&#27;[2J</Say></Response>", "twiml-syntax 1:16"],
  ["a template tag", "<Response><% if (user) %></Response>", "twiml-syntax 1:11"],

  ["the root in another case", "<response><Hangup/></response>", "twiml-root 1:1"],
  ["a verb without a root", "<Say>hi</Say>", "twiml-root 1:1"],
  ["another root", "<Twiml><Say>hi</Say></Twiml>", "twiml-root 1:1"],

  ["a verb in lower case", "<Response><say>hi</say></Response>", "twiml-element 1:11"],
  ["a verb in upper case", "<Response>\n\t<HANGUP/></Response>", "twiml-element 2:2"],
  ["a misspelt verb", '<Response><Gahter numDigits="4"/></Response>', "twiml-element 1:11"],
  ["a verb of messaging", "<Response><Message>hi</Message></Response>", "twiml-element 1:11"],
  ["a verb of another platform", "<Response><Speak>hi</Speak></Response>", "twiml-element 1:11"],
  ["SSML in another case", '<Response><Say>a<Break time="1s"/></Say></Response>', "twiml-element 1:17"],
  ["HTML in speech", "<Response><Say>a<br/>b</Say></Response>", "twiml-element 1:17"],

  ["<Number> outside <Dial>", "<Response><Number>+14155550100</Number></Response>", "twiml-nesting 1:11"],
  ["<Stream> outside <Connect>", '<Response><Stream url="wss://a.example"/></Response>', "twiml-nesting 1:11"],
  [
    "a verb in <Gather> that may not",
    "<Response><Gather><Say>hi</Say><Hangup/></Gather></Response>",
    "twiml-nesting 1:32",
  ],
  ["<Start> in <Gather>", "<Response><Gather><Say>a</Say><Start/></Gather></Response>", "twiml-nesting 1:31"],
  ["a verb in speech", "<Response><Say>hi <Play>/a.mp3</Play></Say></Response>", "twiml-nesting 1:19"],
  ["SSML outside of speech", '<Response><break time="1s"/></Response>', "twiml-nesting 1:11"],
  ["<Say> in <Dial>", "<Response><Dial><Say>hi</Say></Dial></Response>", "twiml-nesting 1:17"],
  ["text in <Response>", "<Response>\n  Hello\n</Response>", "twiml-nesting 2:3"],
  ["text in <Gather>", "<Response><Gather>Press 1<Say>or</Say></Gather></Response>", "twiml-nesting 1:19"],
  ["text in <Pause>", "<Response><Pause>5</Pause></Response>", "twiml-nesting 1:18"],
  [
    "<Conference> beside <Number>",
    "<Response><Dial><Number>+14155550100</Number><Conference>a</Conference></Dial></Response>",
    "twiml-nesting 1:46",
  ],

  [
    "statusCallbackEvent on <Dial>",
    '<Response><Dial statusCallbackEvent="answered">+14155550100</Dial></Response>',
    "twiml-attribute 1:17",
  ],
  ["an attribute in another case", '<Response><Say Voice="man">hi</Say></Response>', "twiml-attribute 1:16"],
  ["an attribute in snake case", '<Response><Record max_length="30"/></Response>', "twiml-attribute 1:19"],
  ["a misspelt attribute", '<Response><Pause\n  lenght="2"/></Response>', "twiml-attribute 2:3"],
  ["a made-up attribute", '<Response><Hangup reason="busy"/></Response>', "twiml-attribute 1:19"],
  ["finishOnKey on <Dial>", '<Response><Dial finishOnKey="#">+14155550100</Dial></Response>', "twiml-attribute 1:17"],

  ["a timeout in words", '<Response><Dial timeout="ten">+14155550100</Dial></Response>', "twiml-value 1:17"],
  ["a timeout with its unit", '<Response><Pause length="5s"/></Response>', "twiml-value 1:18"],
  ["a timeout of nothing", '<Response><Dial timeout="0">+14155550100</Dial></Response>', "twiml-value 1:17"],
  ["half a second", '<Response><Pause length="0.5"/></Response>', "twiml-value 1:18"],
  ["a boolean of Python", '<Response><Gather bargeIn="True"><Say>a</Say></Gather></Response>', "twiml-value 1:19"],
  ["a boolean in words", '<Response><Record playBeep="yes"/></Response>', "twiml-value 1:19"],
  ["a method in lower case", '<Response><Redirect method="post">/a</Redirect></Response>', "twiml-value 1:21"],
  ["a method that is none", '<Response><Redirect method="PUT">/a</Redirect></Response>', "twiml-value 1:21"],
  ["a reason that is none", '<Response><Reject reason="declined"/></Response>', "twiml-value 1:19"],
  [
    "events with commas",
    '<Response><Dial><Number statusCallbackEvent="initiated,ringing">+14155550100</Number></Dial></Response>',
    "twiml-value 1:25",
  ],
  [
    "an event that is none",
    '<Response><Dial><Client statusCallbackEvent="busy failed">ann</Client></Dial></Response>',
    "twiml-value 1:25",
  ],
  ["an input that is none", '<Response><Gather input="voice"><Say>a</Say></Gather></Response>', "twiml-value 1:19"],
  ["a key that is none", '<Response><Gather finishOnKey="A"><Say>a</Say></Gather></Response>', "twiml-value 1:19"],
  [
    "digits to send in words",
    '<Response><Dial><Number sendDigits="1,2">+14155550100</Number></Dial></Response>',
    "twiml-value 1:25",
  ],
  ["a national number", "<Response><Dial>\n  (415) 555-0100\n</Dial></Response>", "twiml-value 2:3"],
  ["a number with blanks", "<Response><Dial><Number>+1 415 555 0100</Number></Dial></Response>", "twiml-value 1:25"],
  [
    "a SIP address as a number",
    "<Response><Dial><Number>sip:a@b.example</Number></Dial></Response>",
    "twiml-value 1:25",
  ],
  ["a client as a number", "<Response><Dial>client:ann</Dial></Response>", "twiml-value 1:17"],
  ["a SIP address without its scheme", "<Response><Dial><Sip>a@b.example</Sip></Dial></Response>", "twiml-value 1:22"],
  [
    "a caller id as people write it",
    '<Response><Dial callerId="415-555-0100">+14155550100</Dial></Response>',
    "twiml-value 1:17",
  ],
  ["a URL without its scheme", "<Response><Play>www.example.com/a.mp3</Play></Response>", "twiml-value 1:17"],
  ["a file for a URL", "<Response><Play>file:///tmp/a.mp3</Play></Response>", "twiml-value 1:17"],
  ["a URL of this machine", "<Response><Redirect>http://localhost:3000/a</Redirect></Response>", "twiml-value 1:21"],
  [
    "a URL of this network",
    '<Response><Gather action="http://192.168.1.4/a"><Say>a</Say></Gather></Response>',
    "twiml-value 1:19",
  ],
  ["a URL with a blank", "<Response><Play>/hold music.mp3</Play></Response>", "twiml-value 1:17"],
  [
    "a URL with an unfilled place",
    "<Response><Redirect>/call/undefined/next</Redirect></Response>",
    "twiml-value 1:21",
  ],
  ["a URL with a template left in", "<Response><Play>{{baseUrl}}/a.mp3</Play></Response>", "twiml-value 1:17"],
  ["a password in a URL", "<Response><Play>https://u:secret@a.example/b</Play></Response>", "twiml-value 1:17"],
  [
    "a stream over HTTP",
    '<Response><Connect><Stream url="https://a.example"/></Connect></Response>',
    "twiml-value 1:28",
  ],
  ["speech too long", `<Response><Say>${"a".repeat(4097)}</Say></Response>`, "twiml-value 1:16"],
  [
    "Polly speech too long",
    `<Response><Say voice="Polly.Amy">${"a".repeat(3001)}</Say></Response>`,
    "twiml-value 1:34",
  ],

  ["nothing to say", "<Response><Say></Say></Response>", "twiml-empty 1:11"],
  ["blanks to say", "<Response><Say>  \n </Say></Response>", "twiml-empty 1:11"],
  ["nobody to dial", "<Response><Dial/></Response>", "twiml-empty 1:11"],
  ["an empty number", "<Response><Dial><Number></Number></Dial></Response>", "twiml-empty 1:17"],
  ["a conference without a name", "<Response><Dial><Conference/></Dial></Response>", "twiml-empty 1:17"],
  ["nothing to play", "<Response><Play/></Response>", "twiml-empty 1:11"],
  ["<Gather> without children", '<Response><Gather numDigits="1"/></Response>', "twiml-empty 1:11"],

  ["a redirect to itself", `<Response><Redirect>${answering}</Redirect></Response>`, "twiml-loop 1:11"],
  ["a redirect to itself, relative", "<Response><Redirect>?step=1</Redirect></Response>", "twiml-loop 1:11"],
  [
    "a redirect to itself, by port",
    "<Response><Redirect>\n https://app.example:443/voice?step=1#a</Redirect></Response>",
    "twiml-loop 1:11",
  ],
  ["an action to itself", '<Response><Record action="/voice?step=1"/></Response>', "twiml-loop 1:19"],
];

describe("mistakes", () => {
  test("are many", () => expect(mistakes.length).toBeGreaterThanOrEqual(60));
  test.each(mistakes)("%s", (_name, text, expected) => expect(found(text)).toEqual([expected]));
});

describe("what is right has no finding", () => {
  test.each([
    ["the empty answer", "<Response/>"],
    ["one byte order mark", '\uFEFF<?xml version="1.0" encoding="UTF-8"?><Response/>'],
    [
      "namespaces",
      '<Response xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="a.xsd"/>',
    ],
    ["the old version attribute", '<Response version="2010-04-01"/>'],
    ["references and CDATA", "<Response><Say>Tom &amp; &#74;erry <![CDATA[<3]]></Say></Response>"],
    ["CDATA alone", "<Response><Say><![CDATA[a & b]]></Say></Response>"],
    ["SSML", '<Response><Say><p>One<break time="1s"/></p><s>two</s></Say></Response>'],
    ["a break alone", '<Response><Say><break time="1s"/></Say></Response>'],
    ["digits to play", '<Response><Play digits="ww12#"/></Response>'],
    ["a silent gather after speech", "<Response><Say>Press 1</Say><Gather numDigits='1'/></Response>"],
    ["a gather that comes back", '<Response><Gather action="/voice?step=1"><Say>a</Say></Gather></Response>'],
    ["a redirect elsewhere", "<Response><Redirect>/voice?step=2</Redirect></Response>"],
    ["a relative URL", "<Response><Play>audio/hold.mp3</Play></Response>"],
    ["a caller id that is a client", '<Response><Dial callerId="client:ann"><Client>bob</Client></Dial></Response>'],
    ["a SIP extension as caller id", '<Response><Dial callerId="1001"><Sip>sip:a@b.example</Sip></Dial></Response>'],
    ["noun with children", "<Response><Dial><Client><Identity>bob</Identity></Client></Dial></Response>"],
    ["documented, not in the SDK", '<Response><Start><Recording name="a"/></Start></Response>'],
  ])("%s", (_name, text) => expect(found(text)).toEqual([]));
});

describe("messages", () => {
  test.each([
    ["<Response><say>hi</say></Response>", "<say> is not known; names are case-sensitive: <Say> (12200)"],
    ["<Response><Gahter/></Response>", "<Gahter> is not known; did you mean <Gather>? (12200)"],
    [
      "<Response><Number>+14155550100</Number></Response>",
      "<Number> does not belong in <Response> but in <Dial> (12200)",
    ],
    ["<Response><Say></Say></Response>", "<Say> has no text (13520)"],
    ['<Response><Pause length="x"/></Response>', "length of <Pause> must be a whole number (13910)"],
    [
      '<Response><Redirect method="post">/a</Redirect></Response>',
      "method of <Redirect> must be GET or POST; did you mean POST? (13710)",
    ],
    [
      '<Response><Dial statusCallbackEvent="answered">+14155550100</Dial></Response>',
      "statusCallbackEvent does not belong on <Dial> but on <Application>, <Client>, <Conference>, <Number>, <Sip>, <WhatsApp> (12200)",
    ],
    [
      "<Response><Dial><Say>hi</Say></Dial></Response>",
      "<Say> does not belong in <Dial> but in <Response>, <Gather>, <Prompt> (13215)",
    ],
  ])("%s", (text, message) => expect(messages(text)).toEqual([message]));

  test("carry a Debugger code wherever one corresponds", () => {
    const without = mistakes
      .filter(([, text]) =>
        lintTwiml(text, { executed: true, url: answering }).some((one) => !/\(\d{5}\)$/.test(one.message)),
      )
      .map(([name]) => name);
    expect(without).toEqual([
      "a password in a URL",
      "nothing to play",
      "<Gather> without children",
      "a redirect to itself",
      "a redirect to itself, relative",
      "a redirect to itself, by port",
      "an action to itself",
    ]);
  });

  test("never show a password", () => {
    const text =
      '<Response><Redirect>https://u:secret@app.example/voice?step=1</Redirect><Dial><Sip password="secret">u:secret@a.example</Sip>' +
      "<Number>sip:u:secret@a.example</Number></Dial></Response>";
    expect(JSON.stringify(lintTwiml(text, { executed: true, url: answering }))).not.toContain("secret");
  });
});

describe("the answer to a status callback", () => {
  test("weighs one step less", () => {
    const severity = (text: string) => lintTwiml(text, { executed: false }).map((one) => `${one.severity} ${one.rule}`);
    expect(severity("<Response>a & b</Response>")).toEqual(["warning twiml-syntax"]);
    expect(severity("<Twiml/>")).toEqual(["warning twiml-root"]);
    expect(severity("<Response><Say/></Response>")).toEqual(["info twiml-ignored", "info twiml-empty"]);
  });

  test.each(["OK", "", '{"ok":true}', "<Response/>", "<Response></Response>"])("%j is no fault", (text) => {
    expect(found(text, false)).toEqual([]);
  });

  test("that is an error page is one", () => expect(found("<h1>502</h1>", false)).toEqual(["twiml-root 1:1"]));
});

test("several findings come in the order of their places", () => {
  const text = '<Response>\n<Say Loop="1"></Say>\n<Dial timeout="x" foo="1">1</Dial><Bar/>\n</Response>';
  expect(found(text)).toEqual([
    "twiml-empty 2:1",
    "twiml-attribute 2:6",
    "twiml-value 3:7",
    "twiml-attribute 3:19",
    "twiml-value 3:27",
    "twiml-element 3:35",
  ]);
});

test.each([
  ["<Response><Redirect>https://</Redirect></Response>", ["twiml-value 1:21"]],
  ["<Response><Redirect>https://ivr.example.com:99999/</Redirect></Response>", ["twiml-value 1:21"]],
  ['<Response><Dial action="https://["/></Response>', ["twiml-value 1:17"]],
])("a URL that is none: %s", (text, expected) => {
  expect(found(text).filter((each) => each.startsWith("twiml-value"))).toEqual(expected);
});

test("what leads back is not known where the answering URL is none", () => {
  expect(found("<Response><Redirect>/voice</Redirect></Response>", true, "no URL")).toEqual([]);
});

test("a mark of the byte order behind a blank is what stands in the way", () => {
  expect(messages(' \uFEFF<?xml version="1.0"?><Response/>')[0]).toContain("U+FEFF");
});
