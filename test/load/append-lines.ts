// Keeps a record open in a process of its own: <record> <first number> <writers> <bytes per line>. Prints "open", then
// the number of each acknowledged line. Without writers, it waits for the end of stdin.
import { writeSync } from "node:fs";
import { openJournal } from "../../src/webhook/journal/journal.ts";
import { toRecordLine } from "../../src/webhook/webhook-request.ts";

const [path = "", first, writers, bytes] = process.argv.slice(2);

// Made only once, because a large line takes longer to make than to write.
const body = Buffer.from(
  JSON.stringify({ number: "NUMBER", filler: "x".repeat(Number(bytes)) }).replace('"NUMBER"', "NUMBER"),
);
const request = { receivedAt: Date.now(), method: "POST", url: "/", headers: {}, signature: "none", body } as const;
const [before = Buffer.alloc(0), after = Buffer.alloc(0)] = toRecordLine(request)
  .toString()
  .split("NUMBER")
  .map((part) => Buffer.from(part));

const print = (text: string | number): number => writeSync(1, `${text}\n`);

const line = (number: number): Buffer => Buffer.concat([before, Buffer.from(String(number)), after]);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

openJournal(path, { pid: process.pid, isRunning, now: Date.now }).then(
  (journal) => {
    print("open");
    let next = Number(first);
    const write = async (): Promise<never> => {
      for (;;) {
        const number = next++;
        await journal.append(line(number));
        print(number);
      }
    };
    const writing = Array.from({ length: Number(writers) }, write);
    process.stdin.resume().once("end", async () => {
      await journal.close();
      await Promise.allSettled(writing);
    });
  },
  (error: Error) => print(error.message),
);
