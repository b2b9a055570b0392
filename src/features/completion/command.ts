import { Argument, Command } from "@commander-js/extra-typings";
import { describeCli } from "../../cli/cli-spec.ts";
import type { Context } from "../../cli/context.ts";
import { examples } from "../../cli/options.ts";
import { openTarget } from "../../cli/output.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { zshScript } from "./zsh.ts";

/** A script for each shell. Add a shell here. */
const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

const shells = ["bash", "zsh", "fish"] as const satisfies readonly (keyof typeof scripts)[];

/** `completion`: a script by which a shell completes commands, options and what they take, made of their declarations. */
export function completionCommand({ io, declareProgram }: Context) {
  return new Command("completion")
    .description("Print the script by which a shell completes commands, options and their values.")
    .addArgument(new Argument("<shell>", "the shell that is to read it").choices(shells))
    .option("-o, --output <file>", "write the script there instead of to standard output")
    .addHelpText(
      "after",
      examples([
        ["source <(twilio-events completion bash)", "in ~/.bashrc"],
        ["source <(twilio-events completion zsh)", "in ~/.zshrc, behind compinit"],
        ["twilio-events completion fish > ~/.config/fish/completions/twilio-events.fish", "once"],
      ]),
    )
    .action(async (shell, options) => {
      const script = scripts[shell](describeCli(await declareProgram()));
      const target = await openTarget(io, options.output);
      try {
        await target.output.write(script);
      } finally {
        await target.close();
      }
    });
}
