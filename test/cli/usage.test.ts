/** What the binary answers to questions and typos. */
import { openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commands } from "../../packages/node/src/cli/commands/index.js";
import { root } from "../corpora.js";
import { errorCode, runUndertone, temporaryFolder } from "./run-undertone.js";

describe.concurrent("undertone", () => {
  it("prints its help when it gets nothing, and names every command", async () => {
    const { code, stdout, stderr } = await runUndertone([]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const { name } of commands) expect(stdout).toContain(`\n  ${name}`);
  });

  it("prints the help of a command, however it is asked", async () => {
    const asked = await Promise.all(
      [
        ["evaluate", "--help"],
        ["--help", "evaluate"],
        ["help", "evaluate"],
        ["evaluate", "--nonsense", "-h"],
      ].map((args) => runUndertone(args)),
    );
    for (const { code, stdout } of asked) {
      expect(code).toBe(0);
      expect(stdout).toBe(asked[0].stdout);
    }
    for (const part of ["Usage: undertone evaluate [FOLDER…] [flags]", "--allow-leak", "--json", "Examples:"])
      expect(asked[0].stdout).toContain(part);
  });

  it("prints its version, as text and as JSON", async () => {
    const [text, json] = await Promise.all([
      runUndertone(["--version"]),
      runUndertone(["--version", "--json"]),
    ]);
    expect(text.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(JSON.parse(json.stdout)).toEqual({ version: text.stdout.trim() });
  });

  it.each([
    [["predcit", "a.wav"], "usage/unknown-command", "did you mean 'predict'?"],
    [["corpus", "inspct", "x"], "usage/unknown-command", "'corpus inspect'"],
    [["corpus"], "usage/unknown-command", "'corpus inspect'"],
    [["gibberish"], "usage/unknown-command", "'undertone --help' lists all"],
    [["--jsn"], "usage/unknown-flag", "--jsn"],
    [["predict", "--modle", "x.onnx", "a.wav"], "usage/unknown-flag", "did you mean --model?"],
    [["predict"], "usage/missing", "FILE"],
    [["predict", "a.wav", "--model"], "usage/missing", "--model"],
    [["features", "a.wav"], "usage/missing", "--set"],
    [["features", "a.wav", "--set", "seed-v1", "--out", "x.xls"], "usage/bad-value", ".parquet"],
    [["train", "--out", "x.onnx"], "usage/missing", "--data"],
    [
      ["train", "--data", ".", "--features", "seed-v1", "--model", "logistic-regression", "--out", "x.bin"],
      "usage/bad-value",
      ".onnx",
    ],
    [["evaluate"], "usage/missing", "Missing --data, --model, --features and --folds of 'evaluate'"],
    [
      ["evaluate", "clips", "--features", "mfcc-v1"],
      "usage/missing",
      "such as: undertone evaluate --data clips --features mfcc-v1 --model ridge-classifier --folds loso, or for a model that is there: undertone evaluate --data clips --artifact strangers",
    ],
    [["search", "--data", "."], "usage/missing", "Missing --grid, --model and --features of 'search'"],
    [
      ["evaluate", "--model", "x", "--features", "y", "--adapt", "colection:8"],
      "usage/bad-value",
      "did you mean 'collection:N'? Choices: speaker,",
    ],
    [["train", ".", "--calibration", "temprature"], "usage/bad-value", "did you mean 'temperature'?"],
    [["train", ".", "--target", "arousl"], "usage/bad-value", "did you mean 'arousal'?"],
    [
      ["evaluate", "--data", ".", "--model", "linear-svm", "--features", "seed-v1"],
      "usage/missing",
      "--folds",
    ],
    [["evaluate", "--data", ".", "--seed", "x"], "usage/bad-value", "expected a number"],
    [["evaluate", "--data", ".", "--group", "village"], "usage/bad-value", "speaker, sentence or both"],
    [
      ["search", "--data", "nowhere", "--features", "x", "--model", "y", "--grid", "C=1", "--threads", "0"],
      "usage/bad-value",
      "for --threads, expected a whole number from 1",
    ],
    [["serve", "--port", "70000"], "usage/bad-value", "a whole number from 0 to 65535"],
    [["demo", "surplus"], "usage/bad-value", "surplus"],
    [["completion", "cmd"], "usage/bad-value", "bash, zsh or fish"],
  ])("answers %j with one sentence and exit code 2", async (args, code, part) => {
    const outcome = await runUndertone(args);
    expect(outcome.stderr).toContain(part);
    expect(outcome.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([errorCode(outcome), outcome.code, outcome.stdout]).toEqual([code, 2, ""]);
  });

  it("gives an error as one JSON document with --json", async () => {
    const outcome = await runUndertone(["predict", "nowhere.wav", "--json", "--modle", "x"]);
    expect(JSON.parse(outcome.stdout).error).toMatchObject({
      code: "usage/unknown-flag",
      message: expect.stringContaining("--modle"),
    });
    expect(outcome.code).toBe(2);
  });

  it("says once that the native runtime is missing, and nothing with --quiet", async () => {
    const hook =
      "export const resolve = (name, context, next) => { if (name === 'onnxruntime-node') throw Object.assign(new Error(name), { code: 'ERR_MODULE_NOT_FOUND' }); return next(name, context); }";
    const hooks = `data:text/javascript,${encodeURIComponent(hook)}`;
    const register = `import { register } from "node:module"; register(${JSON.stringify(hooks)});`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(register)}` };
    const args = ["predict", join(root, "examples/clips/03-01-05-02-01-01-16.flac")];
    const [said, quiet] = await Promise.all([
      runUndertone(args, { env }),
      runUndertone([...args, "--quiet"], { env }),
    ]);
    expect(said.stderr).toMatch(/^undertone: the native ONNX Runtime is not installed [^\n]+\n$/);
    expect(quiet.stderr).toBe("");
    expect(quiet.stdout).toBe(said.stdout);
  });

  it("writes completion scripts that name commands and flags", async () => {
    for (const outcome of await Promise.all(
      ["bash", "zsh", "fish"].map((shell) => runUndertone(["completion", shell])),
    )) {
      expect(outcome.code).toBe(0);
      for (const part of ["predict", "timeline", "allow-leak", "inspect"])
        expect(outcome.stdout).toContain(part);
    }
  });

  it.skipIf(process.platform !== "linux")("tells of a full disk behind stdout", async () => {
    const outcome = await runUndertone(["--help"], {
      stdoutTo: openSync("/dev/full", "w"),
      cwd: temporaryFolder(),
    });
    expect([errorCode(outcome), outcome.code]).toEqual(["file/disk-full", 1]);
  });
});
