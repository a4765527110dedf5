/** Closed forms of the spectral descriptors; the expected loudness of silence is openSMILE 3.0's. */
import { describe, expect, it } from "vitest";
import { shortFrame } from "./framing.js";
import { spectrumAnalyzer, spectrumNames } from "./spectrum.js";

describe("spectrumAnalyzer", () => {
  it("gives digital silence openSMILE's loudness, which is not 0", () => {
    const values = new Float64Array(spectrumNames.length);
    spectrumAnalyzer().analyze(new Float32Array(shortFrame), 0, values, 0);
    expect(values[spectrumNames.indexOf("loudness")]).toBeAllClose(0.0010339657, { rtol: 1e-3 });
  });
});
