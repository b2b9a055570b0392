// One broken record among good ones in the same array, object or log: the others are found, wherever it breaks.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../support/random.js";
import { createMutator } from "./mutate.js";
import { bundleProgram, loadProgram, run } from "./run-in-process.js";
import { goodEvent } from "./sample-events.js";
import { readCorpora } from "./seed-inputs.js";

const log = (text) => JSON.stringify({ log: `${text}\n`, stream: "stdout", time: "2026-11-23T02:00:00Z" });
const base64 = (text) => Buffer.from(text).toString("base64");
const kinesis = (data) => JSON.stringify({ Records: data.map((each) => ({ kinesis: { data: base64(each) } })) });
const listed = (records) => `[\n${records.join(",\n")}\n]`;

/** How five records stand beside each other. */
const forms = [
  listed,
  (records) => records.join("\n"),
  (records) => records.join(""),
  (records) => `a ${records.join(" b ")} c`,
  (records) => `[${records.join(",")}]`,
  (records) => `{"Records":${listed(records)}}`,
  ([one, two, ...rest]) => `[${one},${two},\n${rest.join(",\n")}]`,
  (records) => `{\n${records.map((record, at) => `"${at}":${record}`).join(",\n")}\n}`,
  (records) => JSON.stringify({ body: `[${records.join(",")}]` }),
  (records) => JSON.stringify({ body: records.join("\n") }),
  (records) => JSON.stringify({ body: listed(records) }),
  (records) => listed(records).split("\n").map(log).join("\n"),
  (records) => records.map(log).join("\n"),
  (records) => kinesis(records),
  (records) => kinesis([records.join("")]),
  (records) => records.map((record) => `1,"${record.replaceAll('"', '""')}",x`).join("\n"),
  (records) => records.map((record) => `"${record.replaceAll("\\", "\\x5C").replaceAll('"', "\\x22")}"`).join(" "),
  (records) => records.map((record) => `/?e=${encodeURIComponent(record)}`).join(" "),
  (records) => records.map((record) => `body="${JSON.stringify(record).slice(1, -1)}"`).join(" "),
];
const prefixes = ["", "", "  ", "web-1  | "];

/** A record that is nearly right, on one line. */
function brokenRecord(mutator, random) {
  const bytes = random.chance(0.5) ? mutator.change(Buffer.from(goodEvent(0)), random) : mutator.make(random);
  const text = bytes.toString("latin1").replace(/[\n\r\0]/g, " ");
  return text.startsWith("\x1f\x8b") ? "" : text;
}

/** Tries so many broken records, number `first` and those behind it. Returns how many, and in words where a good one was lost. */
export async function neighborTrials({ inputs, seed = 1, first = 0 }) {
  const folder = mkdtempSync(join(tmpdir(), "twilio-events-neighbors-"));
  const wrong = [];
  try {
    const program = loadProgram(await bundleProgram(folder));
    const mutator = createMutator(readCorpora(program.payloads));
    const good = [1, 2, 3, 4, 5].map(goodEvent);
    const [before, between, behind] = [good.slice(0, 2), good.slice(2, 4), good.slice(4)];
    for (let number = first; number < first + inputs; number++) {
      const random = createRandom(seed, number);
      const form = random.pick(forms)([...before, brokenRecord(mutator, random), ...between]);
      const text = [form, ...behind].join("\n").replace(/^/gm, random.pick(prefixes));
      const { stdout } = await run(program, ["extract"], [Buffer.from(`${text}\n`, "latin1")]);
      // Keys of a record that lacks its end may make an event of all that follows.
      const lost = good.flatMap((event, at) => (stdout.includes(event) ? [] : at + 1));
      if (lost.length > 0) wrong.push(`seed ${seed}, number ${number}: good event ${lost.join(", ")} is lost`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { inputs, wrong };
}
