import { createHmac } from "node:crypto";
import { memoize } from "../input/memoize.ts";
import { countryCodeOf } from "./known-words.ts";

/**
 * How a person is shown: `hash` by a pseudonym, the same for the same key; `partial` like that, but a telephone number by
 * its country code and last two digits; `full` by the kind alone, so that nothing joins.
 */
export type Mode = "hash" | "partial" | "full";

/** Name spaces: one value has another token in each. */
type Space = "phone" | "sip" | "client" | "mail" | "host" | "name" | "place" | "ip" | "sid" | "id" | "path" | "key";

/** What stands before the token, and in brackets in its place where nothing is to join. */
const signs = {
  phone: ["ph_", "[phone]"],
  sip: ["u_", "[user]"],
  client: ["u_", "[user]"],
  mail: ["u_", "[user]"],
  host: ["h_", "[host]"],
  name: ["name_", "[name]"],
  place: ["place_", "[place]"],
  ip: ["ip_", "[ip]"],
  sid: ["sid_", "[sid]"],
  id: ["id_", "[id]"],
  path: ["p_", "[path]"],
  key: ["key_", "key_redacted"],
} as const satisfies Record<Space, readonly [string, string]>;

/** RFC 4648, section 6, in small letters. */
const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** 13 characters of 5 bits: among a million people two share a token once in a hundred million runs. */
const BITS = 65;

/** So many tokens are remembered: the people of one call come many times, and then no more. */
const MAX_TOKENS = 50_000;

/** A telephone number: its digits, and whether they begin with a country code. */
export interface Phone {
  readonly digits: string;
  readonly isInternational: boolean;
}

/** Makes pseudonyms of the people that values name. */
export interface Pseudonyms {
  readonly mode: Mode;
  /** The token of a value in its name space, with its sign: "u_k3v7m2qxw4t5a". */
  token(space: Space, value: string): string;
  phone(phone: Phone): string;
  /** The token of a SID behind its two letters: "CA_k3v7m2qxw4t5a". */
  sid(sid: string): string;
}

/** Pseudonyms by HMAC-SHA-256 (RFC 2104): without the key nobody can try all telephone numbers. */
export function createPseudonyms(key: Uint8Array, mode: Mode): Pseudonyms {
  const hash = memoize((text) => base32(createHmac("sha256", key).update(text).digest()), MAX_TOKENS);

  function token(space: Space, value: string): string {
    const [sign, bare] = signs[space];
    return mode === "full" ? bare : sign + hash(`${space}\n${value}`);
  }

  return {
    mode,
    token,
    phone({ digits, isInternational }) {
      if (mode === "full") return "[phone]";
      const country = isInternational ? countryCodeOf(digits) : undefined;
      if (mode === "partial") return partly(digits, country);
      return `${country === undefined ? "" : `+${country}·`}${token("phone", digits)}`;
    },
    sid(sid) {
      if (mode === "full") return "[sid]";
      return /^[A-Z]{2}/.test(sid) ? `${sid.slice(0, 2)}_${hash(`sid\n${sid}`)}` : token("sid", sid);
    },
  };
}

/** The last two digits hide a person only among many: of a number with fewer unknown digits none are shown. */
const LEAST_HIDDEN = 7;

function partly(digits: string, country: string | undefined): string {
  const rest = digits.length - (country?.length ?? 0);
  const end = rest - 2 >= LEAST_HIDDEN ? digits.slice(-2) : "";
  return `${country === undefined ? "" : `+${country}·`}…${end}`;
}

function base32(bytes: Buffer): string {
  let text = "";
  for (let bit = 0; bit < BITS; bit += 5) {
    text += alphabet.charAt((bytes.readUInt16BE(bit >> 3) >> (11 - (bit & 7))) & 31);
  }
  return text;
}

const token = "[a-z2-7]{13}";
const phoneToken = `(?:\\+\\d{1,3}·)?(?:ph_${token}|…(?:\\d\\d)?)|\\[phone\\]`;
const userToken = `u_${token}|\\[user\\]`;
const hostToken = `h_${token}|\\[host\\]`;

/** What this makes of people, so that it stays when it is redacted once more. */
const made = new RegExp(
  `^(?:(?:(?:tel|sips?|client|whatsapp):)?(?:${phoneToken}|${userToken})(?:@(?:${hostToken}))?|${hostToken}` +
    `|[A-Z]{2}_${token}|(?:sid|id|ip|p|key|name|place)_${token}|key_redacted|\\*{3}` +
    "|\\[(?:sid|id|ip|path|name|place|dropped|number)\\]|\\[unparsed \\d{1,8} bytes\\]|\\[(?:text|digits):\\d{1,8}\\])$",
);

/** Whether the text is the whole of what a redaction has left. */
export const isMade = (text: string): boolean => text.length < 80 && made.test(text);
