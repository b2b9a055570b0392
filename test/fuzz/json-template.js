// JSON texts whose values are exchanged without parsing them again.

/**
 * The text, and where in it each JSON value stands: of the text itself where it is JSON, else of each of its lines that is,
 * or holds an object that is behind a prefix.
 */
export function templateOf(text) {
  const places = [];
  const whole = jsonSpan(text, 0, text.length);
  if (whole !== undefined) collect(text, ...whole, places);
  else {
    for (let from = 0; from < text.length && places.length < 2000; ) {
      const end = text.indexOf("\n", from);
      const to = end < 0 ? text.length : end;
      const span = jsonSpan(text, from, to);
      if (span !== undefined) collect(text, ...span, places);
      from = to + 1;
    }
  }
  return { text, places };
}

/** From where to where JSON stands in a part of the text: from its first bracket to the last one. */
function jsonSpan(text, from, to) {
  const part = text.slice(from, to);
  const start = part.search(/[{[]/);
  const end = Math.max(part.lastIndexOf("}"), part.lastIndexOf("]")) + 1;
  if (start < 0 || end <= start) return undefined;
  try {
    JSON.parse(part.slice(start, end));
    return [from + start, from + end];
  } catch {
    return undefined;
  }
}

/** Each value from `from` to `to`: where it stands, the key before it, and where the member begins that it belongs to. */
function collect(text, from, to, places) {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
  token.lastIndex = from;
  const open = [];
  let key;
  for (let found = token.exec(text); found !== null && found.index < to; found = token.exec(text)) {
    const [word] = found;
    const end = found.index + word.length;
    const isKey = open.at(-1)?.isObject && key === undefined;
    if (word === "{" || word === "[") {
      open.push({ from: found.index, key, isObject: word === "{" });
      key = undefined;
    } else if (word === "}" || word === "]") {
      const holder = open.pop();
      places.push({ from: holder.from, to: end, member: holder.key?.from, key: holder.key?.name });
      key = undefined;
    } else if (word === "," || word === ":") {
      if (word === ",") key = undefined;
    } else if (isKey) {
      key = { from: found.index, name: word.slice(1, -1) };
    } else {
      places.push({ from: found.index, to: end, member: key?.from, key: key?.name });
      key = undefined;
    }
  }
}

/**
 * The template's text with some of its values changed. `parts` makes what is put there: `value` a JSON text, `raw` any
 * text, `body` a response body.
 */
export function edited({ text, places }, random, parts) {
  const chosen = Array.from({ length: 1 + random.below(4) }, () => random.pick(places));
  chosen.sort((one, other) => other.from - one.from);
  let result = text;
  let until = text.length;
  for (const place of chosen) {
    if (place.to > until) continue;
    const [from, to, other] = change(result, place, random, parts);
    result = result.slice(0, from) + other + result.slice(to);
    until = from;
  }
  return result;
}

/** What is exchanged: from where to where, and for what. */
function change(text, { from, to, member, key }, random, { value, raw, body }) {
  const old = text.slice(from, to);
  if (key === "responseBody" && random.chance(0.7)) return [from, to, JSON.stringify(body(random))];
  const isString = old.startsWith('"');
  const start = member ?? from;
  switch (random.below(12)) {
    case 0:
      return [start, text.charAt(to) === "," ? to + 1 : to, ""];
    case 1:
      return [start, to, `${text.slice(start, to)},${text.slice(start, to)}`];
    case 2:
      return member === undefined ? [from, to, `[${old}]`] : [start, from, `${JSON.stringify(raw(random))}:`];
    case 3:
      return [from, to, random.chance(0.5) ? `[${old},${value(random)}]` : `{"a":${old},"Records":[${old}]}`];
    case 4:
    case 5: {
      const at = isString ? from + 1 + random.below(old.length - 1) : from + random.below(old.length + 1);
      return [at, at, isString ? JSON.stringify(raw(random)).slice(1, -1) : raw(random)];
    }
    case 6: {
      const at = from + random.below(old.length + 1);
      return [at, at + random.below(3), raw(random)];
    }
    case 7:
      return [from, to, JSON.stringify(raw(random))];
    default:
      return [from, to, value(random)];
  }
}
