import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createPseudonyms, isMade } from "../../src/redact/pseudonym.ts";
import { signs } from "./support.ts";

const key = Buffer.alloc(32, 1);
const { token, phone, sid } = createPseudonyms(key, "hash");
const secretSid = `CA${"0123456789abcdef".repeat(2)}`;

/** The first 65 bits of the HMAC in base32 (RFC 4648), the long way. */
function expected(text: string): string {
  const digest = createHmac("sha256", key).update(text).digest();
  const bits = Array.from(digest, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const fives = bits.slice(0, 65).match(/.{5}/g) ?? [];
  return fives.map((five) => "abcdefghijklmnopqrstuvwxyz234567"[Number.parseInt(five, 2)]).join("");
}

test("a token is the keyed hash of the value in its name space, behind its sign", () => {
  for (const value of ["alice", "bob", "", "Zoë 👋", "x".repeat(5000)]) {
    expect(token("client", value)).toBe(`u_${expected(`client\n${value}`)}`);
    expect(token("name", value)).toBe(`name_${expected(`name\n${value}`)}`);
  }
  expect(sid(secretSid)).toBe(`CA_${expected(`sid\n${secretSid}`)}`);
  expect(phone({ digits: "14155550100", isInternational: true })).toBe(`+1·ph_${expected("phone\n14155550100")}`);
});

test("one value has another token in each name space", () => {
  const spaces = ["phone", "sip", "client", "mail", "host", "name", "place", "ip", "sid", "id", "path", "key"] as const;
  const tokens = spaces.map((space) => token(space, "alice").replace(/^.*_/, ""));
  expect(new Set(tokens).size).toBe(spaces.length);
});

test.each([
  ["hash", "14155550134", true, "+1·ph_"],
  ["hash", "4155550134", false, "ph_"],
  ["partial", "14155550134", true, "+1·…34"],
  ["partial", "4155550134", false, "…34"],
  ["partial", "447700900123", true, "+44·…23"],
  // Two digits are shown where they leave seven or more unknown ones.
  ["partial", "123456789", false, "…89"],
  ["partial", "12345678", false, "…"],
  ["partial", "3541234567", true, "+354·…"],
  ["partial", "354123456789", true, "+354·…89"],
  ["full", "14155550134", true, "[phone]"],
] as const)("%s shows %s (international: %s) as %s", (mode, digits, isInternational, shown) => {
  expect(signs(createPseudonyms(key, mode).phone({ digits, isInternational }))).toBe(shown);
});

test("a SID keeps its two letters; what has none is like one", () => {
  expect(sid("RE1")).toBe(`RE_${expected("sid\nRE1")}`);
  for (const other of ["", "R1", "re1", "1RE"]) expect(sid(other)).toBe(`sid_${expected(`sid\n${other}`)}`);
});

test("full shows each kind, and nobody", () => {
  const full = createPseudonyms(key, "full");
  expect(full.mode).toBe("full");
  expect(full.sid(secretSid)).toBe("[sid]");
  expect(
    (["phone", "sip", "client", "mail", "host", "name", "place", "ip", "sid", "id", "path", "key"] as const).map(
      (space) => full.token(space, "alice"),
    ),
  ).toEqual([
    ...["[phone]", "[user]", "[user]", "[user]", "[host]", "[name]", "[place]", "[ip]", "[sid]", "[id]", "[path]"],
    "key_redacted",
  ]);
});

describe("what a redaction has left is known again", () => {
  const t = "abcdefgh23456";

  test.each([
    ...[`ph_${t}`, `+1·ph_${t}`, `+354·ph_${t}`, "…", "…34", "+1·…34", "+1·…", "[phone]", `tel:+1·ph_${t}`],
    ...[`u_${t}`, "[user]", `client:u_${t}`, `whatsapp:+1·ph_${t}`, `sip:u_${t}@h_${t}`, `sips:+1·…34@[host]`],
    ...["sip:[user]@[host]", `u_${t}@h_${t}`, "[user]@[host]", `h_${t}`, "[host]", `CA_${t}`],
    ...[`sid_${t}`, `id_${t}`, `ip_${t}`, `p_${t}`, `key_${t}`, `name_${t}`, `place_${t}`, "key_redacted", "***"],
    ...["[sid]", "[id]", "[ip]", "[path]", "[name]", "[place]", "[dropped]", "[number]"],
    ...["[unparsed 31 bytes]", "[text:37]", "[digits:4]", "[text:12345678]"],
  ])("%s", (text) => expect(isMade(text)).toBe(true));

  test.each([
    ...["", "alice", `x${t}`, `u_${t}x`, `xu_${t}`, `u_${t.slice(1)}`, `u_${t}2`, "u_ABCDEFGH23456", "u_abcdefgh23451"],
    ...[`+1415·ph_${t}`, `+14155550100`, "…345", "…3", `alice@h_${t}`, `u_${t}@example.com`, `sip:alice@h_${t}`],
    ...[`C_${t}`, `CAB_${t}`, `ca_${t}`, "**", "****", "[alice]", "[text:]", "[text:alice]", "[digits:4155550100]"],
    ...["[text 4 bytes]", "[unparsed alice bytes]", "[unparsed 14155550100 bytes]", "[text:4] alice", "x[text:4]"],
    `sip:u_${t}@h_${t}\n`,
    `${"x".repeat(70)}u_${t}`,
  ])("and %s is not", (text) => expect(isMade(text)).toBe(false));
});
