/**
 * How fast prosody-v1 is: × real time in processor time over the example clips, beside Praat when Python has parselmouth.
 * `npx tsx bench/prosody.bench.ts`
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prosodyV1 } from "../packages/core/src/features/prosody-v1.js";
import { root } from "../test/corpora.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

const runs = 5;
const sampleRate = 16000;
const clips = await Promise.all((await exampleClipNames()).map(exampleClip));
const seconds = clips.reduce((sum, clip) => sum + clip.length, 0) / sampleRate;
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function pass(): number {
  const start = process.cpuUsage();
  for (const samples of clips) prosodyV1.extract({ samples, sampleRate });
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

pass();
pass();
const ours = median(Array.from({ length: runs }, pass));
console.log(`prosody-v1   ${(seconds / ours).toFixed(0)} × real time (${seconds.toFixed(1)} s of audio)`);

const python = process.env.UNDERTONE_PYTHON ?? "python3";
const { status, stdout } = spawnSync(python, [join(root, "bench/peers/praat_prosody.py"), String(runs)], {
  encoding: "utf8",
});
if (status === 0) {
  const peer = JSON.parse(stdout) as { praat: string; times: number[] };
  const theirs = median(peer.times);
  console.log(`Praat ${peer.praat} ${(seconds / theirs).toFixed(0)} × real time`);
  console.log(`ratio: ${(theirs / ours).toFixed(1)} × Praat's speed`);
} else {
  console.log(`Praat not timed: ${python} has no parselmouth (set UNDERTONE_PYTHON to one that has)`);
}
