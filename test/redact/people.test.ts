import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decoded, isSid, phoneIn } from "../../src/redact/people.ts";
import { redactorOf, signs } from "./support.ts";

const { field, leaf, host, byKind } = redactorOf();
const sid = "CA0123456789abcdef0123456789abcdef";

describe("a telephone number has one token, however it is written", () => {
  test.each([
    ...["+14155550100", "14155550100", "tel:+14155550100", "TEL:14155550100", "%2B14155550100", "+1 415-555-0100"],
    ...["+1 (415) 555.0100", "0014155550100", " 14155550100 ", "tel:+1-415-555-0100;ext=1", "+1/415/5550100"],
    ...["+1\u00a0415\u2011555\u20130100", "tel:%2B1%20415%20555%200100", "%20+14155550100%20", "(1) 4155550100"],
  ])("%s", (spelling) => {
    expect(field(spelling, "From")).toBe(field("+14155550100", "To"));
    expect(signs(field(spelling, "From"))).toBe("+1·ph_");
    expect(leaf(spelling)).toBe(field("+14155550100", "To"));
  });

  test("so does the user of a SIP URI, of a client or of WhatsApp", () => {
    const number = field("+14155550100", "From");
    for (const uri of ["sip:+14155550100@example.com", "sip:14155550100@example.com", "sips:%2B14155550100@x.example"])
      expect(field(uri, "From")).toContain(`:${number}@h_`);
    expect(field("sip:+14155550100;phone-context=x@example.com", "From")).toContain(`:${number}@h_`);
    expect(field("whatsapp:+14155550100", "From")).toBe(`whatsapp:${number}`);
    expect(field("client:14155550100", "From")).toBe(`client:${number}`);
  });

  test("each number has its own, whatever their distance", () =>
    fc.assert(
      fc.property(fc.bigInt(10n ** 9n, 10n ** 14n), fc.bigInt(10n ** 9n, 10n ** 14n), (one, other) => {
        expect(field(`+${one}`, "From") === field(`+${other}`, "From")).toBe(one === other);
      }),
    ));

  test.each([
    ["+14155550100", 7, "14155550100", true],
    ["14155550100", 7, "14155550100", true],
    ["4155550100", 7, "4155550100", false],
    ["07700900123", 7, "07700900123", false],
    ["00447700900123", 7, "447700900123", true],
    // So short it is no number behind an exit code.
    ["001234567", 7, "001234567", false],
    ["0012345678", 7, "12345678", true],
    ["+911", 3, "911", true],
    ["911", 3, "911", false],
    ["1234567", 7, "1234567", false],
    ["12345678901234567", 7, "12345678901234567", true],
  ])("%s is one, of at least %d digits", (text, least, digits, isInternational) => {
    expect(phoneIn(text, least)).toEqual({ digits, isInternational });
  });

  test.each([
    ["123456", 7],
    ["91", 3],
    ["123456789012345678", 7],
    ["", 0],
    ["+", 0],
    ["++14155550100", 7],
    ["-14155550100", 7],
    ["14155550100x", 7],
    ["x14155550100", 7],
    ["call 14155550100", 7],
    ["+((14155550100", 7],
    ["tel:alice", 3],
    ["xtel:14155550100", 7],
    ["%zz14155550100", 7],
  ])("%s is none", (text, least) => expect(phoneIn(text, least)).toBeUndefined());
});

describe("a party", () => {
  test.each([
    ["+4930123456", "+49·ph_"],
    ["+35312345678", "+353·ph_"],
    ["+79161234567", "+7·ph_"],
    ["4155550100", "ph_"],
    ["07700900123", "ph_"],
    ["12345", "ph_"],
    ["911", "ph_"],
    ["client:alice", "client:u_"],
    ["CLIENT:alice", "client:u_"],
    ["client:Anonymous", "client:Anonymous"],
    ["client:12345", "client:u_"],
    ["whatsapp:+14155550100", "whatsapp:+1·ph_"],
    ["conference:alice\nbob", "conference:u_"],
    ["alice:bob", "u_"],
    ["x client:alice", "u_"],
    [" client:alice ", "client:u_"],
    ["x sip:alice@example.com", "u_"],
    ["sip:alice@example.com;transport=ws", "sip:u_@h_;transport=ws"],
    ["sip:alice;x=1:pw@example.com", "sip:u_:***@h_"],
    ["sip:alice@example.com", "sip:u_@h_"],
    ["SIPS:alice@example.com", "sips:u_@h_"],
    ["sip:12345@example.com", "sip:ph_@h_"],
    ["sip:example.com", "sip:h_"],
    ["sip:alice@", "u_"],
    ["sip:@example.com", "sip:u_@h_"],
    ["sip:anonymous@anonymous.invalid", "sip:anonymous@h_"],
    ["sip:alice:secret@pbx.example.com:5061;transport=tls;x=y", "sip:u_:***@h_:5061;transport=tls"],
    ["sip:alice:se:cret@example.com", "sip:u_:***@h_"],
    ["sip:alice%3Asecret@example.com", "sip:u_:***@h_"],
    ["sip:alice;x=bob@example.com", "sip:u_@h_"],
    ["sip:alice@example.com;x=bob;transport=UDP?h=alice", "sip:u_@h_;transport=UDP"],
    ["sip:alice@example.com;transport=alice", "sip:u_@h_"],
    ["sip:alice@example.com;transport=wsx", "sip:u_@h_"],
    ["sip:alice@[2001:db8::1]:5060", "sip:u_@h_:5060"],
    ["sip:alice@203.0.113.9", "sip:u_@h_"],
    ["sip:alice@exam'ple", "sip:u_@h_"],
    ["sip:alice@example.com:123456", "sip:u_@h_"],
    ["alice@example.com", "u_@h_"],
    ["mailto:alice@example.com", "u_@h_"],
    ["alice@bob@example.com", "u_"],
    ["@example.com", "u_"],
    ["alice", "u_"],
    [" alice ", "u_"],
    ["anonymous", "anonymous"],
    [" Restricted ", " Restricted "],
    ["unavailable", "unavailable"],
    [sid, "CA_"],
    ["", ""],
  ])("%s is shown as %s", (value, shown) => expect(signs(field(value, "From"))).toBe(shown));

  test("what is told apart by capitals, and what is not", () => {
    expect(field("client:Alice", "From")).not.toBe(field("client:alice", "From"));
    expect(field("bob@example.com", "From").slice(0, 15)).not.toBe(field("alice@example.com", "From").slice(0, 15));
    expect(field("Alice@Example.com", "From")).toBe(field("alice@example.com", "From"));
    expect(field("alice@Example.com", "From").replace(/.*@/, "")).toBe(
      field("sip:x@EXAMPLE.com:5060", "To").replace(/.*@|:5060/g, ""),
    );
    expect(field("sip:alice@example.com", "From")).not.toContain(field("client:alice", "From").slice(7));
  });

  test("what was redacted stays, with a port or without", () => {
    for (const party of ["sip:alice:pw@example.com:5060", "sip:alice@example.com", "sip:[user]@[host]", "whatsapp:x"]) {
      const once = field(party, "From");
      expect(field(once, "From")).toBe(once);
    }
  });

  test("another key makes other tokens", () => {
    for (const value of ["+14155550100", "client:alice", "sip:alice@example.com", sid])
      expect(redactorOf("hash", 2).field(value, "From")).not.toBe(field(value, "From"));
  });

  test("in full nothing joins", () => {
    const full = redactorOf("full");
    expect(full.field("+14155550100", "From")).toBe("[phone]");
    expect(full.field(sid, "CallSid")).toBe("[sid]");
    expect(full.field("sip:alice:pw@example.com", "To")).toBe("sip:[user]:***@[host]");
    expect(full.field("alice@example.com", "To")).toBe("[user]@[host]");
    expect(full.field("client:alice", "To")).toBe("client:[user]");
  });

  test("in part, numbers keep their country and last two digits", () => {
    const partial = redactorOf("partial");
    expect(partial.field("sip:+14155550134@example.com", "From")).toMatch(/^sip:\+1·…34@h_/);
    expect(signs(partial.field(sid, "CallSid"))).toBe("CA_");
    expect(signs(partial.field("alice@example.com", "From"))).toBe("u_@h_");
  });
});

describe("a host stays, unless a number, an address or a SID is in it", () => {
  test.each([
    ["example.com", "example.com"],
    ["Example.com:8443", "Example.com:8443"],
    ["localhost:3000", "localhost:3000"],
    ["api.v2.example-9.com", "api.v2.example-9.com"],
    ["203.0.113.9", "ip_"],
    ["203.0.113.9:80", "ip_:80"],
    ["[2001:db8::1]", "ip_"],
    ["[2001:DB8::1]:443", "ip_:443"],
    ["[::1]", "ip_"],
    ["14155550100.example.com", "h_"],
    ["call-415-555-0100.example.com:80", "h_:80"],
    ["ip-203-0-113-9.compute.internal", "h_"],
    ["2f3c-81-23-45-67.ngrok.io", "h_"],
    ["2a02-8108-1-2.ngrok-free.app", "h_"],
    ["a-b-c-d.example.com", "h_"],
    [`${sid}.example.com`, "h_"],
    [`CA${"abcdef".repeat(5)}.example.com`, "h_"],
    ["2a02-db8-a1-b2.ngrok-free.app", "h_"],
    ["exam ple", "[text:8]"],
    ["alice@example.com", "[text:17]"],
    ["example.com:123456", "[text:18]"],
    ["[alice]", "[text:7]"],
    ["[:]", "[:]"],
    ["", "[text:0]"],
  ])("%s is shown as %s", (value, shown) => expect(signs(host(value))).toBe(shown));

  test("what was redacted stays", () => {
    const once = host("14155550100.example.com");
    expect(host(once)).toBe(once);
    expect(host("14155550100.Example.com")).toBe(once);
    expect(field("sip:alice@14155550100.example.com", "To")).toContain(`@${once}`);
  });
});

test.each([
  ["203.0.113.9", "ip_"],
  ["2001:db8::1", "ip_"],
  ["2001:DB8::1", "ip_"],
  ["::ffff:203.0.113.9", "ip_"],
  ["::1", "ip_"],
  ["[::1]", "ip_"],
  ["[::1]:80", "[text:8]"],
  ["2001:db8:0:1:2:3:4:5", "ip_"],
  ["::", "[text:2]"],
  ["203.0.113", "ph_"],
  ["203.0.113.9.9", "ph_"],
  ["x203.0.113.9", "[text:12]"],
  ["203.0.113.9x", "[text:12]"],
  ["1203.0.113.9", "ph_"],
  ["ab:cd", "[text:5]"],
  ["alice:b:c", "[text:9]"],
  ["a:b:calls", "[text:9]"],
])("the IP address %s is shown as %s", (value, shown) => {
  expect(signs(byKind(value, "ip"))).toBe(shown);
});

test("one IP address has one token, in capitals or brackets", () => {
  expect(byKind("2001:DB8::1", "ip")).toBe(byKind("[2001:db8::1]", "ip"));
});

test.each([
  [sid, true],
  [sid.toUpperCase(), true],
  [`AC${"0".repeat(26)}`, true],
  [`AC${"0".repeat(25)}`, false],
  [`AC${"0".repeat(33)}`, false],
  [`ACx${"0".repeat(31)}`, false],
  [`xAC${"0".repeat(32)}`, false],
  [`ac${"0".repeat(32)}`, false],
])("%s is a SID: %s", (text, is) => expect(isSid(text)).toBe(is));

test("percent-encoding is undone where that is possible", () => {
  expect(decoded("%2Ba%20b")).toBe("+a b");
  expect(decoded("alice")).toBe("alice");
  expect(decoded("100%")).toBe("100%");
  expect(decoded("%E9")).toBe("%E9");
});
