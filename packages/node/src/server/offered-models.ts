/** The models that the page may choose from: the one that is served, and those that ship. */
import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import { readArtifact } from "@undertone/core/artifact";
import { isUndertoneError } from "@undertone/core/errors";
import { encoderRemedy, type NamedFile } from "@undertone/core/onnx";
import { nodeEncoderFile } from "../encoders/encoder-files.js";
import { shippedPath } from "../io/places.js";
import { readInput } from "../io/read-input.js";
import { shippedModels } from "../runs/shipped.js";

/** What the page is told of a model. */
export interface OfferedModel {
  readonly name: string;
  /** One sentence: what it learnt from. */
  readonly about?: string | undefined;
  /** Where it lies on this server. */
  readonly path: string;
  /** SHA-256 of the encoder files that it needs and that are here, below `/encoders/`. */
  readonly encoders: readonly string[];
  /** How to come by an encoder file that it needs and that is not here: the model cannot be used before. */
  readonly missing?: string | undefined;
}

/** The models of a server. */
export interface ModelShelf {
  /** Resolves to the models as they are now, the served one first. */
  list(): Promise<OfferedModel[]>;
  /** Resolves to a listed model's bytes, or undefined. */
  model(name: string): Promise<Uint8Array | undefined>;
  /** Resolves to an encoder file that a listed model needs, or undefined. */
  encoder(sha256: string): Promise<Uint8Array | undefined>;
}

/** A model and what it needs. */
interface Shelved {
  readonly name: string;
  readonly about?: string;
  readonly path: string;
  readonly folder: string | undefined;
  readonly bytes: () => Promise<Uint8Array>;
}

/** Returns the shelf of a server that serves `bytes`, which came from the file at `path` where they came from one. */
export function modelShelf(bytes: Uint8Array, path: string | undefined): ModelShelf {
  const shipped = shippedModels
    .map((one) => ({ ...one, file: shippedPath(one.file) }))
    .filter(({ file }) => existsSync(file));
  const known = shipped.find(({ file }) => file === path);
  const served: Shelved = {
    name: known?.name ?? (path === undefined ? "The server's model" : basename(path)),
    ...(known && { about: known.about }),
    path: "/model",
    folder: path === undefined ? undefined : dirname(path),
    bytes: async () => bytes,
  };
  const others = shipped
    .filter((one) => one !== known)
    .map(({ name, about, file }) => ({
      ...{ name, about, path: `/models/${name}`, folder: dirname(file) },
      bytes: () => readInput(file),
    }));
  const needed = async (one: Shelved): Promise<NamedFile[]> => {
    const { encoders = [] } = readArtifact(await one.bytes()).manifest.features;
    return encoders.flatMap((file) => ("package" in file ? [] : [file])); // a package's file is part of the page
  };
  const offer = async (one: Shelved): Promise<OfferedModel> => {
    const { name, about, path: at, folder } = one;
    const encoders: string[] = [];
    let missing: string | undefined;
    for (const file of await needed(one)) {
      if (await encoderFile(file, folder)) encoders.push(file.sha256);
      else missing = encoderRemedy(file);
    }
    return { name, about, path: at, encoders, missing };
  };
  return {
    list: () => Promise.all([served, ...others].map(offer)),
    model: async (name) => others.find((one) => one.name === name)?.bytes(),
    async encoder(sha256) {
      for (const one of [served, ...others]) {
        const file = (await needed(one)).find((file) => file.sha256 === sha256);
        if (file) return encoderFile(file, one.folder);
      }
      return undefined;
    },
  };
}

async function encoderFile(file: NamedFile, folder: string | undefined): Promise<Uint8Array | undefined> {
  try {
    return await nodeEncoderFile(file, folder);
  } catch (error) {
    if (isUndertoneError(error, "features/encoder-missing")) return undefined;
    throw error;
  }
}
