/** The path of F0 against all paths there are, and in closed form. */
import { describe, expect, it } from "vitest";
import { type Random, random } from "../../math/random.js";
import { pitchSearch } from "./voicing.js";

const most = 2;
interface Candidate {
  readonly hz: number;
  readonly salience: number;
}

/** F0 of all frames, and how many were settled after each. */
function search(
  frames: readonly (readonly Candidate[])[],
  longestDelay?: number,
): { f0Hz: number[]; settled: number[] } {
  const found = pitchSearch({ most, longestDelay });
  const f0Hz: number[] = [];
  const takeAll = (): void => {
    for (let hz = found.take(); hz !== undefined; hz = found.take()) f0Hz.push(hz);
  };
  const settled = frames.map((frame) => {
    found.push(
      Float64Array.from(frame, ({ hz }) => hz),
      Float64Array.from(frame, ({ salience }) => salience),
      frame.length,
    );
    takeAll();
    return f0Hz.length;
  });
  found.finish();
  takeAll();
  return { f0Hz, settled };
}

const path = (frames: readonly (readonly Candidate[])[]): number[] => search(frames).f0Hz;

/** The cost of a path as the docstring tells it; states are candidates, or −1 for unvoiced. */
function cost(frames: readonly (readonly Candidate[])[], states: readonly number[]): number {
  let sum = 0;
  states.forEach((state, t) => {
    const frame = frames[t];
    const strong = frame.some(({ salience }) => salience > 0.7);
    const before = t > 0 ? states[t - 1] : -1;
    if (state < 0) {
      sum += strong ? 4 : -4;
      if (t > 0) sum += before < 0 ? 1 : 10;
      return;
    }
    const { hz, salience } = frame[state];
    sum += (salience > 0.7 ? -4 : 4) - 2 * Math.log(salience);
    sum += hz < 100 ? 1 - hz / 100 : hz > 600 ? 1.2 : Math.max(0, (hz - 350) / 250);
    if (before < 0) {
      sum += 10;
      return;
    }
    const last = frames[t - 1];
    const ratio = Math.abs(Math.log(hz / last[before].hz));
    sum += 10 * ratio;
    sum += 10 * (before === 0 ? ratio : Math.abs(Math.log(last[before].hz / last[before - 1].hz)));
  });
  return sum;
}

const randomFrames = (length: number, stream: Random): Candidate[][] =>
  Array.from({ length }, () =>
    Array.from({ length: Math.floor(3 * stream.next()) }, () => ({
      hz: 60 * 14 ** stream.next(),
      salience: 0.4 + 0.5 * stream.next(),
    })),
  );

describe("pitchSearch", () => {
  it("is the cheapest of all paths", () => {
    const rng = random(3);
    for (let trial = 0; trial < 60; trial++) {
      const frames = randomFrames(6, rng);
      let least = Number.POSITIVE_INFINITY;
      let best: number[] = [];
      for (let code = 0; code < 3 ** 6; code++) {
        const states = frames.map((_, t) => (Math.floor(code / 3 ** t) % 3) - 1);
        if (states.some((state, t) => state >= frames[t].length)) continue;
        const sum = cost(frames, states);
        if (sum < least) {
          least = sum;
          best = states;
        }
      }
      expect(path(frames)).toEqual(best.map((state, t) => (state < 0 ? 0 : frames[t][state].hz)));
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

  it("settles only what no later frame can change", () => {
    const rng = random(4);
    for (let trial = 0; trial < 20; trial++) {
      const frames = randomFrames(300, rng);
      const { f0Hz, settled } = search(frames);
      expect(f0Hz).toHaveLength(frames.length);
      expect(settled.at(-1)).toBeGreaterThan(200);
      for (const t of [3, 17, 200]) {
        const other = search([...frames.slice(0, t + 1), ...randomFrames(50, rng)]);
        expect(other.settled.slice(0, t + 1)).toEqual(settled.slice(0, t + 1));
        expect(other.f0Hz.slice(0, settled[t])).toEqual(f0Hz.slice(0, settled[t]));
      }
    }
  });

  it("settles a frame of fewer candidates than there may be later, as openSMILE does", () => {
    const voiced = { hz: 200, salience: 0.9 };
    const full = Array.from({ length: 8 }, () => [voiced, { hz: 210, salience: 0.1 }]);
    const fewer = Array.from({ length: 8 }, () => [voiced]);
    expect(search(full).settled.at(-1)).toBe(7);
    expect(search(fewer).settled.at(-1)).toBe(6);
  });

  it("keeps undecided paths apart for as long as it takes, or for the longest delay", () => {
    // A strong frame and a weak one in turn, which cost a voiced path hardly less than an unvoiced one; the end decides.
    const strong = [{ hz: 200, salience: 0.8 }];
    const weak = [{ hz: 200, salience: (1.0005 * Math.exp(-1)) / 0.8 }];
    const frames = [...Array.from({ length: 500 }, (_, t) => (t % 2 === 0 ? strong : weak)), strong, strong];
    const whole = search(frames);
    // The first frame rests free of charge.
    expect(whole.f0Hz).toEqual(Array.from({ length: 502 }, (_, t) => (t < 2 ? 0 : 200)));
    expect(whole.settled[498]).toBe(2);
    const hasty = search(frames, 20);
    hasty.settled.forEach((count, t) => {
      expect(t + 1 - count).toBeLessThanOrEqual(20);
    });
    expect(hasty.f0Hz.slice(0, 480)).toEqual(Array<number>(480).fill(0));
    const patient = randomFrames(400, random(5));
    expect(search(patient, 400).f0Hz).toEqual(search(patient).f0Hz);
  });
});
