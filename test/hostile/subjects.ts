/** What a user may be given by others, with who reads it: honest files from which hostile ones are made. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newSpeaker, readArtifact } from "@undertone/core/artifact";
import { decodeBytes, defaultDecodeLimits, openAudioStream } from "@undertone/core/audio";
import { parseFolds } from "@undertone/core/data";
import { isUndertoneError } from "@undertone/core/errors";
import { random } from "@undertone/core/math";
import { readEncoder } from "../../packages/core/src/features/encoder/encoder-layers.js";
import { openList } from "../../packages/node/src/runs/open-list.js";
import { readRecipe } from "../../packages/node/src/runs/recipe.js";
import { readSpeaker } from "../../packages/node/src/runs/speaker-file.js";
import { encodeTable, readTable, type TableFormat } from "../../packages/node/src/runs/table-file.js";
import { openCodec } from "../audio/open-codec.js";
import { root } from "../corpora.js";
import { tinyEncoder, tinyWhisper } from "../tiny-encoder.js";
import { mutate } from "./mutate.js";

interface Subject {
  readonly kind: string;
  /** How many of a hundred inputs are of this kind. */
  readonly share: number;
  readonly text: boolean;
  readonly seeds: readonly Seed[];
  /** Reads a file as the product does; rejects with what the product throws. */
  read(bytes: Uint8Array, seed: Seed): Promise<unknown>;
}

interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What became of one input. */
export interface HostileOutcome {
  readonly name: string;
  /** `ok`, a code, or the stack of an error that is not ours. */
  readonly outcome: string;
  readonly foreign: boolean;
}

/** A set of hostile inputs, numbered from 0. */
export interface HostileInputs {
  /** Returns the bytes of an input, for a closer look. */
  bytes(index: number): Uint8Array;
  run(index: number): Promise<HostileOutcome>;
}

const file = (path: string): Seed => ({ name: path, bytes: new Uint8Array(readFileSync(join(root, path))) });
const text = (name: string, content: string): Seed => ({ name, bytes: new TextEncoder().encode(content) });
const filesIn = (folder: string, ending: RegExp): Seed[] =>
  readdirSync(join(root, folder))
    .filter((name) => ending.test(name))
    .map((name) => file(`${folder}/${name}`));

/** Resolves to the inputs of a seed. */
export async function hostileInputs(seed: number): Promise<HostileInputs> {
  const scratch = mkdtempSync(join(tmpdir(), "undertone-hostile-"));
  process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
  const subjects = await makeSubjects((bytes, name) => {
    const path = join(scratch, name.replaceAll("/", "-"));
    writeFileSync(path, bytes);
    return path;
  });
  const byShare = subjects.flatMap((subject) => new Array<Subject>(subject.share).fill(subject));
  const draw = (index: number) => {
    const chance = random(`${seed}/${index}`);
    const subject = byShare[chance.integer(byShare.length)];
    const own = subject.seeds[chance.integer(subject.seeds.length)];
    const other = subject.seeds[chance.integer(subject.seeds.length)];
    return { subject, own, bytes: mutate(own.bytes, other.bytes, { chance, text: subject.text }) };
  };
  return {
    bytes: (index) => draw(index).bytes,
    async run(index) {
      const { subject, own, bytes } = draw(index);
      const name = `${index} (${subject.kind}, ${own.name}, ${bytes.length} bytes)`;
      try {
        await subject.read(bytes, own);
        return { name, outcome: "ok", foreign: false };
      } catch (error) {
        const ours = isUndertoneError(error);
        return { name, outcome: ours ? error.code : String((error as Error).stack ?? error), foreign: !ours };
      }
    },
  };
}

/** @param place writes bytes to a file of that name and returns its path. */
async function makeSubjects(place: (bytes: Uint8Array, name: string) => string): Promise<Subject[]> {
  const model = file("models/ravdess-best.onnx");
  const { manifest } = readArtifact(model.bytes);
  const tables = await Promise.all(
    (["parquet", "csv", "json"] as const).map(async (format: TableFormat): Promise<Seed> => {
      const content = await encodeTable(smallTable(), format);
      return typeof content === "string"
        ? text(`table.${format}`, content)
        : { name: `table.${format}`, bytes: content };
    }),
  );
  return [
    {
      kind: "audio",
      share: 60,
      text: false,
      seeds: [
        ...filesIn("test/audio", /\.(?!ts$|sh$)[a-z0-9]+$/),
        // What is compressed or has tables takes more to read.
        ...filesIn("test/audio", /\.(ogg|opus|webm|mka|m4a|mp4|mov|flac|mp3|aac)$/),
      ],
      async read(bytes, { name }) {
        const options = { limits: defaultDecodeLimits, openCodec, name };
        if (bytes.length % 2 === 0) return decodeBytes(bytes, options);
        const source = {
          size: bytes.length,
          read: async (from: number, to: number) => bytes.slice(from, to),
        };
        const stream = await openAudioStream(source, options);
        let samples = 0;
        for await (const piece of stream.pieces()) samples += piece.length;
        return samples;
      },
    },
    {
      kind: "artifact",
      share: 8,
      text: false,
      seeds: [file("models/ravdess.onnx"), model, file("test/net/artifacts/ravdess-format-1.onnx")],
      read: async (bytes) => readArtifact(bytes),
    },
    {
      kind: "encoder",
      share: 7,
      text: false,
      seeds: [
        { name: "encoder", bytes: tinyEncoder() },
        { name: "whisper", bytes: tinyWhisper() },
      ],
      read: async (bytes) => readEncoder(bytes),
    },
    {
      kind: "list",
      share: 10,
      text: true,
      seeds: lists,
      read: (bytes, { name }) => openList(place(bytes, name), undefined),
    },
    {
      kind: "table",
      share: 8,
      text: false,
      seeds: tables,
      read: (bytes, { name }) => readTable(place(bytes, name)),
    },
    {
      kind: "recipe",
      share: 3,
      text: true,
      seeds: filesIn("recipes", /^(?!recipe\.schema).*\.json$/),
      read: (bytes, { name }) => readRecipe(place(bytes, name)),
    },
    {
      kind: "folds",
      share: 2,
      text: true,
      seeds: [file("data/folds/ravdess.json")],
      async read(bytes) {
        let document: unknown;
        try {
          document = JSON.parse(new TextDecoder().decode(bytes));
        } catch {
          return; // who reads the file refuses it
        }
        parseFolds(document);
      },
    },
    {
      kind: "speaker",
      share: 2,
      text: true,
      seeds: [
        text(
          "speaker.json",
          JSON.stringify({ ...newSpeaker(manifest), heard: [{ scores: [0.5, 1], marks: [1, 2, 3] }] }),
        ),
      ],
      read: (bytes, { name }) => readSpeaker(place(bytes, name), manifest),
    },
  ];
}

const rows = ["a", "b", "c", "d"].map((speaker, i) => ({
  file: `${speaker}/one.wav`,
  speaker,
  emotion: ["angry", "happy"][i % 2],
  start: i,
  end: i + 1.5,
  "votes:angry": i,
  arousal: 0.1 * i,
}));
const columns = Object.keys(rows[0]);
const separated = (separator: string): string =>
  [columns.join(separator), ...rows.map((row) => Object.values(row).join(separator))].join("\n");
const lists = [
  text("list.csv", separated(",")),
  text("list.tsv", separated("\t")),
  text("semicolons.csv", separated(";")),
  text("list.jsonl", rows.map((row) => JSON.stringify(row)).join("\n")),
  text(
    "votes.jsonl",
    rows
      .map(({ file: path, speaker }) =>
        JSON.stringify({ file: path, speaker, votes: { angry: 2, happy: 1 } }),
      )
      .join("\n"),
  ),
  text(
    "times.csv",
    "path,Actor,label,Start_Time,End_Time\nx.wav,1,sad,00:00:01.5,00:00:03\ny.wav,02,calm,0 days 00:00:00,0 days 00:00:02\n",
  ),
];

function smallTable(): Parameters<typeof encodeTable>[0] {
  const ids = ["a/1", "a/2", "b/1", "b/2"];
  return {
    dataset: {
      name: "small",
      utterances: ids.map((id, i) => ({
        id,
        file: `${id}.wav`,
        speaker: id[0],
        label: i % 2 ? "sad" : "calm",
        attributes: {},
      })),
    },
    table: {
      ids,
      names: ["one", "two"],
      frames: { data: Float32Array.from({ length: 8 }, (_, i) => i / 3), rows: 4, cols: 2 },
      offsets: Uint32Array.of(0, 1, 2, 3, 4),
    },
    featureSet: "seed-v1",
  };
}
