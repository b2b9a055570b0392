// Tries one broken record among valid ones in the same array, object or log. The valid ones must be found.
import { createRandom, type Random } from "../support/random.ts";
import { inFolder } from "../support/temporary-folder.ts";
import { createMutator, type Mutator } from "./mutate.ts";
import { bundleProgram, loadProgram, run } from "./run-in-process.ts";
import { sampleEvent } from "./sample-events.ts";
import { readSeeds } from "./seed-inputs.ts";

const log = (text: string): string =>
  JSON.stringify({ log: `${text}\n`, stream: "stdout", time: "2026-11-23T02:00:00Z" });
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const kinesis = (data: readonly string[]): string =>
  JSON.stringify({ Records: data.map((each) => ({ kinesis: { data: base64(each) } })) });
const listed = (records: readonly string[]): string => `[\n${records.join(",\n")}\n]`;

/** The ways to join five records. */
const forms: readonly ((records: readonly string[]) => string)[] = [
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

/** A record that is almost valid, on one line. */
function brokenRecord(mutator: Mutator, random: Random): string {
  const bytes = random.chance(0.5) ? mutator.change(Buffer.from(sampleEvent(0)), random) : mutator.make(random);
  const text = bytes.toString("latin1").replace(/[\n\r\0]/g, " ");
  return text.startsWith("\x1f\x8b") ? "" : text;
}

/** Tries broken records. Returns how many, and for each that hid a valid one how to make it again. */
export function neighborTrials({ inputs, seed = 1 }: { readonly inputs: number; readonly seed?: number }) {
  return inFolder(async (folder) => {
    const wrong: string[] = [];
    const program = loadProgram(await bundleProgram(folder));
    const mutator = createMutator(readSeeds(program.payloads));
    const events = [1, 2, 3, 4, 5].map(sampleEvent);
    const [before, between, after] = [events.slice(0, 2), events.slice(2, 4), events.slice(4)];
    for (let number = 0; number < inputs; number++) {
      const random = createRandom(seed, number);
      const form = random.pick(forms)([...before, brokenRecord(mutator, random), ...between]);
      const text = [form, ...after].join("\n").replace(/^/gm, random.pick(prefixes));
      const { stdout } = await run(program, ["extract"], [Buffer.from(`${text}\n`, "latin1")]);
      const lost = events.flatMap((event, at) => (stdout.includes(event) ? [] : at + 1));
      if (lost.length > 0) wrong.push(`seed ${seed}, number ${number}: event ${lost.join(", ")} is lost`);
    }
    return { inputs, wrong };
  });
}
