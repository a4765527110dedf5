/** A line that carries samples of 16 bits at a rate of its own: what the codecs of telephones share. */
import { resample } from "../resample.js";
import type { Waveform } from "../waveform.js";

/** Returns what comes out at the waveform's own rate; `code` takes whole numbers from −32768 to 32767 and gives as many. */
export function throughLine(
  { samples, sampleRate }: Waveform,
  lineRate: number,
  code: (samples: Int16Array) => Int16Array,
): Waveform {
  const line = resample({ samples, sampleRate }, lineRate).samples;
  const sent = Int16Array.from(line, (x) => Math.max(-32768, Math.min(32767, Math.trunc(x * 32768))));
  const heard = Float32Array.from(code(sent), (x) => x / 32768);
  const back = resample({ samples: heard, sampleRate: lineRate }, sampleRate).samples;
  const out = new Float32Array(samples.length);
  out.set(back.subarray(0, out.length));
  return { samples: out, sampleRate };
}
