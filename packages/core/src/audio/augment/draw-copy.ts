/** Degraded copies for training: chains of steps whose numbers are drawn. */
import type { Random } from "../../math/random.js";
import type { AugmentStep } from "./augmentation.js";

/** A step as plain data; a number may be given as its lowest and highest value. */
export interface DrawnStep {
  readonly kind: string;
  readonly [parameter: string]: number | string | readonly [number, number];
}

/** Steps in order. */
export type CopyChain = readonly DrawnStep[];

/** Returns the steps of one chain, drawn evenly from those given, with its numbers drawn evenly from their ranges. */
export function drawCopy(chains: readonly CopyChain[], random: Random): AugmentStep[] {
  const chain = chains[random.integer(chains.length)];
  return chain.map(({ kind, ...given }) => ({
    kind,
    ...Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        typeof value === "number" || typeof value === "string"
          ? value
          : value[0] + (value[1] - value[0]) * random.next(),
      ]),
    ),
  }));
}

/** Returns the chains in words, such as `noise or band-limit, mu-law`. */
export function describeCopies(chains: readonly CopyChain[]): string {
  const names = chains.map((chain) => chain.map(({ kind }) => kind).join(", "));
  return [...new Set(names)].join(" or ");
}
