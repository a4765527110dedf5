/** The kernels of the FFT give the same bits, and this runtime has SIMD. */
import { describe, expect, it } from "vitest";
import { fftKernel, fftModule, plainFftKernel, simdFftKernel } from "./fft-kernel.js";
import { random } from "./random.js";

it("this runtime has SIMD", () => expect(fftKernel(256).name).toBe("simd"));

describe.each([8, 16, 32, 64, 128, 256, 512, 1024, 2048, 8192])("%i samples", (size) => {
  it("give the same bits in WebAssembly and in plain code", () => {
    const stream = random(size);
    const kernels = [simdFftKernel(size, fftModule(size)), plainFftKernel(size)];
    for (let i = 0; i < size; i++) {
      const [re, im] = [stream.normal(), stream.normal()];
      for (const kernel of kernels) [kernel.re[i], kernel.im[i]] = [re, im];
    }
    for (const kernel of kernels) kernel.stages();
    const [simd, plain] = kernels;
    expect(simd!.re).toEqual(plain!.re);
    expect(simd!.im).toEqual(plain!.im);
    expect(simd!.power()).toEqual(plain!.power());
  });
});
