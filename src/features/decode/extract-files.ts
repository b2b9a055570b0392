import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../../errors.ts";
import type { FoundEvent } from "../../findings/select-events.ts";
import { problemOf } from "../../input/sources.ts";
import type { DecodedBody } from "../../twiml/decode/decode-body.ts";

/** A folder that files are written to, none over another. */
export interface Folder {
  /** Writes the file; where one of that name holds something else, a number is put before its extension. */
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/** How many files of one name are told apart by numbers. */
const MOST_ALIKE = 1000;

/** Opens the folder, and makes it where there is none. `name`s must come from us: they are not checked. */
export async function openFolder(path: string): Promise<Folder> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new UsageError(`--extract ${path}: ${problemOf(error, "write")}`);
  }
  return {
    async write(name, bytes) {
      for (let number = 1; number <= MOST_ALIKE; number++) {
        const file = join(path, number === 1 ? name : name.replace(/(?=\.[^.]+$)/, `-${number}`));
        if ((await tryWrite(file, bytes)) || (await holds(file, bytes))) return;
      }
      throw new UsageError(`--extract ${path}: it holds ${MOST_ALIKE} files named like ${name}; name another folder`);
    },
  };
}

/** Whether the file was written: it is made anew, never opened where a file or a link stands already. */
async function tryWrite(file: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await writeFile(file, bytes, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new UsageError(`${file}: ${problemOf(error, "write")}`);
  }
}

const holds = async (file: string, bytes: Uint8Array): Promise<boolean> => (await readFile(file)).equals(bytes);

const extensions = {
  twiml: "xml",
  xml: "xml",
  json: "json",
  html: "html",
  text: "txt",
  empty: "txt",
  binary: "bin",
} as const satisfies Record<DecodedBody["kind"], string>;

const isSid = (text: string | undefined): text is string =>
  text !== undefined && /^[A-Z]{2}[0-9A-Za-z]{1,64}$/.test(text);

/** A file name for the body, of the SIDs that its event has and never of other text; `number` where there are none. */
export function fileNameOf({ event }: FoundEvent, body: DecodedBody, number: number): string {
  const names = [event.callSid, event.id].filter(isSid);
  return `${names.length > 0 ? names.join("-") : `body-${number}`}.${extensions[body.kind]}`;
}
