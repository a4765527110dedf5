/** What a command of `undertone` is: one declaration from which parsing, help, completion and docs come. */
import { type ErrorCode, UndertoneError } from "@undertone/core/errors";
import type { Flag, FlagValues } from "../runs/plan/flag.js";

export type { Flag, FlagValues };

/** How far a long piece of work is; shown when it takes more than two seconds, with the time left. */
export interface Progress {
  update(done: number, total: number): void;
  end(): void;
}

/** What a command gets. */
export interface CommandContext {
  readonly positionals: readonly string[];
  readonly flags: FlagValues;
  /** Whether `--json` was given. */
  readonly json: boolean;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Text for people, on stdout; nothing when `--json` was given. */
  print(text: string): void;
  /** The one JSON document, on stdout, when `--json` was given; otherwise nothing. */
  printJson(document: unknown): void;
  /** A remark or warning, on stderr. */
  warn(text: string): void;
  progress(what: string): Progress;
}

/** The failure of a run that has answers too: with `--json` the keys of `document` stand beside `error`. */
export class PartialFailure extends UndertoneError {
  readonly document: object;

  constructor(code: ErrorCode, message: string, document: object) {
    super(code, message);
    this.document = document;
  }
}

/** One command; adding one is one file and one line in `commands/index.ts`. */
export interface Command {
  /** One word or two: `predict`, `corpus inspect`. */
  readonly name: string;
  readonly summary: string;
  /** What stands after the command, such as `FILE…`. */
  readonly positionals?: {
    readonly name: string;
    readonly summary: string;
    readonly min: number;
    readonly max: number;
    /** The flag whose values they are, where they stand for one: `train A` is `train --data A`. */
    readonly flag?: string;
  };
  readonly flags: readonly Flag[];
  /** One or two copy-paste examples for the help. */
  readonly examples?: readonly string[];
  /** Resolves when done; throws `UndertoneError` (exit 1, or 2 for `usage/*`). */
  run(context: CommandContext): Promise<void>;
}

/** A command's name and how to load it. */
export interface CommandEntry {
  readonly name: string;
  load(): Promise<Command>;
}
