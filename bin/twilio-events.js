#!/usr/bin/env node
// Before the program is loaded: its stack then has the files and lines of src/.
if (process.argv.includes("--debug")) process.setSourceMapsEnabled(true);
const { main, systemIo } = require("../dist/main.cjs");

const io = systemIo();
main(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
  io.close();
});
