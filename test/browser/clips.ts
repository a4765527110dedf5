/** The example clips and the shipped model, which the browser tests run on. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../corpora.js";

/** One entry of `examples/clips/clips.json`. */
export interface ExampleClip {
  readonly file: string;
  readonly emotion: string;
  readonly sex: string;
  readonly speaker: string;
  readonly intensity: string;
}

/** Where the example clips are. */
export const clipsFolder = join(root, "examples/clips");

/** The example clips, sorted by file name. */
export const clips = JSON.parse(readFileSync(join(clipsFolder, "clips.json"), "utf8")) as ExampleClip[];

/** Returns a clip's bytes. */
export function clipBytes({ file }: ExampleClip): Buffer {
  return readFileSync(join(clipsFolder, file));
}

/** Returns a mono 16-bit WAV file. */
export function wavBytes(samples: Float32Array, sampleRate: number): Buffer {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(2 * sampleRate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((x, i) => {
    bytes.writeInt16LE(Math.round(32767 * Math.max(-1, Math.min(1, x))), 44 + 2 * i);
  });
  return bytes;
}
