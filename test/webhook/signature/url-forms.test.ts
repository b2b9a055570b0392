import { describe, expect, test } from "vitest";
import { candidateUrls } from "../../../src/webhook/signature/url-forms.ts";

describe("the URLs that a request tells", () => {
  test.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
    ["https://ivr.example.com/voice", {}, ["https://ivr.example.com/voice"]],
    ["/voice", {}, []],
    ["/voice", { host: "" }, []],
    ["/voice", { host: "ivr.example.com" }, ["https://ivr.example.com/voice", "http://ivr.example.com/voice"]],
    ["/voice", { host: "localhost:3000" }, ["http://localhost:3000/voice", "https://localhost:3000/voice"]],
    [
      "/voice",
      { host: "10.0.0.4", "x-forwarded-host": "a.example, b.example", "x-forwarded-proto": "HTTPS, http" },
      ["https://a.example/voice"],
    ],
    [
      "/voice",
      { host: "a.example", "x-forwarded-host": " ", "x-forwarded-proto": "gopher" },
      ["https://a.example/voice", "http://a.example/voice"],
    ],
  ])("%s with %j", (target, headers, urls) => {
    expect(candidateUrls(undefined, target, headers)).toEqual(urls);
  });
});

describe("the URLs that a request may have been signed for", () => {
  test.each([
    ["https://ivr.example.com/voice", "/other?a=1", ["https://ivr.example.com/voice?a=1"]],
    ["https://ivr.example.com/voice?b=2", "/other", ["https://ivr.example.com/voice?b=2"]],
    ["https://ivr.example.com", "/voice?a=1", ["https://ivr.example.com?a=1", "https://ivr.example.com/voice?a=1"]],
    ["https://ivr.example.com/", "/", ["https://ivr.example.com/"]],
    ["no URL at all", "/voice", ["no URL at all"]],
  ])("%s, asked for %s", (publicUrl, target, urls) => {
    expect(candidateUrls(publicUrl, target, {})).toEqual(urls);
  });
});
