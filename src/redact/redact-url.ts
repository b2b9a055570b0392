import { timeShape } from "./fields.ts";
import { isPlain } from "./known-words.ts";
import { decoded, isSid, type People, phoneIn } from "./people.ts";
import { isMade, type Pseudonyms } from "./pseudonym.ts";

/** What the parts of a URL are shown by. */
interface UrlOptions {
  readonly pseudonyms: Pseudonyms;
  readonly people: People;
  key(name: string): string;
  string(value: string, name: string): string;
}

/** Redacts URLs, absolute or not, and forms. */
export interface Urls {
  /** Undefined for what is no URL. */
  url(text: string): string | undefined;
  form(text: string): string;
}

const schemes = /^(?:https?|wss?|ftps?|s3|rtmps?|file)$/i;

/** RFC 3986, appendix B; without white space, which no URL has. */
const urlShape = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#\s]*)(?![^/?#\s]))?([^?#\s]*)(\?[^#\s]*)?(#\S*)?$/i;

/** Pairs of names and values, as they stand in a query or in the body of a classic callback. */
const formShape = /^[^\s&=?#<>{}"]{1,200}=[^\s&=<>{}"]*={0,2}(?:&[^\s&=<>{}"]{0,200}(?:=[^\s&<>{}"]*)?)*$/;

/** Whether the text is a form. */
export const isForm = (text: string): boolean => text.length < 1024 * 1024 && formShape.test(text);

/** The host stays: it is the customer's. All in the path that is no known word, and all in the query, may be a person. */
export function createUrls({ pseudonyms, people, key, string }: UrlOptions): Urls {
  const { token, phone, sid } = pseudonyms;

  function url(text: string): string | undefined {
    const [, scheme, authority, path = "", query, fragment] = urlShape.exec(text) ?? [];
    if (scheme !== undefined && !schemes.test(scheme)) return undefined;
    const isAbsolute = authority !== undefined;
    if (!isAbsolute && !/^[/?#]|^\.\.?\//.test(text)) return undefined;
    const shownAuthority = authority === undefined ? "" : authorityOf(authority);
    if (shownAuthority === undefined) return undefined;
    const head = `${scheme === undefined ? "" : `${scheme}:`}${isAbsolute ? `//${shownAuthority}` : ""}`;
    const shownQuery = query === undefined ? "" : `?${form(query.slice(1))}`;
    return head + pathOf(path) + shownQuery + (fragment === undefined ? "" : `#${fragmentOf(fragment.slice(1))}`);
  }

  function authorityOf(authority: string): string | undefined {
    const at = authority.lastIndexOf("@");
    const host = people.host(authority.slice(at + 1));
    return host === undefined || at === -1 ? host : `***@${host}`;
  }

  const pathOf = (path: string): string => path.split("/").map(segment).join("/");

  function segment(text: string): string {
    const plain = decoded(text);
    const dot = plain.lastIndexOf(".");
    const name = dot > 0 && isPlain(plain.slice(dot)) ? plain.slice(0, dot) : plain;
    const extension = plain.slice(name.length);
    if (isMade(name) || isMade(plain)) return text;
    if (isSid(name)) return sid(name) + extension;
    if (/^\d{4}-\d\d-\d\d$/.test(plain) || isPlain(plain)) return text;
    const found = phoneIn(name, 7);
    return (found === undefined ? token("path", name) : encoded(phone(found))) + extension;
  }

  const fragmentOf = (text: string): string => (text.includes("=") ? form(text) : pathOf(text));

  function form(text: string): string {
    return text.split("&").map(pair).join("&");
  }

  function pair(text: string): string {
    const equals = text.indexOf("=");
    if (equals === -1) return isPlain(decoded(text)) || isMade(text) ? text : token("path", decoded(text));
    const name = unspaced(text.slice(0, equals));
    const shownName = key(name);
    const value = unspaced(text.slice(equals + 1));
    const shown = string(value, name);
    const left = shownName === name ? text.slice(0, equals) : encoded(shownName);
    return `${left}=${shown === value ? text.slice(equals + 1) : encoded(shown)}`;
  }

  return { url, form };
}

/** A name or value as a form has it. */
const unspaced = (text: string): string => decoded(text.replaceAll("+", " "));

/** As a form writes it, but that the brackets and stars of what we put there can be read. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/%5B|%5D|%3A|%2F|%40/g, (code) => decodeURIComponent(code));

interface WordOptions extends Pick<Urls, "url"> {
  readonly people: People;
  readonly pseudonyms: Pseudonyms;
}

/** Redacts words of our own, and what the user named. */
interface Words {
  prose(text: string): string;
  file(name: string): string;
}

/** No URL that is told is longer. */
const MAX_URL_CHARS = 4096;

const isUrl = (text: string): boolean => /^[("']*\/|:\/\//.test(text);

/** Looks at each word by itself: our own words stay, and so do names of files but for what is somebody's in them. */
export function createWords({ url, people, pseudonyms: { token } }: WordOptions): Words {
  /** A URL whole: whatever signs are in it, none of them ends it but those of the sentence. */
  function urlWord(text: string): string {
    const whole = text.slice(0, MAX_URL_CHARS);
    let start = 0;
    while (start < whole.length && "(\"'".includes(whole.charAt(start))) start++;
    let end = whole.length;
    while (end > start && ")\"':;.,".includes(whole.charAt(end - 1))) end--;
    const bare = whole.slice(start, end);
    return whole.slice(0, start) + (url(bare) ?? token("path", bare)) + whole.slice(end);
  }

  /** A word among our own: one that could be more than a word is looked at. */
  function word(text: string): string {
    let length = text.length;
    while (length > 0 && ":;.!?…".includes(text.charAt(length - 1))) length--;
    const bare = text.slice(0, length);
    const end = text.slice(length);
    if (/^[\d.,:%+-]{1,8}$/.test(bare) || isMade(bare) || isPlain(bare) || timeShape.test(bare)) return text;
    const asUrl = /[?&=]|:\/\/|^\//.test(bare) ? url(bare) : undefined;
    return (asUrl ?? people.ip(bare) ?? people.address(bare) ?? parts(bare)) + end;
  }

  function parts(path: string): string {
    return path.replace(/[^/\\]+/g, part);
  }

  function part(text: string): string {
    const isSafe = /^[\w .*~-]*$/.test(text) && !/\d{5}|[A-Z]{2}[0-9a-f]{20}/i.test(text);
    return isSafe ? text : token("path", text);
  }

  return {
    prose: (text) => text.replace(/\S+/g, (part) => (isUrl(part) ? urlWord(part) : part.replace(/[^,()'"]+/g, word))),
    file: (name) => parts(name.replace(/^(?:\/home|\/Users|[A-Za-z]:\\Users)[/\\][^/\\]+/, "~")),
  };
}
