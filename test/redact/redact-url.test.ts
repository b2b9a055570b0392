import { describe, expect, test } from "vitest";
import { isForm } from "../../src/redact/redact-url.ts";
import { redactorOf, signs } from "./support.ts";

const { field, leaf, document } = redactorOf();
const sid = "CA0123456789abcdef0123456789abcdef";

describe("a URL keeps its scheme, host and port, and what is a known word", () => {
  test.each([
    ["https://example.com", "https://example.com"],
    ["https://example.com/", "https://example.com/"],
    ["HTTP://Example.com:8443/voice/status", "HTTP://Example.com:8443/voice/status"],
    ["wss://example.com/media", "wss://example.com/media"],
    ["ws://example.com", "ws://example.com"],
    ["ftps://example.com/voice", "ftps://example.com/voice"],
    ["s3://recordings/calls", "s3://recordings/calls"],
    ["rtmps://example.com/live", "rtmps://example.com/live"],
    ["file:///home/alice/call.wav", "[text:27]"],
    ["//example.com/voice", "//example.com/voice"],
    ["https:///voice", "[text:14]"],
    ["https://alice:pw@example.com/", "https://***@example.com/"],
    ["https://alice@bob@example.com/", "https://***@example.com/"],
    ["https://203.0.113.9/voice", "https://ip_/voice"],
    ["https://[2001:db8::1]:80/voice", "https://ip_:80/voice"],
    ["https://14155550100.example.com/voice", "https://h_/voice"],
    ["https://exam'ple.com/voice", "[text:26]"],
    ["https://alice@exam'ple.com/voice", "[text:32]"],
    ["https:/alice", "[text:12]"],
    ["https:alice", "[text:11]"],
    ["javascript:alert('alice')", "[text:25]"],
    ["javascript://alice/%0aalert", "[text:27]"],
    ["xhttps://alice", "[text:14]"],
    ["httpsx://alice", "[text:14]"],
    [" https://example.com/voice ", "https://example.com/voice"],
    ["https://example.com/alice bob", "[text:29]"],
  ])("%s → %s", (url, shown) => expect(signs(field(url, "url"))).toBe(shown));

  test.each([
    ["/voice/status", "/voice/status"],
    ["./voice/alice", "./voice/p_"],
    ["../alice", "../p_"],
    ["?From=alice", "?From=u_"],
    ["#alice", "#p_"],
    ["", ""],
    ["voice.php", "p_"],
    ["voice/alice", "[text:11]"],
    ["alice./voice", "[text:12]"],
    ["...", "p_"],
  ])("relative: %s → %s", (url, shown) => expect(signs(field(url, "action"))).toBe(shown));
});

describe("each segment of a path by itself", () => {
  test.each([
    ["/2010-04-01/Accounts/calls.json", "/2010-04-01/Accounts/calls.json"],
    [`/Accounts/${sid}/Calls/${sid}.mp3`, "/Accounts/CA_/Calls/CA_.mp3"],
    [`/${sid}.alice`, "/p_"],
    ["/alice", "/p_"],
    ["/alice.json", "/p_.json"],
    ["/alice.smith", "/p_"],
    ["/.alice", "/p_"],
    ["/.json", "/.json"],
    ["//alice//", "//alice//"],
    ["/voice//alice/", "/voice//p_/"],
    ["/%61lice", "/p_"],
    ["/%63all", "/%63all"],
    ["/+14155550100", "/%2B1%C2%B7ph_"],
    ["/%2B14155550100.wav", "/%2B1%C2%B7ph_.wav"],
    ["/14155550100", "/%2B1%C2%B7ph_"],
    ["/4821", "/p_"],
    ["/2025-08-24", "/2025-08-24"],
    ["/12025-08-24", "/ph_"],
    ["/2025-08-241", "/ph_"],
    ["/%E9", "/p_"],
  ])("%s → %s", (url, shown) => expect(signs(field(url, "url"))).toBe(shown));

  test("one name has one token, encoded or not, and what was redacted stays", () => {
    expect(field("/%61lice", "url")).toBe(field("/alice", "url"));
    for (const url of [
      "/alice",
      "/alice.json",
      "/+14155550100",
      `/${sid}`,
      "https://alice:pw@x.example/a1?b=c#d=e&f",
    ]) {
      const once = field(url, "url");
      expect(field(once, "url")).toBe(once);
    }
  });
});

describe("each pair of a query, a form or a fragment by its name", () => {
  test.each([
    ["From=%2B14155550100&CallStatus=busy", "From=%2B1%C2%B7ph_&CallStatus=busy"],
    ["From=+14155550100", "From=%2B1%C2%B7ph_"],
    ["Body=hi+there&text=x%20y", "Body=[text:8]&text=[text:3]"],
    ["Call%53tatus=no%2Danswer", "Call%53tatus=no%2Danswer"],
    ["CallStatus=in+progress", "CallStatus=in+progress"],
    ["alice=bob", "key_=[text:3]"],
    ["Alice+B=x", "key_=[text:1]"],
    ["token=abc&password=", "token=***&password="],
    ["a=b&c=d=e", "a=[text:1]&c=key_%3D[text:1]"],
    ["a=https%3A%2F%2Fexample.com%2Falice%3Fx%3D1", "a=https://example.com/p_%3Fx%3D[text:1]"],
    ["a=1&&b", "a=[text:1]&&b"],
    ["a=1&alice&call", "a=[text:1]&p_&call"],
    ["a=1&%61lice&%63all", "a=[text:1]&p_&%63all"],
    ["From=%zz", "From=u_"],
    ["From=sip%3Aalice%40example.com", "From=sip:u_@h_"],
  ])("%s → %s", (form, shown) => {
    expect(signs(document(form) ?? "")).toBe(shown);
    expect(signs(field(`https://example.com/?${form}`, "url"))).toBe(`https://example.com/?${shown}`);
    expect(signs(field(`/#${form}`, "url"))).toBe(`/#${shown}`);
  });

  test("a fragment without a pair is a path", () => {
    expect(signs(field("/voice#top/alice", "url"))).toBe("/voice#top/p_");
    expect(signs(field("/voice?call#?alice", "url"))).toBe("/voice?call#p_");
    expect(field("/voice?#", "url")).toBe("/voice?#");
  });

  test("and what was redacted stays", () => {
    const once = document("From=%2B14155550100&alice=x&bob&CallSid=CA1&Body=hi") ?? "";
    expect(document(once)).toBe(once);
  });
});

describe("a form is known by its looks", () => {
  test.each([
    ...["a=", "a=b", "a=b&c=d", "a==", "a=b&", "a=b&&c", "From=%2B1&x=+y", "a=b&c=d=e", "alice=bob's"],
    ...["a=b&=c", `${"n".repeat(200)}=b`],
  ])("%s", (text) => expect(isForm(text)).toBe(true));

  test.each([
    ...[
      "",
      "a",
      "=",
      "=b",
      "&a=b",
      "a b=c",
      "a=b c",
      "a=b\n",
      "a=<b>",
      'a="b"',
      "a={b}",
      "a?b=c",
      "a#=b",
      "{a=b",
      "a=b=c",
    ],
    ...["a=b&c d", "a=b&c=<", `${"n".repeat(201)}=b`, `a=b&${"n".repeat(201)}=c`],
  ])("and %j is none", (text) => expect(isForm(text)).toBe(false));

  test("up to a million characters", () => {
    expect(isForm(`a=${"b".repeat(1024 * 1024 - 3)}`)).toBe(true);
    expect(isForm(`a=${"b".repeat(1024 * 1024 - 2)}`)).toBe(false);
  });
});

test("what is no URL is shown as far as it looks like something", () => {
  expect(signs(field("+14155550100", "url"))).toBe("+1·ph_");
  expect(leaf("mailto:alice@example.com")).not.toContain("alice");
  expect(signs(leaf("see https://example.com/"))).toBe("[text:24]");
  expect(signs(leaf("https://example.com/alice"))).toBe("https://example.com/p_");
  expect(signs(leaf("/alice"))).toBe("/p_");
  expect(signs(leaf("?alice=1"))).toBe("[text:8]");
});
