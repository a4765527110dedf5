/** The kernels of the FFT give the same bits, and this runtime has SIMD. */
import { describe, expect, it } from "vitest";
import { fftKernel } from "./fft-kernel.js";
import { fftLoops } from "./fft-loops.js";
import { random } from "./random.js";

it("this runtime has SIMD", () => expect(fftKernel(256).name).toBe("simd"));

describe.each([8, 16, 32, 64, 128, 256, 512, 1024, 2048, 8192])("%i samples", (size) => {
  const kernels = [
    fftKernel(size, { loops: fftLoops(size).open() }),
    fftKernel(size, { loops: fftLoops(size).openPlain() }),
  ] as const;

  it("give the same bits in WebAssembly and in plain code", () => {
    const stream = random(size);
    for (let i = 0; i < 2 * size; i++) {
      const value = stream.normal();
      for (const kernel of kernels) kernel.signal[i] = value;
    }
    for (const kernel of kernels) kernel.transform();
    const [simd, plain] = kernels;
    expect(simd.re).toEqual(plain.re);
    expect(simd.im).toEqual(plain.im);
  });

  it("give the same spectrum, powers and signal", () => {
    const stream = random(size + 1);
    for (let i = 0; i < 2 * size; i++) {
      const value = stream.normal();
      for (const kernel of kernels) kernel.signal[i] = value;
    }
    const [simd, plain] = kernels;
    const signal = plain.signal.slice();
    for (const kernel of kernels) kernel.forward();
    expect(simd.spectrumRe).toEqual(plain.spectrumRe);
    expect(simd.spectrumIm).toEqual(plain.spectrumIm);
    const powers = plain.spectrumRe.map((re, k) => re ** 2 + plain.spectrumIm[k] ** 2);
    expect(simd.power()).toEqual(plain.power());
    expect(plain.power()).toBeAllClose(powers, { rtol: 1e-12 });
    expect(simd.power32()).toEqual(Float32Array.from(plain.power()));
    expect(plain.power32()).toEqual(Float32Array.from(plain.power()));
    for (const kernel of kernels) {
      kernel.samples.set(signal);
      kernel.weights.forEach((_, i) => {
        kernel.weights[i] = Math.cos(i);
      });
    }
    expect(simd.weighedPower32()).toEqual(plain.weighedPower32());
    plain.signal.set(Float32Array.from(signal).map((value, i) => value * Math.cos(i)));
    expect(plain.power32()).toBeAllClose(plain.weighedPower32(), { rtol: 1e-4, atol: 1e-6 });
    for (const kernel of kernels) kernel.inverse();
    expect(simd.signal).toEqual(plain.signal);
    expect(plain.signal).toBeAllClose(signal, { atol: 1e-12 });
  });
});
