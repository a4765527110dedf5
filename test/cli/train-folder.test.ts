/** `undertone train FOLDER` and nothing else, and what is refused from names and lists alone, before anything is heard. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { evaluate } from "../../packages/node/src/cli/commands/evaluate.js";
import { search } from "../../packages/node/src/cli/commands/search.js";
import { train } from "../../packages/node/src/cli/commands/train.js";
import { runCommand } from "./run-command.js";
import { runUndertone, temporaryFolder } from "./run-undertone.js";
import { wavBytes, write } from "./synthetic-audio.js";
import { layouts, writeLayout } from "./write-layouts.js";

/** Writes recordings that are headers without sound: whoever hears one stops. Returns the folder. */
function unheard(paths: readonly string[]): string {
  const folder = join(temporaryFolder(), "clips");
  for (const path of paths) write(join(folder, path), wavBytes([], { claimedBytes: 32000 }));
  return folder;
}

const two = ["anna", "ben"].flatMap((who) => ["angry", "sad"].map((what) => `${what}/${who}-1.wav`));
const nameless = ["angry/1.wav", "angry/2.wav", "sad/3.wav", "sad/4.wav"];

describe("undertone train FOLDER", () => {
  it("writes model, report and card after the folder's name, says what it chose and what comes next", async () => {
    const place = temporaryFolder();
    writeLayout(join(place, "my clips"), layouts[0]);
    const run = await runUndertone(["train", "my clips"], {
      cwd: place,
      env: { UNDERTONE_CACHE: join(place, "cache") },
    });
    expect(run.code, run.stderr).toBe(0);
    expect(run.stderr).toMatch(/chosen by the data: .*ridge-classifier.*folds loso \(3 speakers/);
    expect(run.stdout).toMatch(/Next: +undertone predict CLIP --model 'my clips.onnx'/);
    expect(readdirSync(place).sort()).toEqual([
      "cache",
      "my clips",
      "my clips.html",
      "my clips.md",
      "my clips.onnx",
    ]);
    expect(readFileSync(join(place, "my clips.md"), "utf8")).toContain("| angry | 9 |");
  });

  it.each([
    ["more folds than speakers", two, ["--folds", "speaker:9"], "split/too-few-speakers"],
    ["folds of corpora where there is one", two, ["--folds", "corpus"], "split/invalid"],
    [
      "a label map without the words",
      two.map((path) => path.replace("sad", "shouted")),
      ["--label-map", "emodb-7"],
      "label-map/unmapped",
    ],
    ["unknown folds", two, ["--folds", "quarters"], "split/unknown"],
    ["an unknown corpus", two, ["--corpus", "iemocap"], "corpus/unknown"],
    ["an unknown parameter", two, ["--model", "rbf-svm", "--param", "X=1"], "learn/bad-parameter"],
    ["an unknown label map", two, ["--label-map", "tess-8"], "label-map/unknown"],
    [
      "one class",
      two.filter((path) => path.includes("sad")).concat("sad/ben-2.wav"),
      ["--corpus", "folder"],
      "learn/single-class",
    ],
    ["an unknown feature set", two, ["--features", "seed-v2"], "features/unknown"],
    ["an unknown model", two, ["--model", "perceptron"], "learn/unknown-model"],
    [
      "a parameter out of range",
      two,
      ["--model", "rbf-svm", "--param", "C=-1", "gamma=x"],
      "learn/bad-parameter",
    ],
    ["a regressor for classes", two, ["--model", "ridge-regression"], "learn/unknown-model"],
    ["values that nobody rated", two, ["--target", "all"], "corpus/empty"],
    [
      "one speaker",
      two.filter((path) => path.includes("anna")),
      ["--speaker-from", "prefix"],
      "split/too-few-speakers",
    ],
    ["speakers that nobody told", nameless, [], "split/too-few-speakers"],
    ["sentences that nobody told", two, ["--folds", "sentence:2"], "split/invalid"],
    ["a leak", two, ["--folds", "random:2"], "split/leak"],
  ])("refuses %s before anything is heard", async (_, paths, args, code) => {
    const folder = unheard(paths);
    await expect(runCommand(train, [folder, ...args, "--out", `${folder}.onnx`])).rejects.toMatchObject({
      code,
    });
  });

  it("refuses folds of utterances that are not there", async () => {
    const folder = unheard(two);
    const folds = write(
      `${folder}.json`,
      JSON.stringify({ folds: [{ train: ["angry/anna-1.wav"], test: ["sad/zoe.wav"] }] }),
    );
    const given = ["--features", "seed-v1", "--model", "linear-svm", "--folds", folds];
    await expect(runCommand(evaluate, ["--data", folder, ...given])).rejects.toMatchObject({
      code: "split/invalid",
      message: expect.stringContaining("sad/zoe.wav"),
    });
    const alone = unheard(two.filter((path) => path.includes("anna")));
    await expect(
      runCommand(search, [
        "--data",
        alone,
        "--speaker-from",
        "prefix",
        "--features",
        "seed-v1",
        "--model",
        "linear-svm",
        "--grid",
        "C=1,2",
      ]),
    ).rejects.toMatchObject({ code: "split/too-few-speakers" });
  });

  it("refuses a list of recordings that are not there", async () => {
    const folder = unheard(two);
    const rows = [...two, "angry/zoe.wav"].map(
      (path, i) => `${path},${path.split("/")[0]},${["a", "b"][i % 2]}`,
    );
    const list = write(join(folder, "list.csv"), ["file,emotion,speaker", ...rows].join("\n"));
    await expect(runCommand(train, [list, "--out", `${folder}.onnx`])).rejects.toMatchObject({
      code: "corpus/broken-files",
      message: expect.stringMatching(/^1 of 5 recordings of 'list' are not there, among them '.*zoe.wav'/),
    });
  });

  it("refuses files that are no audio before the others are heard, each named once", async () => {
    const folder = unheard(two);
    write(join(folder, "angry/zoe-1.wav"), "");
    write(join(folder, "sad/zoe-1.wav"), "no audio");
    await expect(runCommand(train, [folder, "--out", `${folder}.onnx`])).rejects.toMatchObject({
      code: "corpus/broken-files",
      message: expect.stringMatching(
        /^2 of 6 recordings of 'clips' are broken: angry\/zoe-1.wav is empty \(0 bytes\), expected audio; sad\/zoe-1.wav is not audio[^;]*; --skip-broken leaves them out$/,
      ),
    });
  });

  it("refuses those that a list names so too, whatever their ending", async () => {
    const folder = unheard(two);
    write(join(folder, "sad/zoe-1.dat"), "no audio");
    write(join(folder, "sad/zoe-2.wav"), "");
    const rows = [...two, "sad/zoe-1.dat", "sad/zoe-2.wav"].map((path) => ({
      file: path,
      label: path.split("/")[0],
      speaker: path.split(/[/-]/)[1],
    }));
    const list = write(join(folder, "list.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
    await expect(runCommand(train, [list, "--out", `${folder}.onnx`])).rejects.toMatchObject({
      code: "corpus/broken-files",
      message: expect.stringMatching(
        /^2 of 6 recordings of 'list' are broken: .*zoe-1.dat.*zoe-2.wav is empty/,
      ),
    });
  });

  it("says once that no speaker is known", async () => {
    const run = await runUndertone(["train", unheard(nameless)], { cwd: temporaryFolder() });
    expect(run.stderr.match(/\bknown\b/g)).toEqual(["known"]);
  });

  it("says how a trained model is evaluated", async () => {
    const given = [unheard(two), "--model", "my.onnx"];
    await expect(runCommand(evaluate, given)).rejects.toThrow("expected --artifact 'my.onnx'");
  });

  it("refuses a place that cannot be written, and keeps a page that is somebody's own", async () => {
    const folder = unheard(two);
    const notes = write(`${folder}-notes.md`, "mine");
    const to = (out: string) => runCommand(train, [folder, "--out", out]);
    await expect(to(join(notes, "m.onnx"))).rejects.toMatchObject({ code: "file/unreadable" });
    await expect(to(`${folder}-notes.onnx`)).rejects.toMatchObject({ code: "file/exists" });
    expect(readFileSync(notes, "utf8")).toBe("mine");
    expect(existsSync(`${folder}-notes.onnx`)).toBe(false);
  });

  it.each([
    [["--model", "ridge-clasifier"], /did you mean 'ridge-classifier'\? Choices: logistic-regression, /],
    [["--features", "egemaps"], /did you mean 'egemaps-v02'\? Choices: seed-v1, /],
    [["--model", "rbfsvm", "--features", "seed-v1"], /did you mean 'rbf-svm'\?/],
    [["--folds", "lso"], /did you mean 'loso'\?/],
    [["--folds", "speakr:3"], /did you mean 'speaker:K'\?/],
    [["--folds", "column:fol"], /no utterance has it/],
    [["--label-map", "comon-7"], /did you mean 'common-7'\?/],
    [["--corpus", "ravdes"], /did you mean 'ravdess'\?/],
  ])("tells what was meant by %j, and what there is", async (args, said) => {
    await expect(runCommand(train, [unheard(two), ...args])).rejects.toThrow(said);
  });

  it("tells all that is wrong with the parameters, and what there is", async () => {
    const args = [unheard(two), "--model", "rbf-svm", "--param", "X=3", "C=0"];
    await expect(runCommand(train, args)).rejects.toThrow(
      /no parameter 'X', expected C \(a positive number; default 1\), gamma .*; Parameter 'C' of 'rbf-svm' got 0, expected a positive number/s,
    );
  });
});

describe("speakers who truly are unknown", () => {
  it("are taken when asked for by name, and every account then says so", async () => {
    const place = temporaryFolder();
    vi.stubEnv("UNDERTONE_CACHE", join(place, "cache"));
    onTestFinished(() => void vi.unstubAllEnvs());
    const folder = writeLayout(join(place, "clips"), {
      ...layouts[0],
      path: (who, what, t) => `${what}/${t}${who.length}${who.charCodeAt(0)}.wav`,
    });
    const out = join(place, "m.onnx");
    const { text, document } = await runCommand(
      train,
      [folder, "--speaker-from", "unknown", "--skip-broken", "--features", "seed-v1", "--out", out],
      { json: false },
    );
    expect(text).toMatch(/undertone explore --data .*clips'? --speaker-from unknown --skip-broken$/m);
    expect(text).toMatch(/^LEAK: speakers unknown: cannot be trusted for strangers/);
    expect(document.evaluation.leaks[0].message).toContain(
      "speakers unknown: cannot be trusted for strangers",
    );
    expect(document.evaluation.protocol).toMatchObject({ folds: "random:5", speakerIndependent: false });
    for (const file of [out, join(place, "m.html"), join(place, "m.md")])
      expect(readFileSync(file, "latin1")).toContain("cannot be trusted for strangers");
  });
});
