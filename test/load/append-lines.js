// Keeps a record open in a process of its own: node append.js <bundle of journal.ts> <record> <first number> <writers> <bytes a line>.
// It says "open", then the number of each line that was acknowledged; without writers it waits for the end of its input.
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [bundle, path, first, writers, bytes] = process.argv.slice(2);
const { openJournal, toRecordLine } = await import(pathToFileURL(bundle).href);

// Made once: a giant would take longer to make than to write.
const body = Buffer.from(
  JSON.stringify({ number: "NUMBER", filler: "x".repeat(Number(bytes)) }).replace('"NUMBER"', "NUMBER"),
);
const whole = { receivedAt: Date.now(), method: "POST", url: "/", headers: {}, signature: "none", body };
const [before, after] = toRecordLine(whole)
  .toString()
  .split("NUMBER")
  .map((part) => Buffer.from(part));

const say = (text) => writeSync(1, `${text}\n`);

const journal = await openJournal(path, { pid: process.pid, isRunning, now: Date.now }).catch((error) => {
  say(error.message);
});
if (journal) {
  say("open");
  let number = Number(first);
  const write = async () => {
    for (;;) {
      const present = number++;
      await journal.append(line(present));
      say(present);
    }
  };
  const written = Array.from({ length: Number(writers) }, write);
  process.stdin.resume().once("end", async () => {
    await journal.close();
    await Promise.allSettled(written);
  });
}

function line(number) {
  return Buffer.concat([before, Buffer.from(String(number)), after]);
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
