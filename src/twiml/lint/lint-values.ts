import { nearestName } from "../../findings/suggest.ts";
import { memoize } from "../../input/memoize.ts";
import { type AttributeRule, type ElementRule, schemaWarning } from "../grammar.ts";
import type { twimlRules } from "../rules.ts";

/** What is wrong with a value; the rule's data but for whose value it is. */
export interface ValueProblem {
  readonly fault: Parameters<(typeof twimlRules)["twiml-value"]["message"]>[0]["fault"];
  readonly values: string;
  readonly nearest: string | undefined;
  readonly code: number;
}

type Check = (value: string, rule: AttributeRule) => ValueProblem | undefined;

/** 11100 "invalid URL format", 11200 "HTTP retrieval failure", 11205 "HTTP connection failure". */
const urlFormat = 11100;
const urlRetrieval = 11200;
const urlConnection = 11205;

/** The longest text of `<Say>`, with Amazon Polly voices and with others (13521). */
const MAX_POLLY_CHARS = 3000;
const MAX_SAY_CHARS = 4096;

const checks: Readonly<Record<AttributeRule["kind"], Check>> = {
  string: () => undefined,
  integer: (value, { code }) => unless(/^\d+$/.test(value), "integer", code),
  positive: (value, { code }) => unless(/^0*[1-9]\d*$/.test(value), "positive", code),
  integers: (value, { code }) => unless(/^\d+( +\d+)*$/.test(value), "integers", code),
  "integer-or": (value, { code, values }) =>
    unless(/^\d+$/.test(value) || values.includes(value), "integer-or", code, values.join(" or ")),
  boolean: (value, { code }) => choice("boolean", value, ["true", "false"], code),
  method: (value, { code }) => choice("method", value, ["GET", "POST"], code),
  one: (value, { code, values }) => choice("one", value, values, code),
  list: (value, { code, values }) => checkList(value, values, code),
  characters: (value, { code, values }) => checkCharacters(value, values.join(""), code),
  caller: (value, { code }) => checkCaller(value, code),
  url: (value, { code }) => checkUrl(value, code),
  websocket: (value, { code }) => unless(/^wss?:\/\//i.test(value), "url-socket", code) ?? checkCredentials(value),
};

/** What is wrong with the value of an attribute, by its rule; undefined when nothing is. */
export function checkAttribute(value: string, rule: AttributeRule): ValueProblem | undefined {
  return checks[rule.kind](value, rule);
}

/** What is wrong with the text of an element, which is not empty; undefined when nothing is. */
export function checkText(
  text: string,
  rule: ElementRule,
  attributes: ReadonlyMap<string, string>,
): ValueProblem | undefined {
  const value = text.trim();
  switch (rule.text) {
    case "phone":
      if (/^sips?:/i.test(value)) return wrong("phone-sip", rule.textCode);
      if (/^client:/i.test(value)) return wrong("phone-client", rule.textCode);
      return unless(isPhone(value), "phone", rule.textCode);
    case "sip":
      return unless(/^sips?:/i.test(value), "sip", rule.textCode) ?? checkCredentials(value);
    case "url":
      return checkUrl(value, urlFormat);
    case "prose": {
      const limit = attributes.get("voice")?.startsWith("Polly.") ? MAX_POLLY_CHARS : MAX_SAY_CHARS;
      return unless(text.length <= limit || [...text].length <= limit, "long", 13521, String(limit));
    }
    default:
      return undefined;
  }
}

/** Whether a URL, relative or not, leads back to the one that answered: fragment, credentials and default port apart. */
export function leadsBack(reference: string, answering: string): boolean {
  return leadsBackTo(answering)(reference);
}

/** How many URLs, and how many references for each, are remembered: an application has a few of them. */
const MAX_URLS = 64;

const leadsBackTo = memoize((answering) => {
  const from = URL.canParse(answering) ? new URL(answering) : undefined;
  return memoize((reference) => {
    const to = from !== undefined && URL.canParse(reference, from.href) ? new URL(reference, from) : undefined;
    return to !== undefined && to.host === from?.host && to.pathname === from.pathname && to.search === from.search;
  }, MAX_URLS);
}, MAX_URLS);

function wrong(fault: ValueProblem["fault"], code: number, values = "", nearest?: string): ValueProblem {
  return { fault, code, values, nearest };
}

function unless(right: boolean, fault: ValueProblem["fault"], code: number, values = ""): ValueProblem | undefined {
  return right ? undefined : wrong(fault, code, values);
}

function choice(fault: ValueProblem["fault"], value: string, values: readonly string[], code: number) {
  return values.includes(value) ? undefined : wrong(fault, code, values.join(", "), nearestName(value.trim(), values));
}

function checkList(value: string, values: readonly string[], code: number): ValueProblem | undefined {
  const items = value.split(/\s+/).filter((item) => item !== "");
  const stranger = items.find((item) => !values.includes(item));
  if (stranger === undefined) return undefined;
  const parts = value.split(/[\s,]+/).filter((part) => part !== "");
  if (value.includes(",") && parts.every((part) => values.includes(part))) return wrong("commas", code);
  return wrong("list", code, values.join(", "), nearestName(stranger, values));
}

/** Without a set of its own: letters, digits, * and # (13430). */
function checkCharacters(value: string, set: string, code: number): ValueProblem | undefined {
  const allowed = set === "" ? /[A-Za-z\d*#]/ : undefined;
  const right = [...value].every((character) => allowed?.test(character) ?? set.includes(character));
  return unless(right, "characters", code, set === "" ? "a–z, 0–9, * and #" : set);
}

/** A caller id may also be a client or a SIP user, so only what is written like a telephone number is judged. */
function checkCaller(value: string, code: number): ValueProblem | undefined {
  const likeNumber =
    /^[+\d][\d\s().-]*$/.test(value) && (/[\s().-]/.test(value) || value.replace(/\D/g, "").length >= 10);
  return unless(!likeNumber || isPhone(value), "phone", code);
}

/** E.164: a plus sign and at most 15 digits (13223). */
function isPhone(value: string): boolean {
  return /^\+[1-9]\d{1,14}$/.test(value);
}

function checkUrl(value: string, code: number): ValueProblem | undefined {
  const url = value.trim();
  if (/\{\{|\$\{|<%|\{%|(?:^|\/)(?:undefined|null|None|NaN|\[object Object\])(?:[/?#]|$)/.test(url)) {
    return wrong("url-placeholder", urlRetrieval);
  }
  if (/\s/.test(url)) return wrong("url-blank", own(code, urlFormat));
  const hostFirst = /^(?:localhost|(?:[a-z\d-]+\.)+(?:com|net|org|io|dev|app|co|ngrok\.app))(?=[/:?#]|$)/i.test(url);
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (hostFirst || (scheme !== undefined && scheme !== "http" && scheme !== "https")) {
    return wrong("url-scheme", own(code, urlFormat));
  }
  if (scheme === undefined) return undefined;
  if (!URL.canParse(url)) return wrong("url-scheme", own(code, urlFormat));
  return unless(!isLocal(new URL(url).hostname), "url-local", urlConnection) ?? checkCredentials(url);
}

/** No Debugger code: it works, and shows the password in every event. */
function checkCredentials(value: string): ValueProblem | undefined {
  return unless(!/(?:\/\/|^sips?:)[^\s/:@]*:[^\s/@]+@/i.test(value), "url-credentials", 0);
}

function isLocal(host: string): boolean {
  return (
    /^(?:localhost|.*\.localhost|.*\.local|\[::1\]|0\.0\.0\.0)$/.test(host) ||
    /^(?:127|10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+$/.test(host)
  );
}

/** The attribute's own code, or the general one of URLs when it has none. */
function own(code: number, general: number): number {
  return code === schemaWarning ? general : code;
}
