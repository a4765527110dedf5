/**
 * What the worker pool gives: the example clips, decoded and extracted by one, two … threads, in seconds of audio a second and beside one thread.
 * `npx tsx bench/workers.bench.ts [SET]`
 */
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { openAudioPool } from "../packages/node/src/workers/audio-pool.js";
import { root } from "../test/corpora.js";
import { exampleClip, exampleClipNames } from "../test/golden/signals.js";

const set = process.argv[2] ?? "seed-v1";
const rounds = 8;
const names = await exampleClipNames();
const files = names.map((name) => join(root, "examples/clips", name));
let seconds = 0;
for (const name of names) seconds += (await exampleClip(name)).length / 16000;

console.log(
  `${set}, ${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()[0].toFixed(1)}, node ${process.version}`,
);
let alone = 0;
for (let threads = 1; threads <= availableParallelism(); threads *= 2) {
  const pool = openAudioPool({ threads });
  const all = (): Promise<unknown> => Promise.all(files.map((file) => pool.extract(file, set)));
  await all(); // starts the threads and lets them warm up
  await all();
  const start = performance.now();
  for (let i = 0; i < rounds; i++) await all();
  const speed = (rounds * seconds * 1000) / (performance.now() - start);
  if (threads === 1) alone = speed;
  console.log(
    `${threads} thread${threads > 1 ? "s" : ""}: ${speed.toFixed(0)} × real time, ${(speed / alone).toFixed(2)} × one thread`,
  );
  await pool.close();
}
