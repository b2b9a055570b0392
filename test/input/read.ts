import type { FoundKind, FoundObject } from "../../src/input/find-events.ts";
import type { Encoding, ParseError, Position } from "../../src/input/json-record.ts";
import { type InputStats, noInputStats } from "../../src/input/line-reader.ts";
import { pathText, placeAt, placeOf } from "../../src/input/position.ts";
import { readSource } from "../../src/input/read-source.ts";

interface FoundAt extends Position {
  readonly kind: FoundKind;
  readonly id: unknown;
  readonly path: string;
  readonly encoding: Encoding | undefined;
  readonly value: Record<string, unknown>;
}

interface FaultAt extends Position {
  readonly rule: ParseError["rule"];
  readonly problem: string;
  readonly path: string;
}

export interface ReadResult {
  readonly found: readonly FoundAt[];
  readonly faults: readonly FaultAt[];
  readonly counts: InputStats;
}

/** Reads bytes as one input, cut into chunks of `size` bytes. */
export async function readBytes(bytes: Buffer, size = bytes.length || 1, name = "in"): Promise<ReadResult> {
  async function* open(): AsyncGenerator<Buffer> {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }
  const counts = noInputStats();
  const found: FoundAt[] = [];
  const faults: FaultAt[] = [];
  function visit(item: FoundObject | ParseError): void {
    if (item.kind === "fault") {
      const { rule, problem, document } = item;
      faults.push({ rule, problem, path: pathText(document, undefined), ...placeAt(document, item.index) });
    } else {
      const { kind, value, document, path } = item;
      const id = value.id ?? value.CallSid ?? "";
      const { encoding } = document;
      found.push({ kind, id, value, encoding, path: pathText(document, path), ...placeOf(document, path) });
    }
  }
  for await (const _ of readSource({ name, size: bytes.length, open }, counts, visit));
  return { found, faults, counts };
}

export const readText = (text: string, name?: string): Promise<ReadResult> =>
  readBytes(Buffer.from(text), undefined, name);
