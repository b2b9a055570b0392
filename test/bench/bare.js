// The least that a reader of NDJSON in Node.js does: split the file at 0x0A and parse each line. Prints the number of lines
// and how many of them aren't JSON.
import { createReadStream } from "node:fs";

let rest = Buffer.alloc(0);
let lines = 0;
let invalid = 0;
for await (const chunk of createReadStream(process.argv[2], { highWaterMark: 256 * 1024 })) {
  const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
    try {
      JSON.parse(bytes.toString("utf8", start, end));
    } catch {
      invalid += 1;
    }
    lines += 1;
    start = end + 1;
  }
  rest = bytes.subarray(start);
}
if (rest.length > 0) throw new Error("the last line has no end");
console.log(`${lines} lines, ${invalid} invalid`);
