import type { Renderer } from "../items.ts";
import type { Screen } from "../terminal/screen.ts";
import { openStyle } from "../terminal/style.ts";

/** For people: each event with a fault, its findings aligned below it, and at the end what was found in all. */
export async function pretty(screen: Screen): Promise<Renderer> {
  const style = await openStyle(screen);
  return {
    showsClean: screen.verbose,
    holdBack: style.holdBack,
    render: (item) => item.text(style),
    end: style.end,
  };
}
