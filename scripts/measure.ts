/**
 * Measures what the README claims and writes `docs/measured.json` and the README's tables from it.
 * `npm run measure` measures all, `npm run measure -- recipes gain times adaptation` some, `npm run measure -- ravdess-best` one recipe; the
 * corpora must be there.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { EvaluationResult } from "../packages/node/src/index.js";
import {
  findAudio,
  openAudioPool,
  openModel,
  readRecipe,
  type Waveform,
} from "../packages/node/src/index.js";
import { corpora, root } from "../test/corpora.js";
import { adaptationCurve } from "./adaptation.js";
import {
  figureTable,
  type Measured,
  type MeasuredFigure,
  type MeasuredRecipe,
  recipeTable,
  replaceSection,
  strangersTable,
} from "./results.js";

const file = join(root, "docs/measured.json");
const bin = join(root, "packages/node/bin/undertone.js");

interface Outcome {
  readonly seconds: number;
  /** Seconds until the output contained the wanted text. */
  readonly seen: number;
  readonly stdout: string;
}

/** Runs a command and returns its output and times; with `until`, stops it when its output contains that text. */
function run(
  command: string,
  args: readonly string[],
  options: { until?: RegExp; env?: Record<string, string> } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const since = (): number => (performance.now() - started) / 1000;
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // a group of its own: npm does not pass a signal on to what it runs
    });
    let stdout = "";
    let stderr = "";
    let seen = Number.NaN;
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      if (options.until && Number.isNaN(seen) && options.until.test(stdout)) {
        seen = since();
        process.kill(-child.pid!, "SIGINT");
      }
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0 && Number.isNaN(seen))
        reject(new Error(`${command} ${args.join(" ")}: exit ${code}\n${stderr}`));
      else resolve({ seconds: since(), seen, stdout });
    });
  });
}

const undertone = (args: readonly string[], options?: Parameters<typeof run>[2]): Promise<Outcome> =>
  run(process.execPath, [bin, ...args], options);

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

const recipeNames = readdirSync(join(root, "recipes"))
  .filter((entry) => entry.endsWith(".json") && !entry.includes("schema"))
  .map((entry) => entry.replace(/\.json$/, ""));

async function measureRecipe(name: string): Promise<MeasuredRecipe> {
  const path = join(root, "recipes", `${name}.json`);
  const recipe = await readRecipe(path);
  const { stdout } = await undertone([
    "evaluate",
    "--recipe",
    path,
    ...recipe.corpus.split("+").flatMap((corpus) => ["--data", join(corpora!, corpus)]),
    "--json",
  ]);
  const result = JSON.parse(stdout) as EvaluationResult;
  process.stderr.write(`${name}: UAR ${result.uar.toFixed(4)}\n`);
  return {
    recipe: `recipes/${name}.json`,
    title: recipe.title,
    protocol: result.protocol.summary,
    leaks: result.leaks.map(({ message }) => message),
    uar: result.uar,
    uarInterval: result.ci.uar,
    accuracy: result.accuracy,
    rocAuc: result.rocAuc,
    ece: result.ece,
    folds: Object.fromEntries(result.folds.map((fold) => [fold.name, fold.uar])),
    ...(result.corpora &&
      result.corpora.rows.length > 1 && {
        strangers: [{ labelMap: recipe.labelMap!, ...result.corpora }, ...(result.views ?? [])].map(
          ({ labelMap, rows, mean }) => ({
            labelMap,
            rows: rows.map(({ riskCoverage: _, ...row }) => row),
            mean,
          }),
        ),
      }),
  };
}

/** Returns a clip with another gain, as it is or as a recorder would have stored it: clipped and rounded to 16 bits. */
function withGain({ samples, sampleRate }: Waveform, gainDb: number, stored: boolean): Waveform {
  const scale = 10 ** (gainDb / 20);
  const store = (x: number): number => Math.max(-32768, Math.min(32767, Math.round(x * 32768))) / 32768;
  return { samples: samples.map((x) => (stored ? store(x * scale) : x * scale)), sampleRate };
}

async function measureGain(): Promise<MeasuredFigure[]> {
  const recognizer = await openModel();
  const pool = openAudioPool();
  const gains = [-20, -12, -6, 6, 12];
  const conditions = [false, true].flatMap((stored) => gains.map((gain) => ({ stored, gain, changed: 0 })));
  const files = (await findAudio(join(corpora!, "ravdess"))).filter((_, i) => i % 4 === 0);
  for (const { path } of files) {
    const { wave } = await pool.decode(path, {});
    const { label } = await recognizer.recognize(wave);
    for (const condition of conditions) {
      const louder = withGain(wave, condition.gain, condition.stored);
      if ((await recognizer.recognize(louder)).label !== label) condition.changed++;
    }
  }
  await Promise.all([pool.close(), recognizer.close()]);
  for (const { stored, gain, changed } of conditions) {
    process.stderr.write(
      `gain ${gain} dB, ${stored ? "16 bits" : "float"}: ${changed} of ${files.length} labels changed\n`,
    );
  }
  return [false, true].map((stored) => {
    const counts = conditions
      .filter((condition) => condition.stored === stored)
      .map(({ changed }) => changed);
    const total = counts.reduce((sum, count) => sum + count, 0);
    return {
      what: `labels of the shipped model that change with gain (−20, −12, −6, +6, +12 dB; ${stored ? "clipped and rounded to 16 bits" : "as it is"}; every fourth clip of RAVDESS, ${files.length})`,
      value: (100 * total) / (files.length * gains.length),
      unit: "%",
      bar: "≤ 2 %",
      command: "npm run measure -- gain",
    };
  });
}

/** Gains of speaker adaptation in points of UAR; the curve itself goes to standard error. */
async function measureAdaptation(): Promise<MeasuredFigure[]> {
  const recipe = "recipes/ravdess-best.json";
  const points = await adaptationCurve(join(root, recipe), join(corpora!, "ravdess"));
  const without = points[0].uar;
  for (const { utterances, uar, draws } of points) {
    const each = draws.map((value) => value.toFixed(3)).join(", ");
    process.stderr.write(`${utterances} utterances known: UAR ${uar.toFixed(4)} (${each})\n`);
  }
  const bars: Readonly<Record<string, string>> = { 1: "≥ 0", 3: "≥ 0", 5: "≥ 3", 8: "≥ 4.5", 16: "≥ 7" };
  return points.slice(1).map(({ utterances, uar }) => ({
    what: `${recipe}, UAR gained when ${utterances} unlabelled utterance${utterances === 1 ? "" : "s"} of each speaker ${utterances === 1 ? "is" : "are"} known`,
    value: 100 * (uar - without),
    unit: "points",
    bar: bars[utterances] ?? "≥ 7",
    command: "npm run measure -- adaptation",
  }));
}

async function measureTimes(): Promise<MeasuredFigure[]> {
  const clip = join(
    root,
    "examples/clips",
    readdirSync(join(root, "examples/clips")).find((name) => name.endsWith(".flac"))!,
  );
  await undertone(["predict", clip]); // the first start after a change bundles the source
  const predict: number[] = [];
  for (let i = 0; i < 9; i++) predict.push((await undertone(["predict", clip])).seconds);
  const cache = mkdtempSync(join(tmpdir(), "undertone-measure-"));
  const evaluate = [
    "evaluate",
    "--recipe",
    "recipes/ravdess.json",
    "--data",
    join(corpora!, "ravdess"),
    "--json",
  ];
  const cold = (await undertone(evaluate, { env: { UNDERTONE_CACHE: cache } })).seconds;
  const warm = (await undertone(evaluate, { env: { UNDERTONE_CACHE: cache } })).seconds;
  rmSync(cache, { recursive: true, force: true });
  const demo = (await run("npm", ["run", "demo"])).seconds;
  const start = (await run("npm", ["start"], { until: /\d+ %/ })).seen;
  const figure = (what: string, value: number, bar: string, command: string): MeasuredFigure => ({
    what,
    value,
    unit: "s",
    bar,
    command,
  });
  return [
    figure(
      "one 4 s clip from a cold start (median of 9)",
      median(predict),
      "≤ 0.7 s",
      "undertone predict examples/clips/….flac",
    ),
    figure(
      "RAVDESS, six folds, nothing cached",
      cold,
      "≤ 180 s",
      "undertone evaluate --recipe recipes/ravdess.json --data DIR",
    ),
    figure(
      "the same with cached features",
      warm,
      "≤ 40 s",
      "undertone evaluate --recipe recipes/ravdess.json --data DIR",
    ),
    figure("the main job on the shipped table", demo, "≤ 20 s", "npm run demo"),
    figure("the first answer in the terminal, after npm ci", start, "≤ 20 s", "npm start"),
  ];
}

if (!corpora) throw new Error("measure: the corpora are not there, set UNDERTONE_CORPORA");
const wanted = process.argv.slice(2);
const wants = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
let measured: Measured = JSON.parse(readFileSync(file, "utf8"));

/** Puts what was measured into the file and the README at once: what comes later may fail, and takes long. */
function save(news: Partial<Measured>): void {
  measured = {
    ...measured,
    ...news,
    machine: `${availableParallelism()} cores of ${cpus()[0]?.model}, Node ${process.versions.node}`,
  };
  writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
  const readme = join(root, "README.md");
  const sections = { strangers: strangersTable, results: recipeTable, figures: figureTable };
  const text = Object.entries(sections).reduce(
    (all, [name, table]) => replaceSection(all, name, table(measured)),
    readFileSync(readme, "utf8"),
  );
  writeFileSync(readme, text);
}

for (const name of recipeNames.filter((stem) => wants("recipes") || wanted.includes(stem))) {
  const one = await measureRecipe(name);
  const all = new Map([...measured.recipes, one].map((entry) => [entry.recipe, entry]));
  save({ recipes: recipeNames.flatMap((stem) => all.get(`recipes/${stem}.json`) ?? []) });
}
for (const [name, measure] of [
  ["adaptation", measureAdaptation],
  ["gain", measureGain],
  ["times", measureTimes],
] as const) {
  if (!wants(name)) continue;
  const figures = await measure();
  const known = measured.figures.filter(({ what }) => !figures.some((other) => other.what === what));
  save({ figures: [...known, ...figures] });
}
