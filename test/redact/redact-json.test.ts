import { describe, expect, test } from "vitest";
import { createJsonText } from "../../src/redact/redact-json.ts";

/** Shows what each part was taken for. */
const show = () =>
  createJsonText({
    key: (key) => (key.startsWith("_") ? `k${key}` : key),
    string: (value, name) => (value === "stays" ? value : `<${name}|${value}>`),
    number: (literal, name) => (literal === "7" ? literal : `"${name}#${literal}"`),
  });

describe("each string and number is seen under its key, through arrays too", () => {
  test.each([
    ["{}", "{}"],
    ["[]", "[]"],
    ['"alice"', '"<|alice>"'],
    ["42", '"#42"'],
    ["true", "true"],
    ['{"a":"b"}', '{"a":"<a|b>"}'],
    ['{"a":["b",["c"],{"d":"e"},"f"],"g":"h"}', '{"a":["<a|b>",["<a|c>"],{"d":"<d|e>"},"<a|f>"],"g":"<g|h>"}'],
    ['[{"a":"b"},"c"]', '[{"a":"<a|b>"},"<|c>"]'],
    ['{"a":{"b":"c"},"d":{}}', '{"a":{"b":"<b|c>"},"d":{}}'],
    ['{"a":"stays","_b":"stays"}', '{"a":"stays","k_b":"stays"}'],
    ['{"_a":"b","_a":"c"}', '{"k_a":"<_a|b>","k_a":"<_a|c>"}'],
    ['{"a":true,"b":null,"c":false}', '{"a":true,"b":null,"c":false}'],
    [
      '{"a":-1.5e+10,"b":0,"c":1E-2,"d":7,"e":[1,7,90]}',
      '{"a":"a#-1.5e+10","b":"b#0","c":"c#1E-2","d":7,"e":["e#1",7,"e#90"]}',
    ],
    ['{"a":12345678909}', '{"a":"a#12345678909"}'],
  ])("%s", (text, shown) => {
    const json = show();
    expect(json(text)).toBe(shown);
    expect(json(text)).toBe(shown);
  });

  test("one redactor takes text after text, and mixes up none of them", () => {
    const json = show();
    expect(json('{"a":"x","b":"x"}')).toBe('{"a":"<a|x>","b":"<b|x>"}');
    expect(json('["x",{"b":"x"}]')).toBe('["<|x>",{"b":"<b|x>"}]');
    expect(json('{"b":["x","stays"],"a":"x"}')).toBe('{"b":["<b|x>","stays"],"a":"<a|x>"}');
  });
});

describe("blanks, escapes and what stays are copied to the letter", () => {
  test.each([
    [' { "a" :\t"stays" ,\r\n"b": [ 7 , "stays" ] } ', ' { "a" :\t"stays" ,\r\n"b": [ 7 , "stays" ] } '],
    ['{"a" \n\t : "b" }', '{"a" \n\t : "<a|b>" }'],
    [String.raw`{"\u0061":"st\u0061ys"}`, String.raw`{"\u0061":"st\u0061ys"}`],
    [String.raw`{"a":"say \"x\""}`, String.raw`{"a":"<a|say \"x\">"}`],
    [String.raw`{"a":"x\\","b":"stays"}`, String.raw`{"a":"<a|x\\>","b":"stays"}`],
    [String.raw`{"a":"x\\\"y","b":"\""}`, String.raw`{"a":"<a|x\\\"y>","b":"<b|\">"}`],
    [String.raw`{"a":"{\"b\":1}"}`, String.raw`{"a":"<a|{\"b\":1}>"}`],
    [String.raw`{"_\"":"stays"}`, String.raw`{"k_\"":"stays"}`],
    [String.raw`{"a":"\u001b[31m"}`, String.raw`{"a":"<a|\u001b[31m>"}`],
    ['{"a":"+1·ph_x"}', '{"a":"<a|+1·ph_x>"}'],
    [String.raw`{"a":"\ud800"}`, String.raw`{"a":"<a|\ud800>"}`],
  ])("%j", (text, shown) => {
    expect(show()(text)).toBe(shown);
    expect(() => JSON.parse(shown)).not.toThrow();
  });

  test("a text that breaks off hides nothing in its last string", () => {
    expect(show()('{"a":"alice')).toBe('{"a":"<a|alice>');
    expect(show()('{"a":"x\\"alice')).toBe('{"a":"<a|x\\"alice>');
    expect(show()("}]alice")).toBe("}]alice");
  });
});

test("what is nested deeper than 128 is not looked into", () => {
  const nested = (depth: number) => `${'{"a":['.repeat(depth / 2)}"b"${"]}".repeat(depth / 2)}`;
  expect(show()(nested(128))).toBe(nested(128).replace('"b"', '"<a|b>"'));
  expect(show()(nested(130))).toBeUndefined();
  expect(show()(`[${nested(128)}]`)).toBeUndefined();
  // Depth is nesting, not how many there are.
  expect(show()(`[${"[],{},".repeat(500)}"b"]`)).toBe(`[${"[],{},".repeat(500)}"<|b>"]`);
});

describe("what came before is remembered, so it is asked for once, and only while it is little", () => {
  function counting() {
    const asked: string[] = [];
    const json = createJsonText({
      key: (key) => {
        asked.push(`key ${key}`);
        return key;
      },
      string: (value, name) => {
        asked.push(`${name} ${value}`);
        return `${name}:${value}`;
      },
      number: (literal) => literal,
    });
    return { asked, json };
  }

  test("by its key", () => {
    const { asked, json } = counting();
    for (let round = 0; round < 3; round++) expect(json('{"a":"x","b":"x"}')).toBe('{"a":"a:x","b":"b:x"}');
    expect(asked).toEqual(["key a", "a x", "key b", "b x"]);
  });

  test("but no long texts", () => {
    const { asked, json } = counting();
    const [short, long] = ["x".repeat(256), "x".repeat(257)];
    for (let round = 0; round < 2; round++) json(`{"a":["${short}","${long}"]}`);
    expect(asked).toEqual(["key a", `a ${short}`, `a ${long}`, `a ${long}`]);
  });

  test("and not the values of a key that has thousands", () => {
    const { asked, json } = counting();
    for (let value = 0; value < 2048; value++) json(`{"a":"${value}"}`);
    json('{"a":"0"}');
    expect(asked).toHaveLength(1 + 2048);
    json('{"a":"one more"}');
    for (let round = 0; round < 2; round++) expect(json('{"a":"0"}')).toBe('{"a":"a:0"}');
    expect(asked).toHaveLength(1 + 2048 + 1 + 2);
  });

  test("nor more than a thousand keys", () => {
    const { asked, json } = counting();
    for (let key = 0; key < 1024; key++) json(`{"k${key}":1}`);
    json('{"k0":1}');
    expect(asked).toHaveLength(1024);
    json('{"one more":1}');
    json('{"one more":1,"k0":1}');
    expect(asked.slice(1024)).toEqual(["key one more", "key k0"]);
  });
});
