/** Colours of emotions: told apart by everybody, seen on paper and on a dark page. */
import { describe, expect, it } from "vitest";
import { type EmotionColour, emotionColour } from "./emotion-colours.js";

type Triple = readonly [number, number, number];

const ravdess = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"];

/** Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB. */
const vision: Readonly<Record<string, readonly Triple[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function times(matrix: readonly Triple[], [x, y, z]: Triple): Triple {
  const [a, b, c] = matrix.map((row) => row[0] * x + row[1] * y + row[2] * z);
  return [a, b, c];
}

/** Linear RGB of `#rrggbb` or of `oklch(L C h)` (Ottosson 2020). */
function linear(colour: string): Triple {
  const polar = /^oklch\((\S+) (\S+) (\S+)\)$/.exec(colour);
  if (!polar) {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return [r, g, b];
  }
  const [L, chroma, hue] = polar.slice(1).map(Number);
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const cones: Triple = [
    (L + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (L - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (L - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  return times(
    [
      [4.0767416621, -3.3077115913, 0.2309699292],
      [-1.2684380046, 2.6097574011, -0.3413193965],
      [-0.0041960863, -0.7034186147, 1.707614701],
    ],
    cones,
  ).map((part) => Math.min(1, Math.max(0, part))) as unknown as Triple;
}

function okLab(rgb: Triple): Triple {
  const seen = rgb.map((part) => Math.min(1, Math.max(0, part))) as unknown as Triple;
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    seen,
  ).map(Math.cbrt) as unknown as Triple;
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

const luminance = (colour: string): number => times([[0.2126, 0.7152, 0.0722]], linear(colour))[0];

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe.each(["light", "dark"] as const)("the colours of a %s page", (theme: keyof EmotionColour) => {
  const colours = ravdess.map((label) => emotionColour(label)[theme]);

  // In OKLab 0.02 is a difference that is just seen; each pair has four times that.
  it.each(Object.keys(vision))("tell the classes of RAVDESS apart with %s", (sight) => {
    const seen = colours.map((colour) => okLab(times(vision[sight], linear(colour))));
    const pairs = seen.flatMap((one, i) =>
      seen.slice(0, i).map((other, j) => ({
        pair: `${ravdess[j]} and ${ravdess[i]}`,
        difference: Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]),
      })),
    );
    expect(pairs).toHaveLength(28);
    expect(pairs.filter(({ difference }) => difference < 0.08)).toEqual([]);
  });

  it("keeps happy and surprised far apart", () => {
    const [happy, surprised] = ["happy", "surprised"].map((label) =>
      okLab(linear(emotionColour(label)[theme])),
    );
    expect(
      Math.hypot(happy[0] - surprised[0], happy[1] - surprised[1], happy[2] - surprised[2]),
    ).toBeGreaterThan(0.25);
  });

  it("stand out from the page, for whatever label", () => {
    const grounds = { light: ["#ffffff", "#f4f5f7", "#f4f2ee"], dark: ["#14161a", "#1d2026", "#1b2023"] }[
      theme
    ];
    const labels = [...ravdess, "bored", "contempt", "excited", "frustrated"];
    for (let i = 0; i < 200; i++) labels.push(`label ${i}`);
    const faint = labels.filter((label) =>
      grounds.some((ground) => contrast(emotionColour(label)[theme], ground) < 3),
    );
    expect(faint).toEqual([]);
  });

  it("are all different among twelve labels without known names", () => {
    const labels = Array.from({ length: 12 }, (_, i) => `class ${i}`);
    expect(new Set(labels.map((label) => emotionColour(label, labels)[theme])).size).toBe(12);
  });
});

describe("emotionColour", () => {
  it("knows an emotion by its other words, in any case", () => {
    expect(emotionColour("ANGER ")).toEqual(emotionColour("angry"));
    expect(emotionColour("happiness")).toEqual(emotionColour("happy"));
    expect(emotionColour("constructor").light).toMatch(/^oklch/);
  });

  it("parts words for one emotion where both are labels, whatever their order", () => {
    const labels = ["joy", "happy", "sad", "mine"];
    const colours = labels.map((label) => emotionColour(label, labels).light);
    expect(new Set(colours).size).toBe(4);
    expect(labels.map((label) => emotionColour(label, labels.toReversed()).light)).toEqual(colours);
    expect(colours[1]).toBe(emotionColour("joy").light);
  });

  it("gives an unknown label none of the colours of its fellows", () => {
    const labels = ["angry", "grumpy", "neutral"];
    expect(new Set(labels.map((label) => emotionColour(label, labels).light)).size).toBe(3);
    expect(emotionColour("grumpy")).toEqual(emotionColour("grumpy"));
    expect(emotionColour("grumpy")).not.toEqual(emotionColour("weary"));
  });
});
