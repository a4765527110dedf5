/** Loudness against the standard's own coefficients and levels, and against pyloudnorm. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { exampleClip } from "../../../../test/golden/signals.js";
import { kWeighting, loudnessLufs } from "./loudness.js";

const golden = JSON.parse(readFileSync(join(root, "test/golden/conditioning.json"), "utf8")) as {
  loudness: Record<string, number>;
};

const tone = (sampleRate: number, amplitude: number, seconds = 3): Float32Array =>
  Float32Array.from(
    { length: seconds * sampleRate },
    (_, i) => amplitude * Math.sin((2 * Math.PI * 997 * i) / sampleRate),
  );

describe("loudness", () => {
  it("has the filters of BS.1770's tables 1 and 2 at 48 kHz", () => {
    const [head, highPass] = kWeighting(48000);
    expect(head.b).toBeAllClose([1.53512485958697, -2.69169618940638, 1.19839281085285], { atol: 1e-9 });
    expect(head.a).toBeAllClose([-1.69065929318241, 0.73248077421585], { atol: 1e-9 });
    expect(highPass.a).toBeAllClose([-1.99004745483398, 0.99007225036621], { atol: 1e-9 });
  });

  it.each([16000, 44100, 48000])("is −3.01 LUFS for a full-scale sine of 997 Hz at %i Hz", (sampleRate) => {
    const measured = loudnessLufs({ samples: tone(sampleRate, 1), sampleRate });
    // The standard allows 0.1; near half the sample rate the filters bend a little.
    expect(measured).toBeAllClose(-3.01, { rtol: 0, atol: 0.05 });
  });

  it("does not count pauses: half the time silent changes nothing, half the time 6 dB lower does", () => {
    const sampleRate = 16000;
    const loud = tone(sampleRate, 0.1, 6);
    const half = loud.map((x, i) => (i < loud.length / 2 ? x : 0));
    const lower = loud.map((x, i) => (i < loud.length / 2 ? x : x / 2));
    const whole = loudnessLufs({ samples: loud, sampleRate });
    expect(loudnessLufs({ samples: half, sampleRate })).toBeAllClose(whole, { rtol: 0, atol: 0.3 });
    const expected = whole + 10 * Math.log10((1 + 0.25) / 2);
    expect(loudnessLufs({ samples: lower, sampleRate })).toBeAllClose(expected, { rtol: 0, atol: 0.05 });
  });

  it("is −Infinity for silence and finite for less than a block", () => {
    expect(loudnessLufs({ samples: new Float32Array(16000), sampleRate: 16000 })).toBe(-Infinity);
    expect(loudnessLufs({ samples: tone(16000, 0.1).slice(0, 1600), sampleRate: 16000 })).toBeLessThan(-20);
  });

  it("agrees with pyloudnorm on every example clip", async () => {
    for (const [file, expected] of Object.entries(golden.loudness)) {
      const measured = loudnessLufs({ samples: await exampleClip(file), sampleRate: 16000 });
      expect(measured, file).toBeAllClose(expected, { rtol: 0, atol: 0.02 });
    }
  });
});
