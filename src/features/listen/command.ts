import type { Context } from "../../cli/context.ts";
import { declareListen } from "./listen-options.ts";
import { listen } from "./run.ts";

/** `listen`: takes webhooks on a local port, records them before they are answered, shows and forwards them. */
export function listenCommand({ io, exit }: Context) {
  return declareListen().action(async (options) => exit(await listen(io, options)));
}
