// The entry of the bundle that the fuzzer runs: the program, and the tests' own knowledge about it.
export { eventTypes } from "../../src/events/catalog.ts";
export { main } from "../../src/main.ts";
export { leak, ownColors, payloads } from "../output/hostile.ts";
