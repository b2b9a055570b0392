import { describe, expect, test } from "vitest";
import { applyEdits } from "../../src/redact/edits.ts";
import { sampleOf, scenarioNames } from "../features/sample/support.ts";
import { redactorOf, signs } from "./support.ts";

const { bodyEdits, document, field, json, leaf } = redactorOf();
const sid = "CA0123456789abcdef0123456789abcdef";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const opened = (text: string): string => Buffer.from(text, "base64").toString();

describe("a text of unknown meaning is shown as far as its looks tell what it is", () => {
  test.each([
    ["", ""],
    ["alice", "[text:5]"],
    ["hello", "[text:5]"],
    ["[text:5]", "[text:5]"],
    ['"[text:5]"', '"[text:5]"'],
    ['""', '""'],
    ["👋👋", "[text:2]"],
    ["+14155550100", "+1·ph_"],
    [" +14155550100 ", "+1·ph_"],
    ["911", "[text:3]"],
    ["203.0.113.9", "ip_"],
    ["2001:db8::1", "ip_"],
    [sid, "CA_"],
    ["client:alice", "client:u_"],
    [" client:alice\n", "client:u_"],
    [" 203.0.113.9\n", "ip_"],
    ["CallStatus=busy&Caller=xx://alice", "CallStatus=busy&Caller=u_"],
    ["alice@example.com", "u_@h_"],
    ["2025-08-24T13:49:54Z", "2025-08-24T13:49:54Z"],
    [" 2025-08-24", "ph_"],
    ["https://example.com/alice", "https://example.com/p_"],
    ["/alice", "/p_"],
    ["xx://alice", "[text:10]"],
    ["From=%2B14155550100&Body=hi+there", "From=%2B1%C2%B7ph_&Body=[text:8]"],
    ['{"Caller":"+14155550100","x":[1,"alice"]}', '{"Caller":"+1·ph_","x":[1,"[text:5]"]}'],
    ['["alice"]', '["[text:5]"]'],
    ['"+14155550100"', '"+1·ph_"'],
    ['"{\\"Caller\\":\\"alice\\"}"', '"{\\"Caller\\":\\"u_\\"}"'],
    ['{"Caller":"alice"', "[text:17]"],
    ['"alice', "[text:6]"],
    ["[alice]", "[text:7]"],
    ["<a><b>alice</b></a>", "<a><b>[text:5]</b></a>"],
    ["<a><b>alice</a>", "[text:15]"],
    ["<alice@example.com>", "[text:19]"],
  ])("%s → %s", (text, shown) => expect(signs(leaf(text))).toBe(shown));

  test("an address of 300 characters is none", () => {
    const sip = (length: number): string => `sip:${"x".repeat(length - 10)}@x.org`;
    expect(signs(leaf(sip(299)))).toBe("sip:u_@h_");
    expect(leaf(sip(300))).toBe("[text:300]");
    expect(signs(leaf(`https://example.com/${"x".repeat(300)}`))).toBe("https://example.com/p_");
  });

  test("a text of more than a million characters is not looked into", () => {
    const form = (length: number): string => `CallStatus=busy&Body=${"x".repeat(length - 21)}`;
    const most = 1024 * 1024;
    expect(leaf(form(most - 1))).toBe(`CallStatus=busy&Body=[text:${most - 22}]`);
    expect(leaf("é".repeat(most))).toBe(`[text:${most}]`);
    expect(leaf("é".repeat(most + 1))).toBe(`[unparsed ${2 * most + 2} bytes]`);
  });
});

describe("base64 of a document is opened, and stays base64", () => {
  test.each([
    ['{"From":"+14155550100"}', '{"From":"+1·ph_"}'],
    ['{"Caller":"alice"}', '{"Caller":"u_"}'],
    ['  [{"Caller":"alice"}]\n', '[{"Caller":"u_"}]'],
    ['\ufeff{"Caller":"alice"}', '{"Caller":"u_"}'],
    ["<Response><Say>alice</Say></Response>", "<Response><Say>[text:5]</Say></Response>"],
    ["CallStatus=busy&Caller=alice", "CallStatus=busy&Caller=u_"],
    ['{"Caller":"Zoë ÿþ~~~???"}', '{"Caller":"u_"}'],
  ])("%j", (text, shown) => {
    expect(signs(opened(leaf(base64(text))))).toBe(shown);
    expect(leaf(Buffer.from(text).toString("base64url"))).toBe(leaf(base64(text)));
  });

  test.each([
    ["what is no document", base64("Alice called from +14155550100")],
    ["a URL", base64("https://example.com/alice/<voice>")],
    ["what is none inside", base64("alice".repeat(20))],
    ["a broken one", base64('{"Caller":"alice"')],
    ["one too short to be told from a word", base64('{"Caller":"bob"}').slice(0, 20)],
    ["what has blanks in it", base64('{"Caller":"alice"}').replace(/^..../, "$& ")],
  ])("%s is replaced", (_, text) => expect(leaf(text)).toBe(`[text:${text.length}]`));

  test("so is what lacks its padding, or holds bits that belong to no byte", () => {
    const document = base64('{"Caller":"alice1"}');
    for (const variant of [document.replace("==", ""), document.replace("fQ==", "fR==")]) {
      expect(leaf(variant)).toBe(leaf(document));
    }
  });

  test("of fewer than 24 characters it is not", () => {
    expect(leaf(base64('{"x":"alice bob"}'))).toMatch(/^eyJ4Ijoi/);
    expect(leaf(base64('{"x":"alice b"}'))).toBe("[text:20]");
  });
});

describe("a text in a text is looked into, to the eighth", () => {
  const nested = (layers: number): string => (layers === 0 ? "alice" : JSON.stringify({ x: nested(layers - 1) }));

  test.each([
    [7, "[text:5]"],
    [8, "[unparsed 5 bytes]"],
    [9, "[unparsed 13 bytes]"],
  ])("alice behind %d layers is %s", (layers, shown) => {
    const { leaf } = redactorOf();
    expect(leaf(nested(layers))).toContain(shown);
    expect(leaf(nested(layers))).toContain(shown);
    expect(leaf(`["${"x".repeat(300)}"]`)).toBe('["[text:300]"]');
  });

  test("one beside the other is no layer", () => {
    expect(leaf(JSON.stringify(Array.from({ length: 20 }, (_, index) => `{"x":"alice${index}"}`)))).not.toContain(
      "unparsed",
    );
  });

  test("of whatever kind", () => {
    const { field } = redactorOf();
    let text = "alice";
    for (const name of ["x", "url", "responseBody", "twiml", "url", "responseBody", "x", "x", "x"])
      text = JSON.stringify({ [name]: text });
    expect(field(text, "twiml")).not.toContain("alice");
    expect(field(text, "twiml")).toContain("unparsed");
  });

  test("and not without end", () => {
    expect(leaf("?url=".repeat(100_000))).not.toContain("alice");
    expect(leaf(`/?a=${"/?a=".repeat(100_000)}`).length).toBeLessThan(1000);
    const deep = `${"[".repeat(200)}"alice"${"]".repeat(200)}`;
    expect(json(deep)).toBe('"[unparsed 407 bytes]"');
    expect(document(deep)).toBeUndefined();
    expect(leaf(deep)).toBe("[text:407]");
  });
});

describe("a response body", () => {
  test.each([
    ["<Response><Say>alice</Say></Response>", "<Response><Say>[text:5]</Say></Response>"],
    [" \n<Response><Say>alice</Say></Response>", " \n<Response><Say>[text:5]</Say></Response>"],
    ['\ufeff<?xml version="1.0"?><Response/>', '\ufeff<?xml version="1.0"?><Response/>'],
    ['{"Caller":"alice"}', '{"Caller":"u_"}'],
    [' [{"Caller":"alice"}]', ' [{"Caller":"u_"}]'],
    ['"+14155550100"', '"+1·ph_"'],
    ["CallStatus=busy&Caller=alice\n", "CallStatus=busy&Caller=u_"],
    ["OK, Alice!", "[text:10]"],
    ["[text:5]", "[text:5]"],
    ["<Response><Say>alice</Response>", "[unparsed 31 bytes]"],
    ["<!DOCTYPE html><p>Zoë</p>", "[unparsed 26 bytes]"],
    ['{"Caller":"alice"', "[unparsed 17 bytes]"],
    ['"alice', "[unparsed 6 bytes]"],
    ["[alice]", "[unparsed 7 bytes]"],
  ])("%j in base64, and in clear", (text, shown) => {
    expect(signs(opened(field(base64(text), "responseBody")))).toBe(text.startsWith("\ufeff") ? shown.slice(1) : shown);
    expect(signs(field(text, "responseBody"))).toBe(shown);
    expect(signs(field(text, "response_body"))).toBe(shown);
    const edits = bodyEdits(text);
    expect(edits === undefined ? undefined : signs(applyEdits(text, edits))).toBe(
      /^\[unp/.test(shown) ? undefined : shown,
    );
  });

  test.each([
    ["a word of base64's letters", "alice", "[text:3]"],
    ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x80, 0x81, 0xc3]).toString("base64"), "[text:"],
    [
      "what is broken into lines",
      base64("<Response><Say>alice</Say></Response>").replace(/.{20}/g, "$&\n"),
      "<Response><Say>[text:5]</Say>",
    ],
    ["the url-safe alphabet", Buffer.from("<a>ÿþ~~~???</a>").toString("base64url"), "<a>[text:8]</a>"],
    ["blanks", "  \n", ""],
  ])("%s", (_, body, shown) => {
    const made = field(body, "responseBody");
    expect(made).toMatch(/^[\w+/]*={0,2}$/);
    expect(opened(made).startsWith(shown)).toBe(true);
  });

  test("blanks alone are left, and more than a million characters are not looked into", () => {
    expect(bodyEdits(" CallStatus=busy\n")).toEqual([{ start: 0, end: 17, text: "CallStatus=busy" }]);
    for (const blank of ["", " ", "\n\ufeff "]) expect(bodyEdits(blank)).toEqual([]);
    const most = 1024 * 1024;
    expect(bodyEdits("x ".repeat(most / 2))).toEqual([{ start: 0, end: most, text: `[text:${most}]` }]);
    expect(bodyEdits("x".repeat(most + 1))).toBeUndefined();
    expect(field(`<Response><Say>${"x".repeat(most)}</Say></Response>`, "response_body")).toMatch(/^\[unparsed 10/);
  });

  test("one that came before is shown as it was, however many came between", () => {
    const body = base64("<Response><Say>alice</Say></Response>");
    const once = field(body, "responseBody");
    for (let index = 0; index < 600; index++) {
      expect(opened(field(base64(`<Say>alice ${index}</Say>`), "responseBody"))).toBe(
        `<Say>[text:${`${index}`.length + 6}]</Say>`,
      );
    }
    expect(field(body, "responseBody")).toBe(once);
  });

  test("what all scenarios answer stays well-formed, its elements where they were", () => {
    for (const name of scenarioNames) {
      for (const { event } of sampleOf(name).deliveries) {
        const { response } = event.data as { readonly response?: { readonly responseBody: string } };
        if (response === undefined) continue;
        const before = Buffer.from(response.responseBody, "base64").toString();
        if (!before.startsWith("<")) continue;
        const after = Buffer.from(field(response.responseBody, "responseBody"), "base64").toString();
        expect(after.match(/<\/?\w+/g)).toEqual(before.match(/<\/?\w+/g));
        expect(after).not.toMatch(/\+1\d{10}/);
      }
    }
  });
});
