import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/errors.ts";
import { isLoopback, resolveTarget, type TargetOptions } from "../../src/webhook/target.ts";

const here: TargetOptions = { option: "--to", unlock: "--anywhere", anywhere: false };
const anywhere: TargetOptions = { ...here, anywhere: true };
const names =
  (...addresses: readonly string[]): TargetOptions["lookup"] & {} =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

describe("this machine", () => {
  test.each([
    ["http://127.0.0.1:3000/events", "127.0.0.1"],
    ["http://127.1/", "127.0.0.1"],
    ["http://0x7f.1/", "127.0.0.1"],
    ["http://2130706433/", "127.0.0.1"],
    ["https://127.8.9.10/", "127.8.9.10"],
    ["http://[::1]:3000/", "::1"],
    ["http://[::ffff:127.0.0.1]/", "::ffff:7f00:1"],
  ])("%s", async (url, address) => {
    const { addresses } = await resolveTarget(url, here);
    expect(addresses?.map((each) => each.address)).toEqual([address]);
  });

  test("localhost is resolved, and all its addresses are checked", async () => {
    const target = await resolveTarget("http://localhost:3000/", here);
    expect(target.addresses?.length).toBeGreaterThan(0);
    expect(target.addresses?.every(isLoopback)).toBe(true);
    await expect(
      resolveTarget("http://localhost/", { ...here, lookup: names("127.0.0.1", "10.0.0.7") }),
    ).rejects.toThrow("10.0.0.7");
  });
});

describe("refused, with the way out", () => {
  test.each([
    ["http://203.0.113.7/", "is not this machine; to send it there, add --anywhere"],
    ["http://[2001:db8::1]/", "is not this machine"],
    ["http://128.0.0.1/", "is not this machine"],
    ["http://0.0.0.0:3000/", "give 127.0.0.1"],
    ["http://0/", "give 127.0.0.1"],
    ["http://[::]/", "give 127.0.0.1"],
    ["localhost:3000", "give an http or https URL"],
    ["ftp://127.0.0.1/", "give an http or https URL"],
    ["", "give an http or https URL"],
  ])("%s", async (url, words) => {
    const refusal = resolveTarget(url, here);
    await expect(refusal).rejects.toBeInstanceOf(UsageError);
    await expect(refusal).rejects.toThrow(words);
  });

  test("a name whose address is elsewhere, whatever it is called", async () => {
    const options = { ...here, lookup: names("127.0.0.1", "203.0.113.7") };
    await expect(resolveTarget("http://127.0.0.1.example.com/", options)).rejects.toThrow("(203.0.113.7) is not this");
  });

  test("a name that has no address", async () => {
    const failing = { ...here, lookup: () => Promise.reject(new Error("ENOTFOUND")) };
    await expect(resolveTarget("http://no.example/", failing)).rejects.toThrow("no.example has no address");
    await expect(resolveTarget("http://no.example/", { ...here, lookup: names() })).rejects.toThrow("has no address");
  });

  test("no place, even where it may be anywhere", async () => {
    await expect(resolveTarget("http://0.0.0.0/", anywhere)).rejects.toThrow("no place to send to");
  });
});

test("anywhere is not resolved beforehand", async () => {
  const { addresses } = await resolveTarget("https://example.com/x", {
    ...anywhere,
    lookup: () => Promise.reject(new Error()),
  });
  expect(addresses).toBeUndefined();
});

test("credentials become a header, and are shown nowhere", async () => {
  const target = await resolveTarget("http://us%20er:s%3Acret@127.0.0.1:3000/a?b=1#c", here);
  expect(target.authorization).toBe(`Basic ${Buffer.from("us er:s:cret").toString("base64")}`);
  expect(target.url.href).toBe("http://127.0.0.1:3000/a?b=1");
  expect(target.shown).toBe("http://***@127.0.0.1:3000/a?b=1");
});

test.each([
  "http://user:s3cret@203.0.113.7/",
  "user:s3cret@127.0.0.1",
  "ftp://s3cret@127.0.0.1/",
  "http://u:s3cret@0.0.0.0/",
])("the refusal of %s tells no password", async (url) => {
  const words = await resolveTarget(url, here).catch((error: Error) => error.message);
  expect(words).toContain("--to");
  expect(words).not.toContain("s3cret");
});
