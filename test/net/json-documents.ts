/** The documents of every command with `--json`, on data small enough for seconds: real commands, run in this process. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anyFeatureSet } from "@undertone/core/features";
import { random } from "@undertone/core/math";
import { commands } from "../../packages/node/src/cli/commands/index.js";
import { runCommand } from "../cli/run-command.js";
import { write, writeSyntheticCorpus } from "../cli/synthetic-audio.js";
import { root } from "../corpora.js";
import { tinyEncoder } from "../tiny-encoder.js";
import { frozenPath } from "./hearing.js";
import { keyPaths } from "./key-paths.js";
import { runProgram } from "./run-program.js";
import { networkArtifact } from "./standalone.js";

/** Commands without a document here, and why. */
export const undocumented: Readonly<Record<string, string>> = {
  help: "it prints text alone",
  demo: "it does the main job, which takes long; its evaluation is that of train",
  serve: "it may build the page first; test/cli/start.test.ts asks it when that is done",
  start: "as serve",
};

const clips = join(root, "examples/clips");
/** A real voice: the speech gate lets no synthetic vowel through. */
const clip = join(clips, "03-01-05-02-01-01-16.flac");
const words = ["angry", "happy", "sad"];

/** Writes a feature table of three words and four speakers, with ratings and votes: the numbers are drawn, the words move some of them. */
function writeTable(path: string, names: readonly string[], featureSet?: string): void {
  const chance = random("net");
  const rows = Array.from({ length: 48 }, (_, i) => {
    const [speaker, word, take] = [Math.floor(i / 12), i % 3, Math.floor(i / 3) % 4];
    const votes = words.map((name, k) => [`votes:${name}`, k === word ? 4 : take === k ? 2 : 0]);
    return {
      id: `u${i}`,
      speaker: `s${speaker}`,
      sex: speaker % 2 ? "female" : "male",
      label: words[word],
      sentence: `sentence ${take}`,
      arousal: 1 + word + chance.next(),
      valence: (i % 5) / 5,
      ...Object.fromEntries(votes),
      features: names.map((_, j) => chance.normal() + (j % 9 === 0 ? word : 0)),
    };
  });
  write(path, JSON.stringify({ featureSet, names, rows }));
}

/** Writes a manifest of recordings of two speakers with ratings. */
function writeManifest(path: string, files: readonly string[]): void {
  const rows = files.map((file, i) => `${file},s${i % 2},${words[i % 3]},${1 + (i % 3)}.5,${i % 5}`);
  write(path, `file,speaker,label,arousal,valence\n${rows.join("\n")}\n`);
}

/** Returns case -> key paths of the command's document; the case begins with the command's name. */
export async function jsonDocuments(): Promise<Record<string, Record<string, string>>> {
  const folder = mkdtempSync(join(tmpdir(), "undertone-net-"));
  const cache = process.env.UNDERTONE_CACHE;
  process.env.UNDERTONE_CACHE = join(folder, "cache");
  try {
    return await documents(folder);
  } finally {
    if (cache === undefined) delete process.env.UNDERTONE_CACHE;
    else process.env.UNDERTONE_CACHE = cache;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function documents(folder: string): Promise<Record<string, Record<string, string>>> {
  const inside = (name: string): string => join(folder, name);
  const found: Record<string, Record<string, string>> = {};
  /**
   * Runs the command that the title begins with. From the sources inside this process, each thread that a command starts would load them anew,
   * which takes longer than the program.
   */
  const run = async (title: string, args: readonly string[], inProgram = false): Promise<unknown> => {
    const { name, load } = commands.find((entry) => title.split(",")[0] === entry.name)!;
    const document = inProgram
      ? await runProgram([...name.split(" "), ...args], folder)
      : (await runCommand(await load(), args, { json: true })).document;
    found[title] = keyPaths(document);
    return document;
  };
  const runThreads = (title: string, args: readonly string[]) => run(title, args, true);

  writeTable(inside("few.json"), ["f0-mean", "f0-deviation", "level", "rate"]);
  writeTable(inside("all.json"), anyFeatureSet("seed-v1").names, "seed-v1");
  const recordings = writeSyntheticCorpus(inside("corpus"), { actors: 2, takes: 1 });
  const [tone] = recordings;
  writeManifest(inside("rated.csv"), recordings);
  const [few, all] = ["few.json", "all.json"].map((name) => ["--table", inside(name)]);
  const bayes = ["--model", "gaussian-naive-bayes", "--folds", "speaker:2"];
  const logistic = ["--model", "logistic-regression", "--folds", "speaker:2"];
  const ridge = ["--model", "ridge-regression", "--folds", "speaker:2"];
  const model = ["--model", frozenPath("ravdess-format-1")];

  await runThreads("predict", [clip, ...model]);
  await runThreads("features", [tone, "--set", "seed-v1"]);
  await runThreads("features, to a file", [tone, "--set", "seed-v1", "--out", inside("features.csv")]);
  await runThreads("corpus inspect", [inside("corpus")]);
  writeFileSync(inside("tiny.onnx"), tinyEncoder());
  await run("encoder add", [inside("tiny.onnx"), "--name", "tiny"]);

  const report = ["--report", inside("report.html")];
  const a = await run("evaluate", [...few, ...logistic, "--importance", ...report]);
  await run("evaluate, adapted", [...few, ...bayes, "--adapt", "speaker", "--calibration", "temperature"]);
  const b = await run("evaluate, votes", [...few, ...logistic, "--target", "votes"]);
  await run("evaluate, values", [...few, ...ridge, "--target", "all", ...report]);
  write(inside("a.json"), JSON.stringify(a));
  write(inside("b.json"), JSON.stringify(b));
  await run("compare", [inside("a.json"), inside("b.json")]);

  const out = (name: string): string[] => ["--out", inside(name)];
  await run("train", [...all, ...bayes, "--max-risk", "0.9", ...out("classes.onnx")]);
  await run("train, values", [...all, ...ridge, "--target", "all", ...out("values.onnx")]);
  const beside = ["--target", "arousal", "--value-model", "ridge-regression"];
  await run("train, both", [...all, ...bayes, ...beside, ...out("both.onnx")]);
  const artifact = (name: string): string[] => ["--data", inside("rated.csv"), "--artifact", inside(name)];
  await runThreads("evaluate, artifact of values", artifact("values.onnx"));
  await runThreads("evaluate, artifact of both", [
    ...artifact("both.onnx"),
    "--robustness",
    "--robustness-clips",
    "1",
  ]);
  await runThreads("predict, timeline", [clip, "--model", inside("both.onnx"), "--timeline"]);

  const tried = [...few, ...bayes, "--inner", "2", "--threads", "1"];
  const grid = ["--grid", "smoothing=1e-9,1e-8", "--nested"];
  await runThreads("search", [...tried, ...grid, ...out("best.json")]);
  await runThreads("search, learning curve", [...tried, "--learning-curve", "0.5,1"]);
  await runThreads("search, validation curve", [...tried, "--validation-curve", "smoothing=1e-9,1e-8"]);
  await run("explore", [...few, ...out("explore.html")]);
  writeFileSync(inside("network.onnx"), networkArtifact());
  await run("export", [inside("network.onnx"), "--standalone", ...out("standalone.onnx")]);
  await run("completion", ["bash"]);
  return found;
}
