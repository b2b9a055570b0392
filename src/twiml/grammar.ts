import grammar from "./grammar.json" with { type: "json" };

const attributeKinds = [
  "string",
  "integer",
  "positive",
  "integers",
  "integer-or",
  "boolean",
  "method",
  "url",
  "websocket",
  "caller",
  "characters",
  "one",
  "list",
] as const;

const textKinds = ["any", "prose", "url", "phone", "sip"] as const;

export interface AttributeRule {
  readonly kind: (typeof attributeKinds)[number];
  /** The Debugger code of a wrong value. */
  readonly code: number;
  readonly values: readonly string[];
}

export interface ElementRule {
  readonly name: string;
  /** What its text is; undefined where it takes none. */
  readonly text: (typeof textKinds)[number] | undefined;
  readonly textCode: number;
  /** The Debugger code when it holds nothing at all; undefined where that is allowed. */
  readonly emptyCode: number | undefined;
  readonly children: readonly string[];
  /** The Debugger code of a child that does not belong. */
  readonly nestingCode: number;
  readonly attributes: ReadonlyMap<string, AttributeRule>;
}

interface ElementData {
  readonly text?: string;
  readonly empty?: number;
  readonly children?: readonly string[];
  readonly nesting?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The code 12200, "schema validation warning": what no code of its own covers (twilio.com/docs/api/errors/12200). */
export const schemaWarning = 12200;

const data: Readonly<Record<string, ElementData>> = grammar.elements;
const rules = new Map<string, ElementRule>();

/** Every element name of the voice grammar, SSML included. */
export const elementNames: readonly string[] = [...new Set(Object.keys(data).map(nameOf))];

/** What the grammar says of an element inside that parent, or anywhere; undefined for a name it does not know. */
export function elementRule(name: string, parent = ""): ElementRule | undefined {
  return ruleOf(`${parent}/${name}`) ?? ruleOf(name);
}

/** The rule under its key in grammar.json, read when it is first asked for: a document has few elements of them all. */
function ruleOf(key: string): ElementRule | undefined {
  const known = rules.get(key);
  if (known !== undefined || !Object.hasOwn(data, key)) return known;
  const rule = read(key, data[key] as ElementData);
  rules.set(key, rule);
  return rule;
}

/** A key in grammar.json is a name, or a name behind that of its parent. */
function nameOf(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}

/** The elements that may hold this one. */
export function parentsOf(name: string): readonly string[] {
  return elementNames.filter((parent) => elementRule(parent)?.children.includes(name));
}

function read(key: string, element: ElementData): ElementRule {
  const [kind, code] = (element.text ?? "").split(" ");
  return {
    name: nameOf(key),
    text: textKinds.find((known) => known === kind),
    textCode: Number(code ?? schemaWarning),
    emptyCode: element.empty,
    children: element.children ?? [],
    nestingCode: element.nesting ?? schemaWarning,
    attributes: new Map(
      Object.entries(element.attributes ?? {}).map(([name, notation]) => [name, attribute(notation)]),
    ),
  };
}

/** Reads the notation that grammar.json explains: a kind, a code of five digits, values. */
function attribute(notation: string): AttributeRule {
  const [kind, ...rest] = notation.split(" ");
  const hasCode = /^\d{5}$/.test(rest[0] ?? "");
  return {
    kind: attributeKinds.find((known) => known === kind) ?? "string",
    code: hasCode ? Number(rest[0]) : schemaWarning,
    values: hasCode ? rest.slice(1) : rest,
  };
}
