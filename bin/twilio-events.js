#!/usr/bin/env node
const { main, systemIo } = require("../dist/main.cjs");

const io = systemIo();
main(process.argv.slice(2), io).then((code) => {
  process.exitCode = code;
  io.close();
});
