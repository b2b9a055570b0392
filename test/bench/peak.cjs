// Loaded with `node --require` into a child: at its end it writes the most memory that was resident, in bytes, to
// descriptor 3. On Linux that is the high-water mark since the program started; `maxRSS` would count what its parent
// held at the moment of the fork.
const { readFileSync, writeSync } = require("node:fs");

process.on("exit", () => {
  writeSync(3, String(highWaterMark() ?? process.resourceUsage().maxRSS * 1024));
});

function highWaterMark() {
  try {
    const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return kilobytes && Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
