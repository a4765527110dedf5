/** Times a feature set on the example clips beside a peer that Python may have. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { FeatureSet } from "../packages/core/src/features/feature-set.js";
import { root } from "../test/corpora.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

/** The peer: its script in `bench/peers`, which prints `{ [versionKey]: version, times: seconds[] }`, and the Python module it needs. */
export interface Peer {
  readonly name: string;
  readonly script: string;
  readonly module: string;
  readonly versionKey: string;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const turns = 3;

/** Prints × real time of both in processor time, medians of three turns of `runs` passes each, and the ratio. */
export async function timeFeatureSet(set: FeatureSet, peer: Peer, runs: number): Promise<void> {
  const { sampleRate } = set;
  const clips = await Promise.all((await exampleClipNames()).map(exampleClip));
  const seconds = clips.reduce((sum, clip) => sum + clip.length, 0) / sampleRate;
  const pass = (): number => {
    const start = process.cpuUsage();
    for (const samples of clips) set.extract({ samples, sampleRate });
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  pass();
  pass();
  // In turns, so that a machine that is busy for a while slows both.
  const python = process.env.UNDERTONE_PYTHON ?? "python3";
  const script = join(root, "bench/peers", peer.script);
  const ownTimes: number[] = [];
  const peerTimes: number[] = [];
  let version: unknown;
  for (let turn = 0; turn < turns; turn++) {
    for (let i = 0; i < runs; i++) ownTimes.push(pass());
    const { status, stdout } = spawnSync(python, [script, String(runs)], { encoding: "utf8" });
    if (status !== 0) break;
    const printed = JSON.parse(stdout) as { times: number[]; [key: string]: unknown };
    peerTimes.push(...printed.times);
    version = printed[peer.versionKey];
  }
  const ours = median(ownTimes);
  console.log(`${set.id} ${(seconds / ours).toFixed(0)} × real time (${seconds.toFixed(1)} s of audio)`);
  if (peerTimes.length === 0) {
    console.log(
      `${peer.name} not timed: ${python} has no ${peer.module} (set UNDERTONE_PYTHON to one that has)`,
    );
    return;
  }
  const theirs = median(peerTimes);
  console.log(`${peer.name} ${version} ${(seconds / theirs).toFixed(0)} × real time`);
  console.log(`ratio: ${(theirs / ours).toFixed(1)} × ${peer.name}'s speed`);
}
