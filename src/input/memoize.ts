/**
 * The function with its answers kept, for texts that come again and again: URLs, content types, response bodies. It
 * forgets everything at `limit` answers, so that input of ever new texts cannot fill the memory; texts longer than
 * `longest` are not kept. An answer is kept with its text, so that it may be undefined.
 */
export function memoize<Answer>(answer: (text: string) => Answer, limit = 512, longest = 1024) {
  const known = new Map<string, { readonly text: string; readonly answer: Answer }>();
  let last: { readonly text: string; readonly answer: Answer } | undefined;
  return (text: string): Answer => {
    // Telling that a text is the last one again is cheaper than its hash, which each parsed text would need anew.
    if (last?.text === text) return last.answer;
    const found = known.get(text);
    if (found !== undefined) {
      last = found;
      return found.answer;
    }
    const fresh = { text, answer: answer(text) };
    if (text.length > longest) return fresh.answer;
    if (known.size >= limit) known.clear();
    known.set(text, fresh);
    last = fresh;
    return fresh.answer;
  };
}
