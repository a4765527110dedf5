/** Outlines of waveforms. */
import { expect, it } from "vitest";
import { PeakList, peakMeter } from "./wave-peaks.js";

it.each([8000, 11_025, 44_100])(
  "has the extremes of each 10 ms at %d Hz, however the samples are cut",
  (rate) => {
    const samples = Float32Array.from({ length: Math.round(0.295 * rate) }, (_, i) => Math.sin(i * i));
    const steps = Array.from({ length: 30 }, (_, step) =>
      samples.subarray(Math.ceil((step * rate) / 100), Math.ceil(((step + 1) * rate) / 100)),
    );
    const expected = steps.flatMap((step) => [Math.min(...step), Math.max(...step)]);
    for (const cut of [1, 77, 5000]) {
      const meter = peakMeter(rate);
      const list = new PeakList();
      for (let at = 0; at < samples.length; at += cut) {
        meter.add(samples.subarray(at, at + cut));
        list.add(meter.take());
      }
      meter.finish();
      list.add(meter.take());
      expect(Array.from(list.peaks.levels)).toEqual(expected);
    }
  },
);

it("keeps what it gave when more comes", () => {
  const list = new PeakList();
  list.add(Float32Array.of(-1, 1));
  const before = list.peaks;
  for (let i = 0; i < 5000; i++) list.add(Float32Array.of(-0.5, 0.5));
  expect(before.levels).toEqual(Float32Array.of(-1, 1));
  expect(list.peaks.levels).toHaveLength(10_002);
  expect(list.peaks.levels.subarray(0, 4)).toEqual(Float32Array.of(-1, 1, -0.5, 0.5));
});
