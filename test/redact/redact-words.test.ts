import { describe, expect, test } from "vitest";
import { redactorOf, signs } from "./support.ts";

const { prose, file } = redactorOf();
const sid = "CA0123456789abcdef0123456789abcdef";

describe("words of our own stay", () => {
  test.each([
    "",
    "Read 3 lines (4.6 kB) of 1 input: 3 events found.",
    "  two  blanks,\n and a line  ",
    "it took 1:23, or 99.5% of 12,345 (+3, -4)!",
    "of 2025-08-24T13:49:54Z, or (Sun, 24 Aug 2025)?",
    "the file says 'text/xml'; \"no\" … and so on…",
    "as X-Twilio-Signature has 3 parts...",
    "v1.0, utf-8 and HTTP/1.1",
    "CA_abcdefgh23456: +1·ph_abcdefgh23456 and [text:4].",
  ])("%s", (text) => expect(prose(text)).toBe(text));
});

describe("what may be more than a word is looked at", () => {
  test.each([
    [`${sid}: gone`, "CA_: gone"],
    ["from +14155550100.", "from +1·ph_."],
    ["(+14155550100)", "(+1·ph_)"],
    ["sip:alice@example.com!", "sip:u_@h_!"],
    ["'alice@example.com', said", "'u_@h_', said"],
    ["at 203.0.113.9: no", "at ip_: no"],
    ["at 203.0.113.9...", "at ip_..."],
    ["2001:db8::1", "ip_"],
    ["123456789", "ph_"],
    ["call?x=1&token=abc", "p_"],
    ["a=alice", "p_"],
    ["night@2.ndjson", "u_@h_"],
    ["logs/night_2.ndjson", "logs/night_2.ndjson"],
    ["logs/+14155550100.json", "logs/p_"],
    ["c:\\logs\\12345.json", "p_\\logs\\p_"],
    [`${sid}.json`, "p_"],
    ["12345", "12345"],
    ["123456789.json", "p_"],
    ["Zoë", "p_"],
    ["one,/alice", "one,/p_"],
    ["one,/alice/x?y", "one,/p_/x?p_"],
  ])("%s → %s", (text, shown) => expect(signs(prose(text))).toBe(shown));
});

describe("a URL is taken whole, but for the signs of the sentence around it", () => {
  test.each([
    [
      "POST /voice/alice?From=%2B14155550100 (text/xml, 3 bytes)",
      "POST /voice/p_?From=%2B1%C2%B7ph_ (text/xml, 3 bytes)",
    ],
    ["(see https://example.com/alice), or", "(see https://example.com/p_), or"],
    ["http://127.0.0.1:4319/.", "http://ip_:4319/."],
    ["\"https://example.com/call\"; '/call',", "\"https://example.com/call\"; '/call',"],
    ["('/alice')", "('/p_')"],
    ["/a,alice('bob')/alice?x=(alice)", "/p_/p_?x=[text:6])"],
    ["see xx://alice/bob, and", "see p_, and"],
    ["https://exam'ple.com", "p_"],
    [`/${"x".repeat(5000)}alice`, "/p_"],
  ])("%s → %s", (text, shown) => expect(signs(prose(text))).toBe(shown));

  test("however long it is, in little time", () => {
    expect(prose(`https://example.com/${"'alice".repeat(100_000)}`)).not.toContain("alice");
  });
});

describe("the name of a file", () => {
  test.each([
    ["app.log", "app.log"],
    ["-", "-"],
    ["logs/2025-08-24 night~1.ndjson", "logs/2025-08-24 night~1.ndjson"],
    ["logs/*.json", "logs/*.json"],
    ["/home/alice/logs/app.log", "~/logs/app.log"],
    ["/Users/alice/app.log", "~/app.log"],
    ["C:\\Users\\alice\\app.log", "~\\app.log"],
    ["/home/alice", "~"],
    ["/srv/home/call.log", "/srv/home/call.log"],
    ["logs/+14155550100.json", "logs/p_"],
    ["logs/call-14155.json", "logs/p_"],
    [`${sid}.json`, "p_"],
    ["logs/Zoë/x.log", "logs/p_/x.log"],
    [`logs/CA${"abcdef".repeat(5)}.json`, "logs/p_"],
    ["/var//log/", "/var//log/"],
  ])("%s → %s", (name, shown) => expect(signs(file(name))).toBe(shown));
});
