/** One place where two JSON Schemas differ; strings as they are, other values as JSON. */
export interface Difference {
  /** JSON Pointer into the schema; empty for its root. */
  readonly pointer: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before?: string;
  readonly after?: string;
}

/** Keywords that name and explain a schema and judge nothing. */
const annotations = new Set(["$schema", "$id", "$comment", "title"]);

/** What changed from one JSON Schema to another in what they judge and say of fields, in the order of the keys. */
export function differences(before: unknown, after: unknown, pointer = ""): readonly Difference[] {
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys]
      .filter((key) => !annotations.has(key) || pointer.endsWith("/properties"))
      .flatMap((key) =>
        differences(before[key], after[key], `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
      );
  }
  const [from, to] = [textOf(before), textOf(after)];
  if (from === to) return [];
  if (from === undefined) return to === undefined ? [] : [{ pointer, kind: "added", after: to }];
  if (to === undefined) return [{ pointer, kind: "removed", before: from }];
  return [{ pointer, kind: "changed", before: from, after: to }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const textOf = (value: unknown): string | undefined =>
  value === undefined || typeof value === "string" ? value : JSON.stringify(value);
