import type { Format, PageState } from "../items.ts";

/** One file for a browser, whose items write the parts of it as they come. */
export const html: Format = (screen) => {
  const states = new Map<unknown, { end(): string }>();
  const page: PageState = {
    screen,
    of<State extends { end(): string }>(make: (screen: typeof page.screen) => State): State {
      const state = (states.get(make) as State | undefined) ?? make(screen);
      states.set(make, state);
      return state;
    },
  };
  return {
    showsClean: false,
    render: (item) => item.html?.(page) ?? "",
    end: () => [...states.values()].map((state) => state.end()).join(""),
  };
};
