/** What ships with the package and goes by a name: models for `--model`, feature tables for `--with`. */
import { statSync } from "node:fs";
import { expectedOneOf, UndertoneError } from "@undertone/core/errors";
import { shippedPath } from "../io/places.js";

/** A file that ships. */
export interface Shipped {
  readonly name: string;
  /** Path in the package or checkout. */
  readonly file: string;
  readonly licence: string;
  /** One sentence: what it learnt from or holds. */
  readonly about: string;
}

/** The models; models/README.md has the same names. */
export const shippedModels: readonly Shipped[] = [
  {
    name: "strangers",
    file: "models/strangers.onnx",
    licence: "CC BY-NC-SA 4.0",
    about: "seven emotions, learnt from English, German and Polish speech, for strangers",
  },
  {
    name: "ravdess-best",
    file: "models/ravdess-best.onnx",
    licence: "CC BY-NC-SA 4.0",
    about: "eight emotions of acted English speech; adapts to speakers",
  },
  {
    name: "ravdess",
    file: "models/ravdess.onnx",
    licence: "CC BY-NC-SA 4.0",
    about: "the same emotions without a network, at a quarter of the cost",
  },
  {
    name: "open",
    file: "models/open.onnx",
    licence: "CC0 1.0",
    about: "six emotions of German speech, for any use",
  },
];

/** Name of the model that is used where none is named. */
export const defaultModel = "strangers";

/** The feature tables; data/README.md has the same names. */
export const shippedTables: readonly Shipped[] = [
  {
    name: "open",
    file: "data/open.parquet",
    licence: "CC0 1.0",
    about: "EMO-DB: six emotions of ten German actors, for any use",
  },
];

/** Returns whether a file that ships goes by the name. */
export function isShipped(list: readonly Shipped[], name: string): boolean {
  return list.some((one) => one.name === name);
}

/**
 * Returns the path of what is meant: a file of the user's, else what ships under that name.
 * @throws UndertoneError `file/not-found` for a bare name of neither, naming what ships.
 */
export function pathOf(list: readonly Shipped[], ref: string): string {
  if (/[/\\.]/.test(ref) || statSync(ref, { throwIfNoEntry: false })?.isFile()) return ref;
  const found = list.find(({ name }) => name === ref);
  if (found) return shippedPath(found.file);
  const names = list.map(({ name }) => name);
  throw new UndertoneError(
    "file/not-found",
    `There is no file '${ref}', and nothing ships by that name: ${expectedOneOf(ref, names)}`,
  );
}
