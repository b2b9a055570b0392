import type { Context } from "../../cli/context.ts";
import { toSources } from "../../cli/options.ts";
import { declareReplay } from "./replay-options.ts";
import { replay } from "./run.ts";

/** `replay`: delivers recorded events again. Exit 1 when one was not answered 2xx. */
export function replayCommand({ io, exit }: Context) {
  return declareReplay().action(async (names, options, command) => {
    exit(await replay(io, await toSources(names, io, command), options));
  });
}
