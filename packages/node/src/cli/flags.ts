/** Flags that several commands share, and how their values are read. */
import { UndertoneError } from "@undertone/core/errors";
import type { DataSource } from "../runs/load-data.js";
import { flag, listFlag, textFlag, wholeFlag } from "../runs/plan/flag.js";
import { type MissingFlag, refuseMissingFlags } from "../runs/plan/option.js";
import { defaultModel, shippedModels } from "../runs/shipped.js";
import type { CommandContext, Flag, FlagValues } from "./command.js";

export { listFlag, textFlag, wholeFlag };

export const dataFlag: Flag = flag(
  "data DIR …",
  "folder of recordings whose folders or names tell the label, or a list of recordings (CSV, JSONL)",
);

/** Folders and lists that stand behind a command without `--data`. */
export const dataPositionals = {
  name: "FOLDER…",
  summary: "folders of recordings or lists, as --data takes them",
  min: 0,
  max: Number.POSITIVE_INFINITY,
  flag: "data",
} as const;

export const tableFlag: Flag = flag(
  "table FILE",
  "feature table with id, speaker and label columns instead of --data",
);

export const encoderFlag: Flag = flag(
  "encoder SOURCE …",
  "encoder file that features need; kept as 'encoder add' does it",
);

export const modelFlag: Flag = flag(
  "model REF",
  `the artifact to use, a file or one that ships: ${shippedModels.map(({ name, about }) => `${name} (${about})`).join(", ")}; default ${defaultModel}`,
);

export const skipBrokenFlag: Flag = flag(
  "skip-broken",
  "leave broken recordings out, and say which and why, instead of stopping",
);

/** Returns what is missing of where the data lie. */
export function missingSource(flags: FlagValues): MissingFlag[] {
  return listFlag(flags, "data").length > 0 || flags.table !== undefined
    ? []
    : [
        {
          flag: "data",
          expected: "the folder of a corpus, a manifest, or --table FILE",
          example: "my-recordings",
        },
      ];
}

/** Returns where the data lie. @throws UndertoneError `usage/missing`, `usage/bad-value`. */
export function sourceFlags(
  command: string,
  flags: FlagValues,
): Pick<DataSource, "data" | "table" | "skipBroken"> {
  const data = listFlag(flags, "data");
  const table = textFlag(flags, "table");
  refuseMissingFlags(command, missingSource(flags));
  if (data.length > 0 && table !== undefined) {
    throw new UndertoneError("usage/bad-value", "Got both --data and --table, expected one of them");
  }
  return { data, table, skipBroken: flags["skip-broken"] === true };
}

/** What `--port` may be; 0 means any free one. */
export const ports = { low: 0, high: 65535 };

/** Returns a path of `--out`, or undefined. @throws UndertoneError `usage/bad-value` for another ending. */
export function withEnding<Path extends string | undefined>(out: Path, ending: string): Path {
  if (out === undefined || out.endsWith(ending)) return out;
  throw new UndertoneError(
    "usage/bad-value",
    `Bad value '${out}' for --out, expected a file ending in ${ending}`,
  );
}

/** Returns a flag that must be there. @throws UndertoneError `usage/missing`. */
export function neededFlag(context: CommandContext, command: string, name: string, expected: string): string {
  const value = textFlag(context.flags, name);
  if (value === undefined)
    throw new UndertoneError("usage/missing", `Missing --${name} of '${command}', expected ${expected}`);
  return value;
}
