import { readFileSync } from "node:fs";
import { type EventKind, type JsonObject, readEvent } from "../../src/events/event.ts";
import { createEventValidator, type ValidatorOptions } from "../../src/findings/validate-event.ts";

/** Values to set at JSON Pointers; undefined takes the key away. */
export type Changes = Readonly<Record<string, unknown>>;

/** A sample of samples/events, changed. */
export function sample(name: string, changes: Changes = {}): JsonObject {
  const value: JsonObject = JSON.parse(readFileSync(`samples/events/${name}.json`, "utf8"));
  return changed(value, changes);
}

export function changed(value: JsonObject, changes: Changes): JsonObject {
  const copy = structuredClone(value);
  for (const [pointer, replacement] of Object.entries(changes)) {
    const keys = pointer.split("/").slice(1);
    const last = keys.pop() ?? "";
    const parent = keys.reduce<object>((target, key) => Object(Reflect.get(target, key)), copy);
    if (replacement === undefined) Reflect.deleteProperty(parent, last);
    else Reflect.set(parent, last, replacement);
  }
  return copy;
}

/** The findings of a record, as "rule pointer". */
export function verdict(
  value: JsonObject,
  kind: EventKind = "event",
  options: ValidatorOptions = {},
): readonly string[] {
  return createEventValidator(options)(readEvent(value, kind)).map(({ rule, pointer }) => `${rule} ${pointer}`);
}
