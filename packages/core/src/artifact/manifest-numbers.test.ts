/** Numbers as bytes: what is taken out comes back bit by bit, and bytes that lie are refused in one sentence. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isUndertoneError, type UndertoneError } from "../errors.js";
import { putNumbers, takeNumbers } from "./manifest-numbers.js";

const nibble = fc.integer({ min: -8, max: 7 });
const byte = fc.integer({ min: -128, max: 127 });
const any = fc.double({ noNaN: true, noDefaultInfinity: true });
const list = fc.oneof(
  ...[nibble, byte, fc.float({ noNaN: true, noDefaultInfinity: true }), any].map((value) => fc.array(value)),
);
const manifest = fc.record({
  name: fc.string(),
  reference: fc.record({ utterances: fc.nat(), mean: list, deviation: list }),
  speakers: fc.record({ axes: fc.array(fc.record({ scale: any, steps: list })), means: fc.array(list) }),
});

const example = {
  name: "numbers are only taken out of some parts",
  model: { params: { layers: [1, 2, 3] } },
  reference: { mean: [0.5, -1], deviation: [7, -8, 1] },
  outOfDistribution: { axes: [{ scale: 0.1, steps: [127, -128] }], precision: [0.1] },
};

/** Returns the error of reading the example with these bytes, or undefined when it is read. */
function refusal(
  bytes: Uint8Array | undefined,
  bare: object = takeNumbers(example).manifest,
): UndertoneError | undefined {
  try {
    putNumbers(bare, bytes);
    return undefined;
  } catch (error) {
    if (isUndertoneError(error)) return error;
    throw error;
  }
}

/** Returns the example's bytes with a 32-bit number at a place. */
function patched(at: number, value: number): Uint8Array {
  const { bytes } = takeNumbers(example);
  new DataView(bytes.buffer).setUint32(at, value, true);
  return bytes;
}

describe("numbers of a manifest", () => {
  it("come back as they were, in their places", () => {
    fc.assert(
      fc.property(manifest, (given) => {
        const { manifest: bare, bytes } = takeNumbers(given);
        expect(putNumbers(bare, bytes)).toEqual(given);
      }),
    );
  });

  it("take half a byte, one, four or eight, as few as hold them exactly, from parts that have them", () => {
    const { manifest: bare, bytes } = takeNumbers(example);
    expect(bare).toEqual({
      ...example,
      reference: { mean: { numbers: 0 }, deviation: { numbers: 1 } },
      outOfDistribution: { axes: [{ scale: 0.1, steps: { numbers: 2 } }], precision: { numbers: 3 } },
    });
    expect(bytes.length).toBe(12 + 4 * 8 + 2 * 4 + 2 + 2 + 8);
    expect(String.fromCharCode(...bytes.subarray(0, 4))).toBe("UNDN");
    // 7 in the low half of a byte, −8 in the high one; −0 is no whole number here.
    expect([...bytes.subarray(12 + 4 * 8 + 8).subarray(0, 2)]).toEqual([0x87, 0x01]);
    const zero = { reference: { mean: [-0] } };
    expect(putNumbers(takeNumbers(zero).manifest, takeNumbers(zero).bytes)).toEqual(zero);
  });

  const { bytes, manifest: bare } = takeNumbers(example);
  const twice = { ...bare, reference: { mean: { numbers: 0 }, deviation: { numbers: 0 } } };
  const many = (index: unknown): object => ({ reference: { mean: { numbers: index } } });
  const cases: readonly [string, UndertoneError | undefined, string][] = [
    [
      "another version",
      refusal(patched(4, 2)),
      "Got version 2 of the manifest's numbers, expected 1; a newer Undertone can open it",
    ],
    ["no bytes", refusal(undefined), "the manifest names the list 0, expected each of 0 once"],
    ["a list twice", refusal(bytes, twice), "the manifest names the list 0 twice, expected each of 4 once"],
    ["a list that is not there", refusal(bytes, many(4)), "the manifest names the list 4, expected"],
    [
      "a place that is no number",
      refusal(bytes, many("length")),
      'the manifest names the list "length", expected',
    ],
    ["another magic", refusal(patched(0, 0)), "they do not start with 'UNDN' and a header of 12 bytes"],
    ["too many lists", refusal(patched(8, 2 ** 32 - 1)), "4294967295 lists do not fit 64 bytes"],
    ["an unknown type", refusal(patched(12, 9)), "list 0 has type 9, expected one of 1 to 4"],
    [
      "a length that lies",
      refusal(patched(16, 2 ** 32 - 1)),
      "list 0 claims 4294967295 values, 20 bytes are left",
    ],
    ["a length that is short", refusal(patched(16, 1)), "they have 64 bytes, the lists 60"],
    ["a byte too many", refusal(Uint8Array.from([...bytes, 0])), "they have 65 bytes, the lists 64"],
  ];
  it.each(cases)("are refused for %s", (name, error, message) => {
    expect(error).toMatchObject({
      code: name === "another version" ? "artifact/newer-version" : "artifact/invalid",
    });
    expect(error!.message).toContain(message);
    expect(error!.message).not.toContain("\n");
  });

  it("are refused where they would fill the memory, though few bytes hold them", () => {
    const { bytes: one, manifest: named } = takeNumbers({ reference: { mean: [1] } });
    const large = new Uint8Array(one.length - 1 + 2 ** 23 + 1);
    large.set(one);
    new DataView(large.buffer).setUint32(16, 2 ** 24 + 2, true);
    expect(refusal(large, named)!.message).toBe("Bad numbers: they are 16777218, expected at most 16777216");
  });

  it("are read or refused, never more, when cut or changed anywhere", () => {
    for (let length = 0; length < bytes.length; length++)
      expect(refusal(bytes.subarray(0, length))).toMatchObject({ code: "artifact/invalid" });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1 }), (changes) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) changed[at] = value;
        expect(["artifact/invalid", "artifact/newer-version", undefined]).toContain(refusal(changed)?.code);
      }),
      { numRuns: 1000 },
    );
  });
});
