import { closest, UndertoneError } from "@undertone/core/errors";
import { describe, expect, it } from "vitest";

import type { Command } from "./command.js";
import { checkPositionals, parseCommandLine } from "./parse.js";

const command: Command = {
  name: "train",
  summary: "a command",
  flags: [
    { name: "data", type: "string", many: true, value: "DIR", summary: "folders" },
    { name: "features", type: "string", summary: "a set" },
    { name: "seed", type: "number", default: 1, summary: "seed" },
    { name: "group", type: "string", choices: ["speaker", "both"], summary: "what" },
    { name: "skip-broken", type: "boolean", summary: "skip" },
  ],
  run: async () => undefined,
};
const withFiles: Command = {
  ...command,
  positionals: { name: "FILE…", summary: "recordings", min: 1, max: 2 },
};

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof UndertoneError ? `${error.code}: ${error.message}` : String(error);
  }
  return "no error";
}

describe("parseCommandLine", () => {
  it("fills in defaults and gathers flags that may be given several times", () => {
    expect(parseCommandLine(command, ["--data", "a", "--data=b", "--skip-broken"])).toEqual({
      positionals: [],
      flags: { data: ["a", "b"], seed: 1, "skip-broken": true },
    });
  });

  it("takes several values after a flag where the command has no positionals", () => {
    expect(parseCommandLine(command, ["--data", "a", "b", "--seed", "-3"]).flags).toMatchObject({
      data: ["a", "b"],
      seed: -3,
    });
    expect(parseCommandLine(withFiles, ["--data", "a", "b"])).toMatchObject({
      positionals: ["b"],
      flags: { data: ["a"] },
    });
  });

  it("takes positionals for a flag's values, and pairs and choices after their own flag", () => {
    const command: Command = {
      ...withFiles,
      positionals: { name: "FOLDER…", summary: "recordings", min: 0, max: 9, flag: "data" },
      flags: [
        ...withFiles.flags,
        { name: "param", type: "string", many: true, value: "NAME=VALUE", summary: "pairs" },
        {
          name: "allow-leak",
          type: "string",
          many: true,
          choices: ["speaker", "sentence"],
          summary: "leaks",
        },
      ],
    };
    const words = "a --param C=1 D=2 b --data c d --allow-leak speaker sentence e --skip-broken f".split(" ");
    expect(parseCommandLine(command, words)).toEqual({
      positionals: [],
      flags: {
        data: ["a", "b", "c", "d", "e", "f"],
        param: ["C=1", "D=2"],
        "allow-leak": ["speaker", "sentence"],
        "skip-broken": true,
        seed: 1,
      },
    });
  });

  it("leaves everything after -- alone", () => {
    expect(parseCommandLine(withFiles, ["--", "--data", "-x"]).positionals).toEqual(["--data", "-x"]);
  });

  it.each([
    [["--fetures", "x"], "usage/unknown-flag: Unknown flag '--fetures' of 'train', did you mean --features?"],
    [["-q"], "usage/unknown-flag: Unknown flag '-q' of 'train'"],
    [["--features"], "usage/missing: Missing value of --features, got nothing"],
    [["--features", "--seed", "1"], "usage/missing: Missing value of --features, got '--seed'"],
    [["--seed", "many"], "usage/bad-value: Bad value 'many' for --seed, expected a number"],
    [["--seed", "1", "--seed", "2"], "usage/bad-value: Flag --seed is given twice"],
    [["--group", "sentence"], "usage/bad-value: Bad value 'sentence' for --group, expected speaker or both"],
    [["--skip-broken=yes"], "usage/bad-value: Bad value 'yes' for --skip-broken, which takes none"],
    [["--features="], "usage/bad-value: Empty value for --features"],
  ])("refuses %j", (args, start) => {
    expect(codeOf(() => parseCommandLine(command, args))).toContain(start);
  });

  it("counts positionals", () => {
    expect(codeOf(() => checkPositionals(withFiles, []))).toContain(
      "usage/missing: Missing FILE… after 'train', expected recordings",
    );
    expect(codeOf(() => checkPositionals(withFiles, ["a", "b", "c"]))).toContain(
      "usage/bad-value: Unexpected 'c'",
    );
    expect(codeOf(() => checkPositionals(command, ["a"]))).toContain("expected flags only");
    expect(codeOf(() => checkPositionals(withFiles, ["a", "b"]))).toBe("no error");
  });
});

describe("closest", () => {
  const words = ["predict", "features", "train", "evaluate", "corpus inspect"];
  it.each([
    ["predcit", "predict"],
    ["Train", "train"],
    ["eval", "evaluate"],
    ["feature", "features"],
    ["corpus inspct", "corpus inspect"],
    ["zzzz", undefined],
    ["x", undefined],
    ["PREDICT", "predict"],
  ])("finds for %s: %s", (typo, meant) => {
    expect(closest(typo, words)).toBe(meant);
  });
});
