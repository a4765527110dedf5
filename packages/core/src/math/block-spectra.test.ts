/** Correlations from spectra of blocks: brute force, and SIMD against plain code to the last bit. */
import { describe, expect, it } from "vitest";
import { blockKernel, blockSpectra } from "./block-spectra.js";
import { realFft } from "./fft.js";
import { random } from "./random.js";

const hop = 12;
const size = 32;

function correlation(loops = blockKernel.open()): {
  name: string;
  result: Float64Array;
  signal: Float64Array;
} {
  const stream = random(3);
  const signal = Float64Array.from({ length: 3 * hop }, () => stream.normal());
  const fft = realFft(size);
  const phase = Float64Array.from({ length: fft.bins }, (_, k) => (2 * Math.PI * k * hop) / size);
  const blocks = blockSpectra(phase, { count: 5, loops });
  for (let block = 0; block < 3; block++) {
    const padded = new Float64Array(size);
    padded.set(signal.subarray(block * hop, (block + 1) * hop));
    fft.forwardInto(padded, blocks.spectra[block].re, blocks.spectra[block].im);
  }
  blocks.begin(0, 1, 3);
  blocks.begin(1, 2, 4);
  blocks.begin(2, 2, 0);
  // What `begin` leaves in the sum are the pairs within the last block.
  blocks.add(3);
  blocks.add(4);
  const result = new Float64Array(size);
  fft.inverseInto(blocks.sum.re, blocks.sum.im, result);
  return { name: blocks.name, result, signal };
}

describe("blockSpectra", () => {
  it("sums the products of a signal with itself, lag by lag", () => {
    const { result, signal } = correlation();
    const expected = Float64Array.from({ length: hop }, (_, lag) =>
      signal.subarray(lag).reduce((sum, value, i) => sum + value * signal[i], 0),
    );
    expect(result.slice(0, hop)).toBeAllClose(expected, { atol: 1e-12 });
  });

  it("gives the same bits in plain code", () => {
    const [simd, plain] = [correlation(), correlation(blockKernel.openPlain())];
    expect([simd.name, plain.name]).toEqual(["simd", "plain"]);
    expect(simd.result).toEqual(plain.result);
  });
});
