/**
 * Every format that soundfile (libsndfile) and ffmpeg write: read with the samples that were written, or refused by name. Tried where a Python with
 * soundfile (`UNDERTONE_PYTHON`, default python3) and ffmpeg are.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DecodedBytes, decodeBytes, defaultDecodeLimits } from "@undertone/core/audio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCodec } from "./open-codec.js";
import { float32Bytes, wavBytes } from "./wav-bytes.js";

const rate = 16000;
const python = process.env.UNDERTONE_PYTHON ?? "python3";
const works = (command: string, args: string[]): boolean => spawnSync(command, args).status === 0;
const hasSoundfile = works(python, ["-c", "import soundfile"]);
const hasFfmpeg = works("ffmpeg", ["-version"]);

const signal = (seconds: number): number => 0.4 * Math.sin(2 * Math.PI * 440 * seconds);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "undertone-formats-"));
  const samples = Float32Array.from({ length: rate }, (_, i) => signal(i / rate));
  writeFileSync(
    join(folder, "in.wav"),
    wavBytes({ tag: 3, bits: 32, sampleRate: rate, data: float32Bytes(samples) }),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly decoded?: DecodedBytes;
  readonly refused?: string;
}

async function outcome(name: string): Promise<Outcome> {
  const bytes = new Uint8Array(readFileSync(join(folder, name)));
  try {
    return { decoded: await decodeBytes(bytes, { limits: defaultDecodeLimits, openCodec, name }) };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { refused: `${code}: ${message}` };
  }
}

/** Returns the largest difference from the signal, over the middle of the file, at the shift within 0.1 s that fits best (encoders delay). */
function difference({ wave: { samples, sampleRate } }: DecodedBytes, lossy: boolean): number {
  const most = lossy ? Math.round(0.1 * sampleRate) : 0;
  const first = Math.round(0.2 * sampleRate);
  const last = Math.round(0.8 * sampleRate);
  let best = Number.POSITIVE_INFINITY;
  for (let shift = -most; shift <= most && best > 1e-3; shift++) {
    let worst = 0;
    for (let i = first; i < last && worst < best; i++)
      worst = Math.max(worst, Math.abs(samples[i + shift] - signal(i / sampleRate)));
    best = Math.min(best, worst);
  }
  return best;
}

const writeAll = `
import os, soundfile as sf, sys
folder = sys.argv[1]
x, rate = sf.read(folder + '/in.wav', dtype='float32')
for kind in sf.available_formats():
    for subtype in sf.available_subtypes(kind):
        for endian in ('FILE', 'LITTLE', 'BIG'):
            if not sf.check_format(kind, subtype, endian):
                continue
            path = f'{folder}/sf_{kind}_{subtype}_{endian}.{kind.lower()}'
            try:
                sf.write(path, x, rate, subtype, endian, kind)
            except sf.LibsndfileError: # said to be there, and not built in
                if os.path.exists(path):
                    os.remove(path)
`;

/** The largest error that a way of writing samples may bring; ways that are lossy otherwise are held to 0.05. */
const tolerances: Readonly<Record<string, number>> = {
  PCM_U8: 2 ** -7,
  PCM_S8: 2 ** -7,
  PCM_16: 2 ** -15,
  PCM_24: 2 ** -23,
  PCM_32: 2 ** -24,
  FLOAT: 2 ** -24,
  DOUBLE: 2 ** -24,
  ULAW: 2 ** -6,
  ALAW: 2 ** -6,
};
const lossyOnes = /VORBIS|OPUS|MPEG/;
const read =
  /^sf_(AIFF|AU|CAF|FLAC|RF64|W64|WAV|WAVEX)_(PCM_[A-Z0-9]+|FLOAT|DOUBLE|ULAW|ALAW)_|^sf_(OGG_(VORBIS|OPUS)|MP3_MPEG_LAYER_III)_/;
/** What messages call the formats that are not read; those without a header have no name. */
const names: Readonly<Record<string, RegExp>> = {
  NIST: /SPHERE/,
  MAT4: /MATLAB/,
  MAT5: /MATLAB/,
  SDS: /MIDI Sample Dump/,
  SVX: /8SVX|16SV/,
  WVE: /Psion/,
  XI: /FastTracker/,
  HTK: /no format that is known/,
  MPC2K: /no format that is known/,
  SD2: /no format that is known|not audio/,
  RAW: /no header/,
};

describe.skipIf(!hasSoundfile)("what soundfile writes", () => {
  it("is read with the samples that were written, or refused by name", { timeout: 600_000 }, async () => {
    execFileSync(python, ["-c", writeAll, folder]);
    const files = readdirSync(folder).filter((name) => name.startsWith("sf_"));
    expect(files.length).toBeGreaterThan(200);
    const wrong: string[] = [];
    for (const name of files) {
      const [, kind, ...rest] = name.split("_");
      const subtype = rest.slice(0, -1).join("_");
      const { decoded, refused = "" } = await outcome(name);
      if (decoded) {
        const lossy = lossyOnes.test(subtype);
        const off = difference(decoded, lossy);
        const seconds = decoded.wave.samples.length / decoded.wave.sampleRate;
        if (!(off <= (tolerances[subtype] ?? 0.05)) || Math.abs(seconds - 1) > (lossy ? 0.1 : 0))
          wrong.push(`${name}: ${seconds} s, off by ${off}`);
      } else if (read.test(name)) wrong.push(refused);
      else {
        const named =
          names[kind] ?? new RegExp(`: ${name.replaceAll(".", "\\.")} is (an?|not audio but an?)? ?${kind}`);
        if (!/^audio\/(unsupported|not-audio): /.test(refused) || !named.test(refused)) wrong.push(refused);
      }
    }
    expect(wrong).toEqual([]);
  });
});

// file, arguments of ffmpeg, what a refusal says (absent: it must be read)
const outputs: readonly (readonly [file: string, args: string, refusal?: RegExp])[] = [
  ["a.wav", ""],
  ["s24.wav", "-c:a pcm_s24le"],
  ["ima.wav", "-c:a adpcm_ima_wav", /IMA ADPCM.*ffmpeg -i in\.wav/],
  ["ms.wav", "-c:a adpcm_ms", /Microsoft ADPCM/],
  ["gsm.wav", "-ar 8000 -c:a libgsm_ms", /GSM 6\.10/],
  ["mp2.wav", "-c:a mp2", /MPEG/],
  ["mp3.wav", "-c:a libmp3lame", /MP3/],
  ["aac.wav", "-c:a aac", /AAC/],
  ["a.mp2", ""],
  ["a.mp3", ""],
  ["44.mp3", "-ar 44100"],
  ["a.aac", "-ar 44100"],
  ["16.aac", "-ar 16000"],
  ["a.m4a", ""],
  ["alac.m4a", "-c:a alac"],
  ["a.flac", ""],
  ["a.ogg", "-c:a libvorbis"],
  ["flac.oga", "-c:a flac"],
  ["a.opus", ""],
  ["a.webm", ""],
  ["a.mka", "-c:a libvorbis"],
  ["opus.mka", "-c:a libopus"],
  ["flac.mka", "-c:a flac"],
  ["pcm.mka", "-c:a pcm_s16le"],
  ["aac.mka", "-c:a aac"],
  ["mp3.mka", "-c:a libmp3lame"],
  ["a.caf", ""],
  ["alac.caf", "-c:a alac", /CAF file with 'alac'/],
  ["a.au", ""],
  ["a.w64", ""],
  ["a.aiff", ""],
  ["a.mp4", ""],
  ["fragments.mp4", "-movflags frag_keyframe+empty_moov -frag_duration 300000"],
  ["opus.mp4", "-c:a libopus -ar 48000"],
  ["flac.mp4", "-c:a flac -strict -2"],
  ["mp3.mp4", "-c:a libmp3lame"],
  ["ac3.mp4", "-c:a ac3", /coded as 'ac-3'.*ffmpeg -i in\.m4a/],
  ["pcm.mov", "-c:a pcm_s16le"],
  ["a.3gp", "-c:a aac"],
  ["a.wma", "", /ASF \(Windows Media\).*ffmpeg -i in\.wma/],
  ["a.ac3", "", /AC-3/],
  ["a.dts", "-strict -2", /DTS/],
  ["a.tta", "", /True Audio/],
  ["a.wv", "", /WavPack/],
  ["a.spx", "", /Speex in Ogg/],
  ["a.avi", "", /AVI/],
  ["a.flv", "-ar 22050", /Flash video/],
  ["a.ts", "", /MPEG transport stream/],
  ["a.mpg", "-ar 48000", /MPEG video/],
  ["a.voc", "", /VOC/],
  ["a.rm", "", /RealMedia/],
  ["a.sox", "", /SoX/],
  ["a.nut", "", /NUT/],
  ["a.loas", "-c:a aac", /LATM/],
  ["a.sf", "-f ircam", /IRCAM/],
  ["a.g722", "", /no format that is known/],
];

describe.skipIf(!hasFfmpeg)("what ffmpeg writes", () => {
  it.each(outputs.map(([file, args, refusal]) => ({ file, args, refusal })))(
    "$file is read with the samples that were written, or refused by name",
    async ({ file, args, refusal }) => {
      const given = `-v error -nostdin -y -i in.wav ${args} ${file}`.split(" ").filter(Boolean);
      const made = spawnSync("ffmpeg", given, { cwd: folder, encoding: "utf8" });
      // Builds of ffmpeg differ in the encoders that they have.
      if (/Unknown encoder|Default encoder/.test(made.stderr)) return expect(refusal).toBeDefined();
      expect(made.status, made.stderr).toBe(0);
      const { decoded, refused } = await outcome(file);
      if (!decoded) return expect(refused).toMatch(refusal ?? "it is read");
      if (file === "16.aac") expect(decoded.wave.sampleRate).toBe(16000);
      const lossy = !/flac|alac|pcm|\.(wav|caf|au|w64|aiff)$/.test(file);
      expect(difference(decoded, lossy)).toBeLessThan(lossy ? 0.12 : 2 ** -14);
      expect(Math.abs(decoded.wave.samples.length / decoded.wave.sampleRate - 1)).toBeLessThan(
        lossy ? 0.1 : 1e-9,
      );
    },
  );
});
