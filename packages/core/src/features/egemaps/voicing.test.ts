/** The path of F0 against all paths there are, and in closed form. */
import { describe, expect, it } from "vitest";
import { random } from "../../math/random.js";
import { pitchPath } from "./voicing.js";

const most = 2;
interface Candidate {
  readonly hz: number;
  readonly salience: number;
}

function path(frames: readonly (readonly Candidate[])[]): number[] {
  const hz = new Float64Array(frames.length * most);
  const salience = new Float64Array(frames.length * most);
  frames.forEach((frame, t) => {
    frame.forEach((candidate, i) => {
      hz[t * most + i] = candidate.hz;
      salience[t * most + i] = candidate.salience;
    });
  });
  const counts = Uint8Array.from(frames, (frame) => frame.length);
  return [...pitchPath({ most, counts, hz, salience })];
}

/** The cost of a path as the docstring tells it; states are candidates, or −1 for unvoiced. */
function cost(frames: readonly (readonly Candidate[])[], states: readonly number[]): number {
  let sum = 0;
  states.forEach((state, t) => {
    const frame = frames[t]!;
    const strong = frame.some(({ salience }) => salience > 0.7);
    const before = t > 0 ? states[t - 1]! : -1;
    if (state < 0) {
      sum += strong ? 4 : -4;
      if (t > 0) sum += before < 0 ? 1 : 10;
      return;
    }
    const { hz, salience } = frame[state]!;
    sum += (salience > 0.7 ? -4 : 4) - 2 * Math.log(salience);
    sum += hz < 100 ? 1 - hz / 100 : hz > 600 ? 1.2 : Math.max(0, (hz - 350) / 250);
    if (before < 0) {
      sum += 10;
      return;
    }
    const last = frames[t - 1]!;
    const ratio = Math.abs(Math.log(hz / last[before]!.hz));
    sum += 10 * ratio;
    sum += 10 * (before === 0 ? ratio : Math.abs(Math.log(last[before]!.hz / last[before - 1]!.hz)));
  });
  return sum;
}

describe("pitchPath", () => {
  it("is the cheapest of all paths", () => {
    const rng = random(3);
    for (let trial = 0; trial < 60; trial++) {
      const frames = Array.from({ length: 6 }, () =>
        Array.from({ length: Math.floor(3 * rng.next()) }, () => ({
          hz: 60 * 14 ** rng.next(),
          salience: 0.4 + 0.5 * rng.next(),
        })),
      );
      let least = Number.POSITIVE_INFINITY;
      let best: number[] = [];
      for (let code = 0; code < 3 ** 6; code++) {
        const states = frames.map((_, t) => (Math.floor(code / 3 ** t) % 3) - 1);
        if (states.some((state, t) => state >= frames[t]!.length)) continue;
        const sum = cost(frames, states);
        if (sum < least) {
          least = sum;
          best = states;
        }
      }
      expect(path(frames)).toEqual(best.map((state, t) => (state < 0 ? 0 : frames[t]![state]!.hz)));
    }
  });

  it("bridges a weak frame within speech and leaves a strong one alone in silence unvoiced", () => {
    const weak = [{ hz: 200, salience: 0.5 }];
    const strong = [{ hz: 200, salience: 0.8 }];
    const speech = [...Array<typeof strong>(8).fill(strong), weak, ...Array<typeof strong>(8).fill(strong)];
    expect(path(speech)).toEqual(Array<number>(17).fill(200));
    const silence = [...Array<typeof weak>(8).fill(weak), strong, ...Array<typeof weak>(8).fill(weak)];
    expect(path(silence)).toEqual(Array<number>(17).fill(0));
  });
});
