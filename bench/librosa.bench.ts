/**
 * How fast librosa's features are here and there: descriptor by descriptor from the samples on, then the whole set in one call beside librosa's calls one by
 * one. Processor time over the example clips; a pass of librosa's and passes of ours take turns, and medians are compared.
 * `UNDERTONE_PYTHON=/path/to/python npx tsx bench/librosa.bench.ts`
 */
import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chroma } from "../packages/core/src/dsp/chroma.js";
import { delta } from "../packages/core/src/dsp/delta.js";
import { applyFilterBank } from "../packages/core/src/dsp/filter-bank.js";
import { logMel } from "../packages/core/src/dsp/log-mel.js";
import { melFilterBank } from "../packages/core/src/dsp/mel.js";
import { mfcc } from "../packages/core/src/dsp/mfcc.js";
import { pyin } from "../packages/core/src/dsp/pyin.js";
import { rms } from "../packages/core/src/dsp/rms.js";
import { spectralBandwidth } from "../packages/core/src/dsp/spectral-bandwidth.js";
import { spectralCentroid } from "../packages/core/src/dsp/spectral-centroid.js";
import { spectralContrast } from "../packages/core/src/dsp/spectral-contrast.js";
import { spectralFlatness } from "../packages/core/src/dsp/spectral-flatness.js";
import { spectralFlux } from "../packages/core/src/dsp/spectral-flux.js";
import { spectralRolloff } from "../packages/core/src/dsp/spectral-rolloff.js";
import { magnitudes, powerSpectrogram } from "../packages/core/src/dsp/stft.js";
import { tonnetz } from "../packages/core/src/dsp/tonnetz.js";
import { yin } from "../packages/core/src/dsp/yin.js";
import { zeroCrossingRate } from "../packages/core/src/dsp/zero-crossing-rate.js";
import { frameDescriptors } from "../packages/core/src/features/frame-descriptors.js";
import type { Matrix } from "../packages/core/src/math/matrix.js";
import { root } from "../test/corpora.js";
import { librosaFeatures } from "../test/golden/librosa-parity.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

const rounds = 5;
/** pYIN takes librosa ten times as long as all the rest. */
const pyinRounds = 2;
/** Passes of ours for one of librosa's. */
const passes = 3;

const sampleRate = 16000;
const fftSize = 2048;
const hopSamples = 512;
const framing = { frameSamples: fftSize, hopSamples };
const rate = { sampleRate, fftSize };
const periods = { sampleRate, lowHz: 65.40639132514966, highHz: 2093.004522404789, ...framing };

type Work = (samples: Float32Array) => unknown;

const power = (y: Float32Array): Matrix => powerSpectrogram(y, { fftSize, hopSamples });
const magnitude = (y: Float32Array): Matrix => magnitudes(power(y));
const cepstrum = (y: Float32Array): Matrix => mfcc(logMel(power(y), rate));
/** One by one, each from the samples on, as the calls of the same name in `peers/librosa_defaults.py`. */
const single: Record<string, Work> = {
  stft: power,
  mel: (y) => applyFilterBank(power(y), melFilterBank(rate)),
  "log-mel": (y) => logMel(power(y), rate),
  mfcc: cepstrum,
  delta: (y) => delta(cepstrum(y)),
  "delta-delta": (y) => delta(cepstrum(y), { order: 2 }),
  chroma: (y) => chroma(power(y), rate),
  tonnetz: (y) => tonnetz(chroma(power(y), rate)),
  contrast: (y) => spectralContrast(magnitude(y), { sampleRate }),
  centroid: (y) => spectralCentroid(magnitude(y), { sampleRate }),
  bandwidth: (y) => spectralBandwidth(magnitude(y), { sampleRate }),
  rolloff: (y) => spectralRolloff(magnitude(y), { sampleRate }),
  flatness: (y) => spectralFlatness(power(y)),
  flux: (y) => spectralFlux(logMel(power(y), rate)),
  "zero-crossing rate": (y) => zeroCrossingRate(y, framing),
  rms: (y) => rms(y, framing),
  yin: (y) => yin(y, periods),
  pyin: (y) => pyin(y, periods),
};
const withPyin: Work = (samples) => frameDescriptors({ samples, sampleRate });
const withoutPyin: Work = (samples) => frameDescriptors({ samples, sampleRate }, { pyin: false });

const clips = await Promise.all((await exampleClipNames()).map(exampleClip));
const seconds = clips.reduce((sum, clip) => sum + clip.length, 0) / sampleRate;

/** Processor seconds of all threads for one pass over the clips, whatever else the machine does. */
function pass(work: Work): number {
  const start = process.cpuUsage();
  clips.forEach(work);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

const python = process.env.UNDERTONE_PYTHON ?? "python3";
const peer = spawn(python, [join(root, "bench/peers/librosa_defaults.py")], {
  stdio: ["pipe", "pipe", "ignore"],
});
peer.on("error", () => {});
peer.stdin.on("error", () => {});
const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
const hello = await lines.next();
const version = hello.done ? undefined : (JSON.parse(hello.value) as { librosa: string }).librosa;

/** One pass of librosa's, nothing where there is none. */
async function peerPass(name: string): Promise<number[]> {
  if (version === undefined) return [];
  peer.stdin.write(`${name}\n`);
  const { value, done } = await lines.next();
  if (done) throw new Error(`bench: librosa ended in '${name}', expected the seconds of a pass`);
  return [Number(value)];
}

console.log(
  `${clips.length} clips, ${seconds.toFixed(1)} s of audio, ${cpus()[0]?.model}, node ${process.version}`,
);
console.log(
  version
    ? `librosa ${version}, processor time, medians of ${rounds} turns (pYIN ${pyinRounds})`
    : `librosa not timed: ${python} has no librosa (set UNDERTONE_PYTHON to one that has)`,
);

const works: Record<string, Work> = { ...single, "shared spectrum": librosaFeatures };
const sets = { withPyin, withoutPyin };
for (const work of [...Object.values(works), ...Object.values(sets)]) for (let i = 0; i < 3; i++) pass(work);
const ours = new Map<Work, number[]>();
const theirs = new Map<string, number[]>(Object.keys(works).map((name) => [name, []]));
const add = (work: Work): void => {
  const times = Array.from({ length: passes }, () => pass(work));
  ours.set(work, [...(ours.get(work) ?? []), ...times]);
};
for (let round = 0; round < rounds; round++) {
  for (const [name, work] of Object.entries(works)) {
    if (name === "pyin" && round >= pyinRounds) continue;
    theirs.get(name)!.push(...(await peerPass(name)));
    add(work);
    add(withoutPyin);
  }
  add(withPyin);
}
peer.stdin.end();

const timesReal = (value: number): string => (seconds / value).toFixed(0).padStart(9);
function report(name: string, own: number, other: number): void {
  const comparison = version ? `${timesReal(other)}${(other / own).toFixed(1).padStart(9)} ×` : "";
  console.log(`${name.padEnd(32)}${timesReal(own)}${comparison}`);
}

console.log("from the samples on             × real time  librosa     ratio");
const median1 = (name: string): number => median(theirs.get(name)!);
for (const [name, work] of Object.entries(works)) report(name, median(ours.get(work)!), median1(name));
const names = Object.keys(single).filter((name) => name !== "pyin");
const rest = names.reduce((sum, name) => sum + median1(name), 0);
report("all in one call", median(ours.get(withPyin)!), rest + median1("pyin"));
report("  without pYIN", median(ours.get(withoutPyin)!), rest);
