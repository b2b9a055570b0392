import { declareProgram } from "./commands/declarations.ts";
import { environment } from "./commands/program-help.ts";
import type { Io } from "./io.ts";
import { systemIo } from "./io.ts";
import { exitPages } from "./knowledge/exits.ts";
import { manPage } from "./shell/man.ts";

/** The man page of the program, which the build writes beside it. */
export async function man(io: Io = systemIo()): Promise<string> {
  const exits = exitPages().map(({ name, says }) => [name, says] as const);
  return manPage(await declareProgram(io), { exits, environment });
}
