/** What one option of a run is: what a recipe may say of it, the flags that say the same, and what it goes with. */
import { expectedOneOf, listChoices, UndertoneError } from "@undertone/core/errors";
import type { z } from "zod";
import type { Flag, FlagValues } from "./flag.js";

/** The commands that run a plan. */
export type PlanCommand = "evaluate" | "train" | "search";

/** One declaration, from which come the recipe's schema, the flags with their help, and the plan's type. */
export interface PlanOption<Schema extends z.ZodType = z.ZodType> {
  /** What a recipe may say, with its default; what has none and is not optional has to be there. */
  readonly schema: Schema;
  /** The flags that say the same; none for what only a recipe can say. */
  readonly flags: readonly Flag[];
  /** The commands that take the flags; default all. */
  readonly commands?: readonly PlanCommand[];
  /** Returns what the flags ask for, in a recipe's words, undefined where they do not; default: the value of the first flag. */
  readonly read?: (flags: FlagValues) => unknown;
  /** What a command takes where neither flag nor schema says. */
  readonly otherwise?: (command: PlanCommand, flags: FlagValues) => unknown;
  /** A value that suits most data, for the command line that would work; where the flag may be missing. */
  readonly example?: string;
  /** What a value has to be, for the sentence about a bad or missing one: in words, or the forms that there are. */
  readonly expected?: string | readonly string[];
  /** Whether a run by flags may go without, although a recipe may not. */
  readonly mayLack?: (flags: FlagValues, command: PlanCommand) => boolean;
  /** Whether its flags may stand beside a recipe: in place of what the recipe says, or where it says nothing; default never. */
  readonly besideRecipe?: "replaces" | "adds";
  /** Whether its flags may stand beside an artifact, which settles how it hears and what it says. */
  readonly besideArtifact?: boolean;
  /** Why it has no meaning where values alone are learnt. */
  readonly notOfValues?: string;
  /** Why it has no meaning where votes are learnt. */
  readonly notOfVotes?: string;
  /** Returns the value with its paths, which a recipe gives relative to itself, made absolute. */
  readonly resolve?: (value: z.output<Schema>, place: (path: string) => string) => z.output<Schema>;
}

/** Options by their names in a recipe. */
export type PlanOptions = Readonly<Record<string, PlanOption>>;

/** The plain record of options' schemas, as an object's schema takes it. */
export type OptionShape<Options extends PlanOptions> = {
  [Name in keyof Options]: Options[Name]["schema"];
};

/** Returns the option; TypeScript keeps the schema's type. */
export function option<Schema extends z.ZodType>(declared: PlanOption<Schema>): PlanOption<Schema> {
  return declared;
}

/** Returns the schemas of options by name; one without a description has that of its flag. */
export function optionShape<Options extends PlanOptions>(options: Options): OptionShape<Options> {
  return Object.fromEntries(
    Object.entries(options).map(
      ([
        name,
        {
          schema,
          flags: [flag],
        },
      ]) => [name, schema.description === undefined && flag ? schema.describe(flag.summary) : schema],
    ),
  ) as OptionShape<Options>;
}

/** Returns the flags that a command takes, in the order of the options. */
export function optionFlags(options: PlanOptions, command: PlanCommand): Flag[] {
  return Object.values(options).flatMap((one) => (takenBy(one, command) ? one.flags : []));
}

export function takenBy({ commands }: PlanOption, command: PlanCommand): boolean {
  return commands === undefined || commands.includes(command);
}

/** Returns what flags ask for in a recipe's words; undefined where they ask for nothing. */
export function asked({ flags: [first], read }: PlanOption, flags: FlagValues): unknown {
  return read ? read(flags) : first && flags[first.name];
}

/** A flag that has to be there and is not. */
export interface MissingFlag {
  readonly flag: string;
  /** What it has to be. */
  readonly expected: string;
  /** A value that suits most data. */
  readonly example?: string | undefined;
}

/** Returns the end of a sentence about missing flags: a command line that has them. */
export type WorkingLine = (missing: readonly MissingFlag[]) => string;

/** Refuses a command for all the flags that it misses, in one sentence. @throws UndertoneError `usage/missing`. */
export function refuseMissingFlags(
  command: string,
  missing: readonly MissingFlag[],
  line: WorkingLine = () => "",
): void {
  if (missing.length === 0) return;
  const names = missing.map(({ flag }) => `--${flag}`);
  const expected =
    missing.length === 1
      ? missing[0].expected
      : missing.map((one, i) => `for ${names[i]} ${one.expected}`).join("; ");
  throw new UndertoneError(
    "usage/missing",
    `Missing ${listAll(names)} of '${command}', expected ${expected}${line(missing)}`,
  );
}

/** Returns "a, b and c". */
function listAll(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/**
 * Returns the values that flags give to options, defaults filled in, by the options' names.
 * @param missing flags beside the options that are known to be missing, told in the same sentence, which ends with `line`.
 * @throws UndertoneError `usage/missing`, `usage/bad-value`.
 */
export function readOptions(
  options: PlanOptions,
  command: PlanCommand,
  flags: FlagValues,
  { missing = [], line }: { readonly missing?: readonly MissingFlag[]; readonly line?: WorkingLine } = {},
): Record<string, unknown> {
  const lacking = [...missing];
  const values = Object.fromEntries(
    Object.entries(options).flatMap(([name, one]) => {
      const said = takenBy(one, command) ? (asked(one, flags) ?? one.otherwise?.(command, flags)) : undefined;
      const parsed = one.schema.safeParse(said);
      if (parsed.success) return parsed.data === undefined ? [] : [[name, parsed.data]];
      if (said === undefined && one.mayLack?.(flags, command)) return [];
      const flag = one.flags[0]?.name ?? name;
      const { expected = parsed.error.issues[0]!.message } = one;
      if (said !== undefined)
        throw new UndertoneError(
          "usage/bad-value",
          `Bad value '${String(said)}' for --${flag}, ${typeof expected === "string" ? `expected ${expected}` : expectedOneOf(String(said), expected)}`,
        );
      lacking.push({
        flag,
        expected: typeof expected === "string" ? expected : listChoices(expected),
        example: one.example,
      });
      return [];
    }),
  );
  refuseMissingFlags(command, lacking, line);
  return values;
}
