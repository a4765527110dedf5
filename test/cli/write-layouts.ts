/** Small corpora of synthetic vowels in the layouts that people have, for tests that train on them. */
import { join } from "node:path";
import { type Vowel, vowel, wavBytes, write } from "./synthetic-audio.js";

/** How the emotions sound; named as the layout spells them. */
const sounds: readonly Vowel[] = [
  { f0Hz: 260, formantsHz: [700, 1800, 2600] },
  { f0Hz: 130, formantsHz: [400, 1000, 2200] },
];
const takes = 3;

/** A layout: where a recording lies, by speaker, emotion and take (from 0), and what else is in the folder. */
export interface Layout {
  readonly name: string;
  readonly speakers: readonly string[];
  readonly emotions: readonly [string, string];
  path(speaker: string, emotion: string, take: number): string;
  /** Returns the list of the recordings; rows are speaker, emotion and path. */
  list?(rows: readonly (readonly [string, string, string])[]): { name: string; text: string };
  /** Whether the list is what is given to the command, not the folder. */
  readonly byList?: boolean;
}

const people = ["anna", "ben", "carla"];
const words: [string, string] = ["angry", "sad"];
const plain = { speakers: people, emotions: words };
const numbered = (take: number): string => String(take + 1).padStart(2, "0");

export const layouts: readonly Layout[] = [
  { name: "label folders", ...plain, path: (who, what, t) => `${what}/${who}-${t}.wav` },
  { name: "speaker folders", ...plain, path: (who, what, t) => `${who}/${what}_${t}.wav` },
  { name: "speaker/label", ...plain, path: (who, what, t) => `${who}/${what}/clip ${t}.wav` },
  { name: "label/speaker", ...plain, path: (who, what, t) => `${what}/${who}/${t}.wav` },
  {
    name: "RAVDESS",
    speakers: ["01", "02", "03"],
    emotions: ["05", "04"],
    path: (who, what, t) => `Actor_${who}/03-01-${what}-0${1 + (t & 1)}-0${1 + (t >> 1)}-01-${who}.wav`,
  },
  {
    name: "EMO-DB",
    speakers: ["03", "08", "09"],
    emotions: ["W", "T"],
    path: (who, what, t) => `wav/${who}a01${what}${"abc"[t]}.wav`,
  },
  {
    name: "TESS",
    speakers: ["OAF", "YAF"],
    emotions: words,
    path: (who, what, t) => `${who}_${what}/${who}_${["back", "bite", "youth"][t]}_${what}.wav`,
  },
  {
    name: "CREMA-D",
    speakers: ["1001", "1002", "1003"],
    emotions: ["ANG", "SAD"],
    path: (who, what, t) => `AudioWAV/${who}_${["DFA", "IEO", "IWL"][t]}_${what}_XX.wav`,
  },
  { name: "flat names with a prefix", ...plain, path: (who, what, t) => `${who}_${what}_${numbered(t)}.wav` },
  {
    name: "CSV",
    ...plain,
    path: (who, what, t) => `audio/${who}${what.length}${t}.wav`,
    list: (rows) => ({
      name: "clips.csv",
      text: ["file,speaker,emotion", ...rows.map(([who, what, path]) => `${path},${who},${what}`)].join("\n"),
    }),
    byList: true,
  },
  {
    name: "JSONL",
    ...plain,
    path: (who, what, t) => `${t}/${who}${what.length}.wav`,
    list: (rows) => ({
      name: "clips.jsonl",
      text: rows.map(([speaker, label, file]) => JSON.stringify({ file, speaker, label })).join("\n"),
    }),
    byList: true,
  },
  {
    name: "audformat",
    ...plain,
    path: (who, what, t) => `wav/${who}${what.length}${t}.wav`,
    list: (rows) => ({
      name: "db.emotion.csv",
      text: ["file,speaker,emotion", ...rows.map(([who, what, path]) => `${path},${who},${what}`)].join("\n"),
    }),
  },
];

/** Writes a corpus in the layout; returns what is given to a command. */
export function writeLayout(folder: string, layout: Layout): string {
  const { speakers, emotions, path, list, byList } = layout;
  const rows = speakers.flatMap((who, s) =>
    emotions.flatMap((what, e) =>
      Array.from({ length: takes }, (_, take) => {
        const place = path(who, what, take);
        const sound = { ...sounds[e], f0Hz: sounds[e].f0Hz * (1 + 0.05 * s), seconds: 0.5 };
        write(join(folder, place), wavBytes(vowel({ ...sound, take: take + 5 * s })));
        return [who, what, place] as const;
      }),
    ),
  );
  if (!list) return folder;
  const { name, text } = list(rows);
  const file = write(join(folder, name), `${text}\n`);
  return byList ? file : folder;
}
