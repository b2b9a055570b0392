import type { Io } from "../io.ts";

const DELAY_MS = 1000;
const INTERVAL_MS = 200;

/** One line on stderr that tells how far a run has come. */
export interface Progress {
  /** Shows the line anew where a person can see it, the run takes more than a second, and it is time to. */
  show(): Promise<void>;
  /** Takes the line away. */
  clear(): Promise<void>;
}

/** The progress of a run that starts now; `text` tells how far it has come. */
export function createProgress(io: Io, text: () => string): Progress {
  const isShown = io.stderr.isTerminal && io.env.TERM !== "dumb";
  const started = io.now().getTime();
  let last = started + DELAY_MS - INTERVAL_MS;
  let isThere = false;
  return {
    async show() {
      if (!isShown) return;
      const now = io.now().getTime();
      if (now - last < INTERVAL_MS) return;
      last = now;
      isThere = true;
      await io.stderr.write(`\r${text()}\u001b[K`);
    },
    async clear() {
      if (isThere) await io.stderr.write("\r\u001b[K");
      isThere = false;
    },
  };
}
