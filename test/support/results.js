// Keeps what the long runs counted, in RESULTS.md: one row a run, with the day and the machine that it ran on.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machine } from "../machine.js";

const path = join(import.meta.dirname, "RESULTS.md");

const units = { MB: " MB", Ms: " ms" };

/** Figures in words: `peakMB: 134` is "peak 134 MB"; of a list its length; of a table its own figures. */
export function wordsOf(figures) {
  return Object.entries(figures)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => {
      const name = key.replace(/(MB|Ms)$/, "").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      if (Array.isArray(value)) return `${name} ${value.length}`;
      if (typeof value === "object") return `${name} (${wordsOf(value)})`;
      const unit = units[/(MB|Ms)$/.exec(key)?.[0]] ?? "";
      return `${name} ${typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: unit ? 0 : 2 }) : value}${unit}`;
    })
    .join(", ");
}

/** Writes the row of a run over the one that it had; rows are in the given order. */
export function keepResult({ name, what, figures, isHeld, order }) {
  const day = new Date().toISOString().slice(0, 10);
  const row = `| \`${name}\` | ${what} | ${isHeld ? "" : "**not as promised:** "}${figures} | ${day}, ${machine()} |`;
  const rows = new Map(rowsOf().map((line) => [/^\| `([^`]+)`/.exec(line)?.[1], line]));
  rows.set(name, row);
  const lines = order.flatMap((known) => rows.get(known) ?? []);
  writeFileSync(path, [...head, ...lines, ""].join("\n"));
}

const head = [
  "# What `npm run torture` counted",
  "",
  "`npm run torture kill` runs one of them again and writes its row anew. The mutants of each module, and which of them no test",
  "notices, stand in [SURVIVORS.md](SURVIVORS.md).",
  "",
  "| run | what it does | figures | when, and where |",
  "| --- | --- | --- | --- |",
];

function rowsOf() {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| `"));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
