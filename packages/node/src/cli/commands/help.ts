/** `undertone help [COMMAND]`: the same as `--help`; `main` answers it, since only it knows all commands. */
import type { Command } from "../command.js";

export const help: Command = {
  name: "help",
  summary: "print the help of the program or of a command",
  positionals: { name: "COMMAND", summary: "one of the commands", min: 0, max: 2 },
  flags: [],
  examples: ["undertone help evaluate"],
  run: async () => undefined,
};
