/**
 * How fast egemaps-v02 is: × real time in processor time over the example clips, beside openSMILE when Python has it.
 * `npx tsx bench/egemaps.bench.ts`
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { egemapsV02 } from "../packages/core/src/features/egemaps-v02.js";
import { root } from "../test/corpora.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

const runs = 7;
const sampleRate = 16000;
const clips = await Promise.all((await exampleClipNames()).map(exampleClip));
const seconds = clips.reduce((sum, clip) => sum + clip.length, 0) / sampleRate;
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function pass(): number {
  const start = process.cpuUsage();
  for (const samples of clips) egemapsV02.extract({ samples, sampleRate });
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

pass();
pass();
const ours = median(Array.from({ length: runs }, pass));
console.log(
  `egemaps-v02          ${(seconds / ours).toFixed(0)} × real time (${seconds.toFixed(1)} s of audio)`,
);

const python = process.env.UNDERTONE_PYTHON ?? "python3";
const { status, stdout } = spawnSync(python, [join(root, "bench/peers/opensmile_egemaps.py"), String(runs)], {
  encoding: "utf8",
});
if (status === 0) {
  const peer = JSON.parse(stdout) as { opensmile: string; times: number[] };
  const theirs = median(peer.times);
  console.log(`openSMILE ${peer.opensmile.padEnd(10)} ${(seconds / theirs).toFixed(0)} × real time`);
  console.log(`ratio: ${(theirs / ours).toFixed(1)} × openSMILE's speed`);
} else {
  console.log(`openSMILE not timed: ${python} has no opensmile (set UNDERTONE_PYTHON to one that has)`);
}
