/** The command in a report can be pasted into a shell. */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { repeatCommand } from "./repeat-command.js";

describe("repeatCommand", () => {
  it("has the flags that were given, and not those that only show", () => {
    const flags = {
      data: ["a", "b c"],
      model: "lda",
      seed: 3,
      "skip-broken": true,
      json: true,
      report: "r.html",
      group: undefined,
    };
    expect(repeatCommand("evaluate", { flags })).toBe(
      "undertone evaluate --data a --data 'b c' --model lda --seed 3 --skip-broken",
    );
  });
  it("is what the shell takes apart again", () => {
    const odd = 'it\'s $HOME; `x` "y"';
    const command = repeatCommand("evaluate", { flags: { data: [odd] } });
    const script = command.replace("undertone", "printf '%s\\n'");
    expect(execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\n").slice(0, 3)).toEqual([
      "evaluate",
      "--data",
      odd,
    ]);
  });
});
