/** `undertone completion SHELL`: a completion script made from the list of commands. */
import { UndertoneError } from "@undertone/core/errors";
import type { Command, CommandEntry } from "../command.js";
import { globalFlags } from "../global-flags.js";

const shells = ["bash", "zsh", "fish"];

function bashScript(all: readonly Command[], wrap: string): string {
  const words = [...new Set(all.map(({ name }) => name.split(" ")[0]))];
  const cases = all.map(({ name, flags }) => {
    const offered = [...flags, ...globalFlags].map((flag) => `--${flag.name}`).join(" ");
    return `    ${name.split(" ")[0]}) flags="${offered}" ;;`;
  });
  const seconds = all.filter(({ name }) => name.includes(" ")).map(({ name }) => name.split(" "));
  return `${wrap}_undertone() {
  local word="\${COMP_WORDS[COMP_CWORD]}" flags="${globalFlags.map((flag) => `--${flag.name}`).join(" ")}"
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$word")); return; fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
${seconds.map(([first, second]) => `  if [ "$COMP_CWORD" -eq 2 ] && [ "\${COMP_WORDS[1]}" = "${first}" ]; then COMPREPLY=($(compgen -W "${second}" -- "$word")); return; fi`).join("\n")}
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _undertone undertone
`;
}

function fishScript(all: readonly Command[]): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
  const lines = all.flatMap(({ name, summary, flags }) => {
    const [first, second] = name.split(" ");
    const seen = `-n '__fish_seen_subcommand_from ${first}'`;
    return [
      `complete -c undertone -n __fish_use_subcommand -f -a ${first} -d ${quote(summary)}`,
      ...(second ? [`complete -c undertone ${seen} -f -a ${second} -d ${quote(summary)}`] : []),
      ...[...flags, ...globalFlags].map(
        (flag) =>
          `complete -c undertone ${seen} -l ${flag.name} -d ${quote(flag.summary)}${flag.type === "boolean" ? "" : " -r"}${flag.choices ? ` -f -a ${quote(flag.choices.join(" "))}` : ""}`,
      ),
    ];
  });
  return `${lines.join("\n")}\n`;
}

/** Returns the command that completes those of the list. */
export const completion = (commands: readonly CommandEntry[]): Command => ({
  name: "completion",
  summary: "print a completion script for a shell",
  positionals: { name: "SHELL", summary: "bash, zsh or fish", min: 1, max: 1 },
  flags: [],
  examples: [
    "source <(undertone completion bash)",
    "undertone completion fish > ~/.config/fish/completions/undertone.fish",
  ],
  async run({ positionals, json, print, printJson }) {
    const [shell] = positionals;
    if (!shells.includes(shell!))
      throw new UndertoneError("usage/bad-value", `Unknown shell '${shell}', expected bash, zsh or fish`);
    const all = await Promise.all(commands.map(({ load }) => load()));
    const script =
      shell === "fish"
        ? fishScript(all)
        : bashScript(all, shell === "zsh" ? "autoload -Uz bashcompinit && bashcompinit\n" : "");
    if (json) printJson({ shell, script });
    else print(script.trimEnd());
  },
});
