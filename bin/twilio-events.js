#!/usr/bin/env node
import { main, systemIo } from "../dist/main.js";

process.exitCode = await main(process.argv.slice(2), systemIo());
// After Ctrl-C, or once nobody reads the result, a pipe that is still open would keep the program waiting.
process.stdin.destroy();
