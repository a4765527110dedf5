/** What an augmentation is: a seeded change of a waveform that leaves what was said and how recognizable. */
import type { Random } from "../../math/random.js";
import type { Waveform } from "../waveform.js";

/** One step as plain data: the augmentation's kind and its parameters, those left out having their defaults. */
export interface AugmentStep {
  readonly kind: string;
  readonly [parameter: string]: number | string;
}

/** A step's parameters, defaults filled in and checked. */
export type AugmentValues = Readonly<Record<string, number | string>>;

/** What an augmentation needs from outside. */
export interface AugmentContext {
  readonly random: Random;
  /** Returns the recording of that name; absent where steps name none. */
  readonly recording?: (name: string) => Waveform;
}

/** A parameter: its default (none when it must be given) and what it accepts. */
export type AugmentParameter =
  | { readonly default?: number; readonly least: number; readonly most: number }
  | { readonly default?: string; readonly choices?: readonly string[] };

/** An augmentation; adding one is one file and one line in `augment/index.ts`. */
export interface Augmentation {
  readonly kind: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly parameters: Readonly<Record<string, AugmentParameter>>;
  /** False where the result may be longer or shorter; else it has the waveform's length. */
  readonly keepsLength?: false;
  /** Returns a new waveform of the same rate; the same random stream gives the same samples. */
  apply(wave: Waveform, values: AugmentValues, context: AugmentContext): Waveform;
}

/** Declares an augmentation so that `apply` sees the names and types of its own parameters. */
export function defineAugmentation<const P extends Readonly<Record<string, AugmentParameter>>>(definition: {
  readonly kind: string;
  readonly summary: string;
  readonly parameters: P;
  readonly keepsLength?: false;
  apply(
    wave: Waveform,
    values: { readonly [K in keyof P]: P[K] extends { readonly least: number } ? number : string },
    context: AugmentContext,
  ): Waveform;
}): Augmentation {
  return definition as unknown as Augmentation;
}
