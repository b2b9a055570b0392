// Loaded with `node --require` into a child: beside its peak memory, at its end it writes to descriptor 4 how many
// milliseconds of CPU time it used.
const { writeSync } = require("node:fs");

require("../bench/peak.cjs");

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeSync(4, String((user + system) / 1000));
});
