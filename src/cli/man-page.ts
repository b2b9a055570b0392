import exitCodes from "../features/explain/exit-codes.json" with { type: "json" };
import type { Io } from "../io.ts";
import { systemIo } from "../io.ts";
import { declareProgram } from "./describe-commands.ts";
import { environment } from "./program-help.ts";
import { manPage } from "./render-man.ts";

/** The man page of the program, which the build writes beside it. */
export async function man(io: Io = systemIo()): Promise<string> {
  const exits = exitCodes.map(({ name, says }) => [name, says] as const);
  return manPage(await declareProgram(io), { exits, environment });
}
