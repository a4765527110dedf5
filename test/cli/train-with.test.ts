/** `--with`: feature tables that models learn from beside the data, and models that ship by name. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { corpora } from "../../packages/core/src/data/corpora/index.js";
import { evaluate } from "../../packages/node/src/cli/commands/evaluate.js";
import { train } from "../../packages/node/src/cli/commands/train.js";
import { loadData } from "../../packages/node/src/runs/load-data.js";
import { openModel } from "../../packages/node/src/runs/open-model.js";
import { shippedModels, shippedTables } from "../../packages/node/src/runs/shipped.js";
import { encodeTable, readTable } from "../../packages/node/src/runs/table-file.js";
import { root } from "../corpora.js";
import { runCommand } from "./run-command.js";
import { write } from "./synthetic-audio.js";
import { layouts, writeLayout } from "./write-layouts.js";

const place = mkdtempSync(join(tmpdir(), "undertone-test-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));
const mine = join(place, "mine");
const german = join(place, "german");
writeLayout(mine, layouts[0]);
writeLayout(german, layouts.find(({ name }) => name === "EMO-DB")!);

/** Writes the table of a folder, its values as `change` makes them, and returns its path. */
async function tableOf(name: string, folder: string, change: (value: number) => number): Promise<string> {
  const { table, ...data } = await loadData({ data: [folder] }, "seed-v1");
  const frames = { ...table.frames, data: table.frames.data.map(change) };
  return write(
    join(place, name),
    await encodeTable({ ...data, labelMap: data.labelMap.id, table: { ...table, frames } }, "parquet"),
  );
}

const others = await tableOf("others.parquet", german, (value) => value * 1.2);
const given = [mine, "--features", "seed-v1", "--model", "logistic-regression"];

describe("--with", () => {
  it("teaches folds and model, is not tested, and stands in protocol, card and artifact", async () => {
    const out = join(place, "with.onnx");
    const { document, warnings } = await runCommand(train, [...given, "--with", others, "--out", out], {
      json: true,
    });
    expect(warnings).toContain("learns from others too, which is not tested: 18 utterances of angry, sad");
    const { protocol, predictions } = document.evaluation;
    expect(protocol.summary).toContain("trained with others (18 utterances of EMO-DB) beside");
    expect(predictions).toHaveLength(18);
    expect(readFileSync(join(place, "with.md"), "utf8")).toMatch(/CC0 1\.0 \(EMO-DB\)/);
    const recognizer = await openModel(out);
    expect(recognizer.manifest.training).toEqual({ dataset: "mine + emodb", utterances: 36, speakers: 6 });
    await recognizer.close();
  });

  it("refuses recordings that are in both, other features, other classes, and what is not there", async () => {
    const same = await tableOf("same.parquet", mine, (value) => value);
    const refused = (args: readonly string[]) =>
      runCommand(evaluate, [...args, "--folds", "loso"]).then(
        () => "",
        ({ code, message }) => `${code}: ${message}`,
      );
    expect(await refused([...given, "--with", same, "--allow-leak", "speaker"])).toMatch(
      /^split\/leak: .*18 recordings in both training and test/,
    );
    expect(await refused([...given, "--with", same])).toMatch(
      /^split\/leak: .*3 speakers in both training and test/,
    );
    expect(await refused([german, ...given.slice(1), "--with", others])).toMatch(
      /^split\/leak: .*3 speakers in both/,
    );
    expect(await refused([mine, "--features", "egemaps-v02", ...given.slice(3), "--with", others])).toMatch(
      /^features\/mismatch: The table 'others' holds the features seed-v1, got egemaps-v02 for the data; expected --features seed-v1/,
    );
    const shy = join(place, "shy");
    writeLayout(shy, { ...layouts[0]!, emotions: ["shy", "loud"] });
    expect(await refused([shy, ...given.slice(1), "--with", others])).toMatch(
      /^label-map\/unmapped: The table 'others' has anger or sadness, none of which is one of the data's classes loud, shy/,
    );
    expect(await refused([...given, "--with", "opne"])).toMatch(/^file\/not-found: .*did you mean 'open'\?/);
  });
});

it.each(shippedTables)(
  "$name is small, of a corpus whose licence it bears, and of the features that are taken by default",
  async ({ file, licence }) => {
    const path = join(root, file);
    expect(statSync(path).size).toBeLessThan(5e6);
    const { dataset, corpus, featureSet, folds } = await readTable(path);
    expect(corpora.find(({ id }) => id === corpus)!.licence).toBe(licence);
    expect(featureSet).toBe("seed-v1+speech-embedding-v1");
    expect(dataset.utterances).toHaveLength(427);
    expect(new Set(folds!.values()).size).toBe(10);
  },
);

it("opens models that ship by their names, and names them where a name is wrong", async () => {
  const page = readFileSync(join(root, "models/README.md"), "utf8");
  for (const { name, file, licence } of shippedModels) {
    expect(page).toMatch(new RegExp(`\\| \`${name}\` \\|.*\\| ${licence} \\|`));
    const named = await openModel(name);
    const byFile = await openModel(join(root, file));
    expect(named.manifest).toEqual(byFile.manifest);
    expect(named.manifest.card.licence).toContain(licence);
    await Promise.all([named.close(), byFile.close()]);
  }
  await expect(openModel("ravdess-bst")).rejects.toMatchObject({
    code: "file/not-found",
    message: expect.stringContaining("did you mean 'ravdess-best'? Choices:"),
  });
});
