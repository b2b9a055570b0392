import { isMade, type Phone, type Pseudonyms } from "./pseudonym.ts";

/** What Twilio puts in the place of a number that nobody knows. */
const nobody: ReadonlySet<string> = new Set([
  "anonymous",
  "blocked",
  "private",
  "restricted",
  "unavailable",
  "unknown",
]);

/** What numbers are written with between their digits. */
const written = /^\+?\(?\d[\d\s().\u00a0\u2010-\u2015/-]*$/;

/** E.164 numbers have at most 15 digits; with an exit code before it is 17. */
const MAX_DIGITS = 17;

/**
 * A telephone number in any of its spellings: `+14155550100`, `14155550100`, `tel:` before it, `%2B` for the plus, blanks
 * and dashes in it. Undefined for what has fewer digits than `least`, and for all else.
 */
export function phoneIn(text: string, least: number): Phone | undefined {
  let number = decoded(text).trim();
  if (/^tel:/i.test(number)) number = number.slice(4).replace(/;.*/s, "");
  if (!written.test(number)) return undefined;
  const digits = number.replace(/\D/g, "");
  if (digits.length < least || digits.length > MAX_DIGITS) return undefined;
  if (number.startsWith("+")) return { digits, isInternational: true };
  // An exit code, as most of the world dials it, says the same as the plus.
  if (digits.startsWith("00") && digits.length > 9) return { digits: digits.slice(2), isInternational: true };
  return { digits, isInternational: digits.length >= 11 && !digits.startsWith("0") };
}

/** A SID, also in the lengths of Twilio's published examples. */
const sidShape = /^[A-Z]{2}[0-9a-fA-F]{26,32}$/;

/** Whether the text is a SID: two capitals and hexadecimal digits. */
export const isSid = (text: string): boolean => sidShape.test(text);

const sipShape = /^(sips?):(?:([^@\s]*)@)?([^@\s;?>/]+)((?:[;?>/][^@\s]*)?)$/i;
const mailShape = /^(?:mailto:)?([^\s@<>"/:]+)@([^\s@<>"/:]+)$/i;
const schemeShape = /^(client|whatsapp|tel|sim|messenger|viber|user|agent|worker|conference|queue):([\s\S]+)$/i;
const hostShape = /^([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i;

/** A host's name that holds a number, an IP address or a SID, as those of tunnels and machines do: "ip-203-0-113-9". */
const tellingHost = /\d{5}|\d(?:[.-]?\d){6}|(?:[0-9a-f]{1,4}-){3}[0-9a-f]|[A-Z]{2}[0-9a-f]{26}/i;

/** Shows who talks to whom: numbers, SIP URIs, clients, addresses. */
export interface People {
  /** Who is meant where somebody must be: what is no address of a known form is a name. */
  party(text: string): string;
  /** The same for a text that may be anything; undefined when it is no address. */
  address(text: string): string | undefined;
  /** A host with its port; a name stays, an IP address gets a token. Undefined for what is no host. */
  host(text: string): string | undefined;
  ip(text: string): string | undefined;
}

/** Shows people by their pseudonyms. */
export function createPeople(pseudonyms: Pseudonyms): People {
  const { token, phone, sid } = pseudonyms;

  function address(text: string): string | undefined {
    const found = phoneIn(text, 7);
    if (found !== undefined) return phone(found);
    if (isSid(text)) return sid(text);
    const [, sip, name, host = "", tail = ""] = sipShape.exec(text) ?? [];
    if (sip !== undefined) return sipOf(sip, name, host, tail);
    const [, scheme, rest = ""] = schemeShape.exec(text) ?? [];
    if (scheme !== undefined) return `${scheme.toLowerCase()}:${user(rest, "client")}`;
    const [, mailbox, domain = ""] = mailShape.exec(text.toLowerCase()) ?? [];
    return mailbox && `${token("mail", `${mailbox}@${domain}`)}@${token("host", domain)}`;
  }

  function sipOf(scheme: string, name: string | undefined, host: string, tail: string): string {
    const who = name === undefined ? "" : `${sipUser(decoded(name))}@`;
    const [, transport = ""] = /;(transport=(?:udp|tcp|tls|wss?))(?:[;?]|$)/i.exec(tail) ?? [];
    return `${scheme.toLowerCase()}:${who}${hostToken(host)}${transport === "" ? "" : `;${transport}`}`;
  }

  function sipUser(text: string): string {
    const [name = "", password] = text.split(":");
    return user(name.replace(/;.*/s, ""), "sip") + (password === undefined ? "" : ":***");
  }

  function hostToken(text: string): string {
    const [, host = text, port = ""] = hostShape.exec(text) ?? [];
    return isMade(host) ? host + port : token("host", host.toLowerCase()) + port;
  }

  function user(text: string, space: "sip" | "client"): string {
    if (isMade(text) || nobody.has(text.toLowerCase())) return text;
    const found = phoneIn(text, space === "sip" ? 3 : 7);
    return found === undefined ? token(space, text) : phone(found);
  }

  function ip(text: string): string | undefined {
    const bare = text.replace(/^\[(.*)\]$/, "$1").toLowerCase();
    const isIp =
      /^\d{1,3}(?:\.\d{1,3}){3}$/.test(bare) ||
      (/^[0-9a-f:.]{3,}$/.test(bare) && bare.indexOf(":") !== bare.lastIndexOf(":"));
    return isIp ? token("ip", bare) : undefined;
  }

  return {
    party(text) {
      if (isMade(text) || nobody.has(text.trim().toLowerCase())) return text;
      const found = phoneIn(text, 3);
      return found === undefined ? (address(text.trim()) ?? token("client", text)) : phone(found);
    },
    address,
    ip,
    host(text) {
      const [, name, port = ""] = hostShape.exec(text) ?? [];
      if (name === undefined) return undefined;
      const shown = ip(name) ?? (tellingHost.test(name) && !isMade(name) ? token("host", name.toLowerCase()) : name);
      return shown + port;
    },
  };
}

/** With percent-encoding undone where that is possible. */
export function decoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
