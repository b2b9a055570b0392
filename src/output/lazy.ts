/** What `make` makes, made when it is first asked for: a pattern of Unicode properties or a large table takes its time. */
export function lazy<Made>(make: () => Made): () => Made {
  let made: { readonly value: Made } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
