/** Which recordings of the corpora the net hears: drawn once, spread over speakers and emotions; the golden file then lists them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "../../packages/core/src/math/random.js";

const seed = "net";

/** Returns `count` paths of one of the corpora listed in `manifest.csv`, sorted: each from the speaker and the emotion drawn least so far. */
export function chooseClips(corpora: string, corpus: string, count: number): string[] {
  const [header, ...rows] = readFileSync(join(corpora, "manifest.csv"), "utf8").trimEnd().split("\n");
  const columns = header.split(",");
  const [at, of, who, what] = ["path", "corpus", "speaker", "emotion"].map((name) => columns.indexOf(name));
  const all = rows
    .map((row) => row.split(","))
    .filter((cells) => cells[of] === corpus)
    .map((cells) => ({ path: cells[at], groups: [`by ${cells[who]}`, `in ${cells[what]}`] }));
  const left = random(seed).fork(corpus).shuffle(all);
  const drawn = new Map<string, number>();
  const times = (group: string): number => drawn.get(group) ?? 0;
  return Array.from({ length: count }, () => {
    const costs = left.map(({ groups }) => groups.reduce((sum, group) => sum + times(group) ** 2, 0));
    const [{ path, groups }] = left.splice(costs.indexOf(Math.min(...costs)), 1) as [(typeof left)[number]];
    for (const group of groups) drawn.set(group, times(group) + 1);
    return path;
  }).sort();
}
