import { describe, expect, test } from "vitest";
import { applyEdits } from "../../src/redact/edits.ts";
import { xmlEdits } from "../../src/redact/redact-xml.ts";
import { redactorOf, signs } from "./support.ts";

/** Names as those of TwiML stay. */
const known = (name: string): string => (/^(?:[A-Zsx]|break$)/.test(name) ? name : `k-${name}`);

/** Shows each text and value with what it was taken for. */
function shown(xml: string): string {
  const edits = xmlEdits(xml, {
    key: known,
    byKind: (value, kind) => `{${kind}|${value}}`,
  });
  return applyEdits(xml, edits);
}

describe("the text of an element, by what the element is", () => {
  test.each([
    ...["Say", "Message", "Sms", "Body", "Prompt", "speak", "Response", "constructor", "Unknown"].map((name) => [
      name,
      "text",
    ]),
    ...["Client", "Dial", "Identity", "Number", "Sip", "Uri", "WhatsApp"].map((name) => [name, "party"]),
    ...["Conference", "Conversation", "Enqueue", "Queue", "Room"].map((name) => [name, "name"]),
    ["ApplicationSid", "sid"],
    ["Sim", "id"],
    ["Task", "unknown"],
    ["Play", "url"],
    ["Redirect", "url"],
  ])("<%s> holds: %s", (name, kind) => {
    const named = known(name);
    expect(shown(`<${name}>alice</${name}>`)).toBe(`<${named}>{${kind}|alice}</${named}>`);
  });

  test.each([
    ["<Dial>a<Number>b</Number>c</Dial>", "<Dial>{party|a}<Number>{party|b}</Number>{party|c}</Dial>"],
    ["<Play>a<Say>b</Say>c</Play>", "<Play>{url|a}<Say>{text|b}</Say>{url|c}</Play>"],
    ["<Play>a<Say/>b</Play>", "<Play>{url|a}<Say/>{url|b}</Play>"],
    ["<Play>a<Say />b<Say  x='' />c</Play>", "<Play>{url|a}<Say />{url|b}<Say  x='' />{url|c}</Play>"],
    ["<Play><Say></Say>b</Play>", "<Play><Say></Say>{url|b}</Play>"],
    ["<Say>  a b\n </Say>", "<Say>  {text|a b}\n </Say>"],
    ["<Say> \n </Say>", "<Say> \n </Say>"],
    ["<Say\n>a</Say >", "<Say\n>{text|a}</Say >"],
    ["<Say><![CDATA[a & <b>]]></Say>", "<Say>{text|a &amp; &lt;b&gt;}</Say>"],
    ["<Play><![CDATA[a]]>b</Play>", "<Play>{url|a}{url|b}</Play>"],
    ["<Say><![CDATA[ ]]></Say>", "<Say></Say>"],
    ["<Say><![CDATA[]]></Say>", "<Say></Say>"],
    ["<Say><![CDATA[ a ]]></Say>", "<Say>{text| a }</Say>"],
    ["<Say>a > b</Say>", "<Say>{text|a &gt; b}</Say>"],
  ])("%s", (xml, edited) => expect(shown(xml)).toBe(edited));
});

describe("the value of an attribute, by its name and its element", () => {
  test.each([
    ["Gather", "hints", "text"],
    ["Play", "digits", "digits"],
    ["Sip", "username", "name"],
    ["Uri", "username", "name"],
    ["Number", "url", "url"],
    ["Sms", "to", "party"],
    ["Sms", "from", "party"],
    ["Say", "from", "party"],
    ["break", "time", "text"],
    ["Say", "time", "time"],
    ["Pay", "input", "plain"],
    ["Record", "trim", "plain"],
    ["Dial", "callerId", "party"],
    ["Dial", "action", "url"],
    ["Sip", "password", "secret"],
    ["Parameter", "value", "dropped"],
    ["Parameter", "name", "name"],
    ["Say", "xAlice", "unknown"],
  ])('<%s %s="…"> holds: %s', (element, name, kind) => {
    const named = known(name);
    expect(shown(`<${element} ${name}="alice"/>`)).toBe(`<${element} ${named}="{${kind}|alice}"/>`);
    expect(shown(`<${element} ${name}='alice'></${element}>`)).toBe(
      `<${element} ${named}='{${kind}|alice}'></${element}>`,
    );
  });

  test.each([
    [
      `<Say x="a" y = 'b'\n z\t=\n"c">d</Say>`,
      `<Say x="{unknown|a}" k-y = '{unknown|b}'\n k-z\t=\n"{unknown|c}">{text|d}</Say>`,
    ],
    [`<Say x=""/>`, `<Say x=""/>`],
    [`<Say x=" "/>`, `<Say x="{unknown| }"/>`],
    [`<Say x="a > b/" y='"'/>`, `<Say x="{unknown|a &gt; b/}" k-y='{unknown|&quot;}'/>`],
    [`<Say x="it's = 'so'">`, `<Say x="{unknown|it&apos;s = &apos;so&apos;}">`],
    [`<Say x="/"/>`, `<Say x="{unknown|/}"/>`],
    [`<Say x="a" x:y="b"/>`, `<Say x="{unknown|a}" x:y="{unknown|b}"/>`],
  ])("%s", (xml, edited) => expect(shown(xml)).toBe(edited));
});

describe("what a reference stands for is what is judged", () => {
  test.each([
    ["&amp;&lt;&gt;&quot;&apos;", "&amp;&lt;&gt;\"'"],
    ["&#65;&#x41;&#x00000041;&#233;", "AAAé"],
    ["&#x1F44B;&#128075;&#xe9;&#xE9;", "👋👋éé"],
    ["&amp;amp;", "&amp;amp;"],
    ["a & b".replace("&", "&amp;"), "a &amp; b"],
  ])("%s", (raw, judged) => {
    expect(shown(`<Say>${raw}</Say>`)).toBe(`<Say>{text|${judged}}</Say>`);
    const value = judged.replaceAll('"', "&quot;").replaceAll("'", "&apos;");
    expect(shown(`<Say x="${raw}"/>`)).toBe(`<Say x="{unknown|${value}}"/>`);
  });
});

describe("what is neither element nor text", () => {
  test.each([
    ["<Say><!-- alice --></Say>", "<Say><!----></Say>"],
    ["<!-- a > b <x> --><Say/><!--x-->", "<!----><Say/><!---->"],
    ["<Say><!----></Say>", "<Say><!----></Say>"],
    ["<Say><?alice bob?></Say>", "<Say></Say>"],
    ["<?xml-alice version='1.0'?><Say/>", "<Say/>"],
    ["<?xml version='1.0'?><Say/>", "<?xml version='1.0'?><Say/>"],
    ['<?xml version = "1.0" standalone="yes" ?>\n<Say/>', '<?xml version = "1.0" standalone="yes" ?>\n<Say/>'],
    ['<?xml version="1.0" standalone="no"?><Say/>', '<?xml version="1.0" standalone="no"?><Say/>'],
    ['<?xml version="1.0" encoding="UTF-8"?><Say/>', '<?xml version="1.0" encoding="UTF-8"?><Say/>'],
    [
      "<?xml  version  =  '1.0'  standalone  =  'yes'  ?><Say/>",
      "<?xml  version  =  '1.0'  standalone  =  'yes'  ?><Say/>",
    ],
    ["<?alice <?xml version='1.0'?><Say/>", "<Say/>"],
    // What is written again is UTF-8.
    ["<?xml version='1.0'  encoding  =  'latin1'?><Say/>", "<?xml version='1.0'  encoding  =  'UTF-8'?><Say/>"],
    [
      "<?xml version='1.0' encoding = 'ISO-8859-1' standalone='no'?>",
      "<?xml version='1.0' encoding = 'UTF-8' standalone='no'?>",
    ],
    ['<?xml version="1.0" alice="UTF-8"?><Say/>', "<Say/>"],
    ['<?xml version="1.1"?><Say/>', "<Say/>"],
    ['<?xml version="1.0" encoding="alice bob"?><Say/>', "<Say/>"],
  ])("%s", (xml, edited) => expect(shown(xml)).toBe(edited));
});

test("where nobody is named nothing is edited", () => {
  const xml = '<?xml version="1.0" encoding="UTF-8"?><Say x="a"> b </Say><!---->';
  expect(xmlEdits(xml, { key: (name) => name, byKind: (value) => value })).toEqual([]);
});

describe("names of elements and attributes that may name somebody", () => {
  test.each([
    ["<alice>x</alice>", "<k-alice>{text|x}</k-alice>"],
    ["<alice/>", "<k-alice/>"],
    ["<Say><alice bob='x'/></Say>", "<Say><k-alice k-bob='{unknown|x}'/></Say>"],
  ])("%s", (xml, edited) => expect(shown(xml)).toBe(edited));

  test("each side of a colon by itself", () => {
    const xml = '<Say xml:lang="en-US" alice:lang="en-US"/>';
    expect(signs(redactorOf().field(xml, "twiml"))).toBe('<Say xml:lang="en-US" key_:lang="[text:5]"/>');
  });
});

describe("TwiML", () => {
  const { field } = redactorOf();

  test.each([
    [
      '<Response><Say voice="Polly.Joanna">Hello <break/> Alice</Say></Response>',
      '<Response><Say voice="[text:12]">[text:5] <break/> [text:5]</Say></Response>',
    ],
    [
      '<Response><Dial callerId="+14155550100"> <Number>+1 415 555 0100</Number></Dial></Response>',
      '<Response><Dial callerId="+1·ph_"> <Number>+1·ph_</Number></Dial></Response>',
    ],
    [
      '<Response><Dial><Sip username="alice" password="pw">sip:alice@example.com</Sip></Dial></Response>',
      '<Response><Dial><Sip username="name_" password="***">sip:u_@h_</Sip></Dial></Response>',
    ],
    [
      '<Response><Connect><Stream url="wss://example.com/media"><Parameter name="who" value="Alice"/></Stream></Connect></Response>',
      '<Response><Connect><Stream url="wss://example.com/media"><Parameter name="name_" value="[dropped]"/></Stream></Connect></Response>',
    ],
    [
      "<Response><!-- for Alice --><?alice x?><Play><![CDATA[/alice.mp3]]></Play></Response>",
      "<Response><!----><Play>/p_.mp3</Play></Response>",
    ],
    ["<Response><Say>&#65;lice &amp; Bob</Say></Response>", "<Response><Say>[text:11]</Say></Response>"],
    ["<Response><alice bob='1'>x</alice></Response>", "<Response><key_ key_='[text:1]'>[text:1]</key_></Response>"],
    ["<Response><Say>Alice</Response>", "[unparsed 31 bytes]"],
    ["<Response>&alice;</Response>", "[unparsed 28 bytes]"],
    ["<!DOCTYPE a><Response/>", "[unparsed 23 bytes]"],
    ["OK Alice", "[text:8]"],
  ])("%s", (xml, redacted) => expect(signs(field(xml, "response_body"))).toBe(redacted));
});
