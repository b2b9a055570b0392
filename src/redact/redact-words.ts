import { timeShape } from "./fields.ts";
import { isPlain } from "./known-words.ts";
import type { People } from "./people.ts";
import { isMade, type Pseudonyms } from "./pseudonym.ts";
import type { Urls } from "./redact-url.ts";

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
