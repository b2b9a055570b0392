import { expect, test } from "vitest";
import { OutputError, reasonOf, UsageError } from "../src/errors.ts";

test.each([
  [new UsageError("no such option"), "no such option"],
  [new OutputError("the disk is full", false), "the disk is full"],
  ["thrown as it is", "thrown as it is"],
  [undefined, "undefined"],
])("the reason of %o", (error, reason) => expect(reasonOf(error)).toBe(reason));
