import { describe, expect, it } from "vitest";
import { type Carrier, carriers, eventText, type Wrapper, wrappers } from "./forms.ts";
import { readBytes } from "./read.ts";

const ids = ["VW1", "VW2", "VW3"];

/** The wrappers from the outermost to the innermost round each event. */
function wrapAll(chain: readonly Wrapper[], id: string): string {
  return chain.reduceRight((inner, wrapper) => JSON.stringify(wrapper.wrap(inner)), eventText(id));
}

/** The path that leads through the wrappers: plain ones continue a path, strings begin a new one behind ▸. */
function pathThrough(chain: readonly Wrapper[]): string {
  let path = "";
  let isOpened = true;
  for (const wrapper of chain) {
    if (isOpened) path += path === "" ? wrapper.path : ` ▸ ${wrapper.path}`;
    else path += wrapper.path.startsWith("[") ? wrapper.path : `.${wrapper.path}`;
    isOpened = wrapper.isPlain !== true;
  }
  return path;
}

async function check(carrier: Carrier, chain: readonly Wrapper[]): Promise<void> {
  const texts = ids.map((id) => wrapAll(chain, id));
  const carried = carrier.carry(texts);
  const bytes = typeof carried === "string" ? Buffer.from(carried) : carried;
  for (const size of [bytes.length, 61]) {
    const { found, faults } = await readBytes(bytes, size);
    expect(found.map(({ id }) => id)).toEqual(ids);
    const starts = carrier.lines(texts);
    for (const [index, { line }] of found.entries()) {
      const start = starts[index] ?? 0;
      if (chain.length === 0 || !carrier.isSpread) expect(line).toBe(start);
      else expect(line >= start && line < (starts[index + 1] ?? Number.POSITIVE_INFINITY)).toBe(true);
    }
    expect(faults.filter(({ rule }) => rule === "json-syntax")).toEqual([]);
    const path = pathThrough(chain);
    for (const [index, each] of found.entries()) {
      const element = carrier.isArray ? `[${index}]` : "";
      const expected = element === "" || path === "" || path.startsWith("[") ? element + path : `${element}.${path}`;
      const inner = carrier.name.startsWith("docker json-file")
        ? ["log", expected].filter((part) => part !== "").join(" ▸ ")
        : expected;
      expect(each.path).toBe(inner);
      expect(each.value.type).toBe("com.twilio.voice.status-callback.call.ringing");
      expect(JSON.stringify(each.value)).toContain("São Paulo");
    }
  }
}

describe.each(carriers)("$name", (carrier) => {
  it("holds events as they are", () => check(carrier, []));

  it.each(wrappers)("holds $name", (wrapper) => check(carrier, [wrapper]));
});

describe.each(wrappers)("$name holds", (outer) => {
  it.each(wrappers)("$name", (inner) => check(carriers[0] as Carrier, [outer, inner]));

  it("three deep, behind a prefix", async () => {
    const prefix = carriers.find(({ name }) => name === "app prefix") as Carrier;
    for (const middle of wrappers.slice(4, 10)) await check(prefix, [outer, middle, wrappers[10] as Wrapper]);
  });
});

it("knows at least forty forms", () => {
  expect(carriers.length + wrappers.length).toBeGreaterThanOrEqual(40);
});
