import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { readArtifact } from "@undertone/core/artifact";
import { readModel, withMetadata } from "@undertone/core/onnx";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sealArtifact, withoutScales } from "../../packages/core/src/artifact/write-artifact.js";
import { root } from "../corpora.js";
import { mayMount, onTinyDisk } from "../tiny-disk.js";
import { errorCode, runUndertone, temporaryFolder } from "./run-undertone.js";
import { wavBytes, write, writeSyntheticCorpus } from "./synthetic-audio.js";

const folder = mkdtempSync(join(tmpdir(), "undertone-runs-"));
const corpus = join(folder, "corpus");
const broken = join(folder, "broken");
const model = join(folder, "model.onnx");
const env = { UNDERTONE_CACHE: join(folder, "cache") };
const fit = ["--features", "seed-v1", "--model", "logistic-regression", "--param", "C=0.01"];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Three broken ways to be a recording. */
const damage: readonly ((path: string) => void)[] = [
  (path) => truncateSync(path, 0),
  (path) => truncateSync(path, 9000),
  (path) => writeFileSync(path, "This is a text and no recording.\n"),
];

const mounts = await mayMount();

beforeAll(async () => {
  const files = writeSyntheticCorpus(corpus, { actors: 4, takes: 5 });
  expect(files).toHaveLength(60);
  files.forEach((file, i) => {
    const copy = join(broken, basename(dirname(file)), basename(file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
    if (i % 20 === 7) damage[Math.floor(i / 20)](copy);
  });
  const trained = await runUndertone(
    ["train", "--data", corpus, ...fit, "--out", model, "--json", "--quiet"],
    { env },
  );
  expect(trained.code, trained.stderr).toBe(0);
});

describe.concurrent("runs", () => {
  it("train writes an artifact that predicts, and a report", async () => {
    expect(readFileSync(model.replace(".onnx", ".html"), "utf8")).toMatch(/^<!doctype html>/i);
    const outcome = await runUndertone(
      ["predict", join(root, "examples/clips/03-01-05-02-01-01-16.flac"), "--model", model, "--json"],
      { env },
    );
    expect(Object.keys(JSON.parse(outcome.stdout).predictions[0].scores)).toEqual(["happy", "sad", "angry"]);
  });

  it("predict adapts to the recordings of a folder where they are believed, and says so, or that nothing was adapted and why", async () => {
    const given = join(folder, "given");
    const clips = readdirSync(join(root, "examples/clips")).filter((name) => name.endsWith(".flac"));
    for (const name of clips.slice(0, 4)) cpSync(join(root, "examples/clips", name), join(given, name));
    write(join(given, "silence.wav"), wavBytes(new Float32Array(16_000)));
    // To the model of synthetic tones all clips are alike; to this one whatever varies between them is as much as classes do.
    const bytes = readFileSync(model);
    const { manifest } = readArtifact(bytes);
    const spread = manifest.collections!.spread.map((direction) => direction.map((value) => 1e6 * value));
    const believing = write(
      join(folder, "believing.onnx"),
      sealArtifact(withoutScales(bytes), { ...manifest, collections: { ...manifest.collections!, spread } }),
    );
    const run = async (...args: string[]) => runUndertone(["predict", ...args, "--quiet"], { env });
    const adapt = ["--adapt", "collection", "--model"];
    const [plain, known, text, alone, alike, alikeText] = await Promise.all([
      run(given, "--json", "--model", model),
      run(given, "--json", "--timeline", ...adapt, believing),
      run(given, ...adapt, believing),
      run(join(given, clips[0]), ...adapt, model),
      run(given, "--json", ...adapt, model),
      run(given, ...adapt, model),
    ]);
    expect(known.code, known.stderr).toBe(0);
    const [before, after, same] = [plain, known, alike].map(({ stdout }) => JSON.parse(stdout));
    expect(after.adapted).toEqual({ to: "collection", by: 4 });
    expect(Object.keys(after.predictions[0]).sort()).toEqual(
      [...Object.keys(before.predictions[0]), "adapted", "timeline"].sort(),
    );
    expect(after.predictions[0].timeline[0].adapted).toEqual({ to: "collection", by: 4 });
    expect(after.predictions[0].scores).not.toEqual(before.predictions[0].scores);
    expect(after.predictions.at(-1)).toEqual({ ...before.predictions.at(-1), timeline: expect.anything() });
    expect(text.stdout).toContain("\nadapted to 4 clips of this folder\n");
    expect(alone.stdout).toContain("not adapted to these recordings: fewer than 3");
    expect(same).toEqual(before);
    expect(alikeText.stdout).toContain(
      "\nnot adapted to this folder: their scores vary as little as those of one emotion do\n",
    );
  });

  it("evaluate gives what the contract names", async () => {
    const outcome = await runUndertone(
      ["evaluate", "--data", corpus, ...fit, "--folds", "speaker:2", "--json"],
      { env },
    );
    const result = JSON.parse(outcome.stdout);
    expect(outcome.code).toBe(0);
    for (const key of [
      "uar",
      "accuracy",
      "f1Macro",
      "rocAuc",
      "ece",
      "confusion",
      "folds",
      "perSpeaker",
      "ci",
      "protocol",
      "leaks",
    ])
      expect(result).toHaveProperty(key);
    expect(result.uar).toBeGreaterThan(0.9); // the vowels differ as no emotions do
    expect(result.protocol).toMatchObject({ utterances: 60, speakers: 4, speakerIndependent: true });
  });

  it("an artifact is not scored on clips that it learnt from, unless asked for by name", async () => {
    const args = ["evaluate", "--data", corpus, "--artifact", model];
    const [refused, allowed] = await Promise.all([
      runUndertone(args, { env }),
      runUndertone([...args, "--allow-leak", "utterance"], { env }),
    ]);
    expect([errorCode(refused), refused.code]).toEqual(["split/leak", 1]);
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toMatch(/^LEAK: 60 of 60 clips are among those/);
  });

  it("an artifact knows the clips that it learnt from under other names", async () => {
    const other = temporaryFolder();
    const names = readdirSync(join(corpus, "Actor_01")).filter((name) => /^03-01-0[345]-/.test(name));
    const words: Record<string, string> = { "03": "happy", "04": "sad", "05": "angry" };
    names.forEach((name, i) => {
      const copy = join(other, words[name.slice(6, 8)], `take ${i}.wav`);
      copyFileSync(join(corpus, "Actor_01", name), write(copy, ""));
    });
    const scored = await runUndertone(["evaluate", "--data", other, "--artifact", model], { env });
    expect(errorCode(scored)).toBe("split/leak");
    expect(scored.stderr).toContain(`${names.length} of ${names.length} clips are among those`);
  });

  it("an artifact names the classes that it does not know, before anything is heard", async () => {
    const other = temporaryFolder();
    for (const path of ["happy/anna-1.wav", "wuetend/anna-2.wav", "wuetend/ben-1.wav", "sad/ben-2.wav"])
      copyFileSync(
        join(corpus, "Actor_01", readdirSync(join(corpus, "Actor_01"))[0]),
        write(join(other, path), ""),
      );
    const outcome = await runUndertone(["evaluate", "--data", other, "--artifact", model], { env });
    expect([errorCode(outcome), outcome.code]).toEqual(["label-map/unmapped", 1]);
    expect(outcome.stderr).toContain(
      `The model '${model}' knows the classes happy, sad, angry; '${basename(other)}' also has 'wuetend' (2 clips), expected`,
    );
    expect(outcome.stderr).not.toContain("--label-map");
  });

  it("an artifact is heard through worse audio, and a feature table is none", async () => {
    const args = ["evaluate", "--data", corpus, "--artifact", model, "--allow-leak", "utterance"];
    const outcome = await runUndertone(
      [...args, "--robustness", "--robustness-clips", "6", "--json", "--quiet"],
      { env },
    );
    expect(outcome.code, outcome.stderr).toBe(0);
    const { robustness } = JSON.parse(outcome.stdout);
    expect(robustness.clips).toBe(6);
    const of = (name: string) => robustness.conditions.find((one: { name: string }) => one.name === name);
    expect(of("gain −12 dB")).toMatchObject({ changed: 0, unheard: 0 });
    expect(of("white noise, 0 dB SNR").changed).toBeGreaterThan(0);
  });

  it("a random split leaks speakers: refused, or said on the first line", async () => {
    const args = ["evaluate", "--data", corpus, ...fit, "--folds", "random:3"];
    const [refused, allowed] = await Promise.all([
      runUndertone(args, { env }),
      runUndertone([...args, "--allow-leak", "speaker"], { env }),
    ]);
    expect([errorCode(refused), refused.code]).toEqual(["split/leak", 1]);
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toMatch(/^LEAK: 4 speakers/);
  });

  it("files among 60 that are no audio stop the run before any is heard", async () => {
    const outcome = await runUndertone(
      ["train", "--data", broken, ...fit, "--out", join(folder, "stopped", "m.onnx"), "--json"],
      { env },
    );
    expect([errorCode(outcome), outcome.code]).toEqual(["corpus/broken-files", 1]);
    expect(outcome.stderr).toContain("2 of 60 recordings");
    expect(JSON.parse(outcome.stdout).error.details).toMatchObject({ count: 2, total: 60 });
    expect(existsSync(join(folder, "stopped"))).toBe(false);
  });

  it("with --skip-broken it trains on 57 and says which three and why", async () => {
    const outcome = await runUndertone(
      [
        "train",
        "--data",
        broken,
        ...fit,
        "--skip-broken",
        "--out",
        join(folder, "skipped", "m.onnx"),
        "--json",
      ],
      { env },
    );
    expect(outcome.code).toBe(0);
    const document = JSON.parse(outcome.stdout);
    expect(document.evaluation.protocol.utterances).toBe(57);
    expect(document.broken.map(({ code }: { code: string }) => code).sort()).toEqual([
      "audio/empty",
      "audio/not-audio",
      "audio/truncated",
    ]);
    for (const { id } of document.broken) expect(outcome.stderr).toContain(id);
    expect(readdirSync(join(folder, "skipped")).sort()).toEqual(["m.html", "m.md", "m.onnx"]);
  });

  it("a bad request: one code, and nothing written", async () => {
    const out = join(temporaryFolder(), "m.onnx");
    const args = [...fit, "--folds", "speaker:9", "--out", out];
    const outcome = await runUndertone(["train", "--data", corpus, ...args], { env });
    expect([errorCode(outcome), outcome.code, existsSync(out)]).toEqual(["split/too-few-speakers", 1, false]);
  });

  it("one speaker cannot be evaluated on unseen ones", async () => {
    const outcome = await runUndertone(
      ["train", "--data", join(corpus, "Actor_01"), ...fit, "--out", join(folder, "one.onnx")],
      { env },
    );
    expect([errorCode(outcome), outcome.code]).toEqual(["split/too-few-speakers", 1]);
  });

  it("a label that occurs once is left out of the figures, which is said", async () => {
    const once = join(temporaryFolder(), "once");
    for (const file of writeSyntheticCorpus(once, { actors: 3, takes: 2 })) {
      if (file.includes("03-01-05-") && !file.includes("03-01-05-01-01-01-01")) rmSync(file);
    }
    const outcome = await runUndertone(["evaluate", "--data", once, ...fit, "--folds", "loso", "--json"], {
      env,
    });
    const document = JSON.parse(outcome.stdout);
    expect(outcome.code).toBe(0);
    const named = (name: string) =>
      document.perClass.find((entry: { class: string }) => entry.class === name);
    expect(named("angry").support).toBe(0);
    expect(document.protocol.warnings.join("\n")).toMatch(
      /1 test clips? .*left out of the figures.*angry \(1\)/,
    );
  });

  it("one class, an empty folder, a folder that is not there", async () => {
    const single = temporaryFolder();
    for (const file of writeSyntheticCorpus(join(single, "c"), { actors: 2, takes: 2 }))
      if (!file.includes("03-01-03-")) rmSync(file);
    const run = (data: string) =>
      runUndertone(["evaluate", "--data", data, ...fit, "--folds", "loso"], { env });
    const outcomes = await Promise.all([
      run(join(single, "c")),
      run(temporaryFolder()),
      run(join(folder, "nowhere")),
    ]);
    expect(outcomes.map(errorCode)).toEqual(["learn/single-class", "corpus/empty", "file/not-found"]);
    expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 1]);
  });

  it("a model of a newer version, a changed one, a cut one, one that is none", async () => {
    const bytes = new Uint8Array(readFileSync(model));
    const manifest = JSON.parse(readModel(bytes).metadata.undertone!);
    const place = temporaryFolder();
    const files = [
      write(
        join(place, "newer.onnx"),
        withMetadata(bytes, { undertone: JSON.stringify({ ...manifest, format: 99 }) }),
      ),
      write(
        join(place, "changed.onnx"),
        withMetadata(bytes, {
          undertone: JSON.stringify({ ...manifest, classes: [...manifest.classes].reverse() }),
        }),
      ),
      write(join(place, "cut.onnx"), bytes.subarray(0, bytes.length >> 1)),
      write(join(place, "text.onnx"), "no model"),
    ];
    const clip = join(root, "examples/clips/03-01-05-02-01-01-16.flac");
    const outcomes = await Promise.all(
      files.map((file) => runUndertone(["predict", clip, "--model", file], { env })),
    );
    expect(outcomes.map(errorCode)).toEqual([
      "artifact/newer-version",
      "artifact/invalid",
      "artifact/not-an-artifact",
      "artifact/not-an-artifact",
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(outcomes[3].stderr).toContain(
      `'${files[3]}' is not an Undertone model but a text; expected one that 'undertone train' wrote, or one that ships: strangers,`,
    );
  });

  it("a damaged cache entry is computed again, and two processes share one cache", async () => {
    const shared = { UNDERTONE_CACHE: join(temporaryFolder(), "cache") };
    const args = [
      "evaluate",
      "--data",
      join(corpus, "Actor_01"),
      "--data",
      join(corpus, "Actor_02"),
      ...fit,
      "--folds",
      "loso",
      "--json",
    ];
    const [first, second] = await Promise.all([
      runUndertone(args, { env: shared }),
      runUndertone(args, { env: shared }),
    ]);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.stdout).toBe(first.stdout);
    const entries = readdirSync(shared.UNDERTONE_CACHE, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    );
    expect(entries).toHaveLength(30);
    const paths = entries.map((entry) => join(entry.parentPath, entry.name));
    truncateSync(paths[0], 100);
    const flipped = readFileSync(paths[1]);
    flipped[500] ^= 1;
    writeFileSync(paths[1], flipped);
    expect((await runUndertone(args, { env: shared })).stdout).toBe(first.stdout);
  });

  it("a cache that cannot be written is a remark, not a failure", async () => {
    const blocked = write(join(temporaryFolder(), "file"), "in the way");
    const outcome = await runUndertone(
      ["evaluate", "--data", corpus, ...fit, "--folds", "speaker:2", "--json"],
      { env: { UNDERTONE_CACHE: blocked } },
    );
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toContain("cannot be written");
  });

  it("Ctrl-C in the middle leaves nothing behind but whole cache entries", async () => {
    const place = temporaryFolder();
    const out = join(place, "out");
    const outcome = await runUndertone(
      ["train", "--data", corpus, ...fit, "--out", join(out, "m.onnx"), "--json"],
      {
        env: { UNDERTONE_CACHE: join(place, "cache") },
        interrupt: () => existsSync(join(place, "cache")),
      },
    );
    expect([errorCode(outcome), outcome.code]).toEqual(["cancelled", 130]);
    expect(JSON.parse(outcome.stdout).error.code).toBe("cancelled");
    expect(existsSync(out)).toBe(false);
    const left = existsSync(join(place, "cache"))
      ? readdirSync(join(place, "cache"), { recursive: true, withFileTypes: true })
      : [];
    expect(left.filter((entry) => entry.isFile() && !/^[0-9a-f]{64}$/.test(entry.name))).toEqual([]);
  });

  it.skipIf(!mounts)("a full disk (needs the right to mount a tmpfs)", () => {
    const disk = join(folder, "disk");
    return onTinyDisk(disk, 16, async () => {
      const args = ["train", "--data", corpus, ...fit, "--out", join(disk, "m.onnx")];
      const outcome = await runUndertone(args, { env });
      expect([errorCode(outcome), outcome.code]).toEqual(["file/disk-full", 1]);
      expect(readdirSync(disk)).toEqual([]);
    });
  });
});
