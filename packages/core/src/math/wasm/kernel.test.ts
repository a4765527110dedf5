/** Kernels: what fits runs and gives the plain loop's bits, and what does not fit is named. */
import { describe, expect, it } from "vitest";
import { assemble } from "./assemble.js";
import { encodeModule } from "./encode-module.js";
import {
  advance,
  type Code,
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  i32x4,
  i64x2,
  localOf,
  repeat,
  set,
  tee,
  type Value,
  v128,
  when,
} from "./expressions.js";
import { type InstructionRow, instructions, type ValueType } from "./instructions.js";
import { allowsSimd, kernel, loop, named, several } from "./kernel.js";

it("this runtime has SIMD", () => expect(allowsSimd()).toBe(true));

/** Runs one body without parameters over 1 KiB, and returns the memory. */
function run(body: () => Code): ArrayBuffer {
  const { run, memory } = kernel("test", {
    it: loop({ parameters: {}, body, plain: () => undefined }),
  }).open();
  const buffer = memory(1024);
  run.it();
  return buffer;
}

describe("constants and offsets", () => {
  it.each([-(2 ** 31), -65, -64, -1, 0, 63, 64, 127, 128, 8191, 8192, 2 ** 31 - 1])("stores %i", (value) => {
    expect(new Int32Array(run(() => i32.store(0, value)))[0]).toBe(value);
  });

  it.each([0, 124, 128, 508, 900])("at an offset of %i", (offset) => {
    const memory = run(() => [
      f32.store(0, 2.5, offset),
      f32.store(0, f32.load(0, offset), 1020),
      v128.store(8, f64x2.of(1, -2), offset - (offset % 8)),
    ]);
    expect(new Float32Array(memory)[255]).toBe(2.5);
    expect(new Float64Array(memory).slice(1 + (offset >> 3), 3 + (offset >> 3))).toEqual(
      Float64Array.of(1, -2),
    );
  });

  it("in lanes", () => {
    const memory = run(() => [
      v128.store(0, f32x4.of(1, 2, 3, 4)),
      v128.store(16, i32x4.of(-7)),
      v128.store(32, i64x2.of(1n, -1n)),
      v128.store(48, f32x4.shuffle(f32x4.of(1, 2, 3, 4), f32x4.of(5, 6, 7, 8), [0, 5, 2, 7])),
      v128.store64Lane(64, f64x2.swapped(f64x2.of(1, 2)), 0, 1),
    ]);
    const singles = new Float32Array(memory);
    expect([...singles.subarray(0, 4)]).toEqual([1, 2, 3, 4]);
    expect([...new Int32Array(memory, 16, 4)]).toEqual([-7, -7, -7, -7]);
    expect([...new BigInt64Array(memory, 32, 2)]).toEqual([1n, -1n]);
    expect([...singles.subarray(12, 16)]).toEqual([1, 6, 3, 8]);
    expect(new Float64Array(memory)[8]).toBe(1);
  });
});

describe("a kernel", () => {
  const doubling = kernel("doubling", {
    double: loop({
      parameters: named("i32", "at", "quads"),
      locals: { ...named("v128", "value"), spare: several("f64", 130) },
      body: ({ at, quads, value, spare }) => [
        set(spare[129], 1),
        repeat(quads, [
          set(value, v128.load(at)),
          when(quads, v128.store(at, f32x4.add(value, value))),
          advance(at, 16),
        ]),
      ],
      plain({ f32 }, at, quads) {
        for (let i = at / 4; i < at / 4 + 4 * quads; i++) f32[i] += f32[i];
      },
    }),
  });

  it("runs by SIMD and in plain code, in memories of their own that grow and keep what they hold", () => {
    const instances = [doubling.open(), doubling.openPlain(), doubling.open()];
    expect(instances.map(({ name }) => name)).toEqual(["simd", "plain", "simd"]);
    for (const { run, memory } of instances) {
      const values = new Float32Array(memory(64), 0, 16);
      expect(Math.max(...values)).toBe(0);
      values.set(Float32Array.from({ length: 16 }, (_, i) => i));
      run.double(16, 2);
      const larger = new Float32Array(memory(200_000));
      expect(larger.length).toBeGreaterThanOrEqual(50_000);
      expect([...larger.subarray(0, 16)]).toEqual(
        Array.from({ length: 16 }, (_, i) => (i >= 4 && i < 12 ? 2 * i : i)),
      );
    }
  });

  it("throws where it is no valid module, and never takes the plain loop instead", () => {
    const broken = kernel("broken", {
      first: loop({ parameters: {}, body: () => [], plain: () => undefined }),
      second: loop({
        parameters: { at: "i32" },
        body: ({ at }) => f64.store(at, f64x2.of(1) as never),
        plain: () => undefined,
      }),
    });
    const message =
      "kernel broken, second, instruction 2 (f64.store): got i32, v128 on the stack, expected i32, f64";
    expect(() => broken.open().run.second(0)).toThrow(new TypeError(message));
    expect(() => broken.assemble()).toThrow(message);
    const label = { name: "brIf", immediates: [9], operands: [i32.const(1)] } as const;
    const refused = kernel("refused", {
      it: loop({ parameters: {}, body: () => label, plain: () => undefined }),
    });
    expect(() => refused.open().run.it()).toThrow(
      /^kernel refused, it: the runtime refuses its module: .*invalid branch depth/,
    );
  });
});

describe("what does not fit is named", () => {
  const any = <T extends ValueType>(value: unknown): Value<T> => value as Value<T>;
  const x = localOf("v128", 1);
  const [at] = [localOf("i32", 0)];
  const refused: Record<string, [Code, string]> = {
    "a type": [f64x2.add(x, any(at)), "2 (f64x2.add): got v128, i32 on the stack, expected v128, v128"],
    "a value that a local has no room for": [
      set(x, any(at)),
      "1 (local.set x): got i32 on the stack, expected v128",
    ],
    "too few values": [
      { ...i32.add(at, at), operands: [at] },
      "1 (i32.add): got i32 on the stack, expected i32, i32",
    ],
    "a value that nobody takes": [tee(x, x), "2 (local.tee x): leaves v128 that nobody takes"],
    "a block inside an expression": [
      { ...set(x, x), operands: [x, when(at, [])] },
      "3 (if): stands where v128 wait on the stack",
    ],
    "a lane": [f64x2.extractLane(x, 2), "got lane2 2, expected an integer from 0 to 1"],
    "a byte of a shuffle": [
      f32x4.shuffle(x, x, [0, 1, 2, 8]),
      "got bytes 32, expected an integer from 0 to 31",
    ],
    "an offset": [v128.load(at, -1), "got offset -1, expected an integer from 0 to 4294967295"],
    "an integer": [
      set(at, 2 ** 31),
      "got i32 2147483648, expected an integer from -2147483648 to 2147483647",
    ],
    "immediates that are missing": [
      (v128.store64Lane as unknown as (...all: Value[]) => Value)(at, x),
      "got offset undefined, expected an integer",
    ],
  };

  it.each(Object.entries(refused))("%s", (_, [body, message]) => {
    const source = { parameters: { at: "i32" }, locals: { x: "v128" }, body: () => body } as const;
    expect(() => assemble("k", "f", source)).toThrow(TypeError);
    expect(() => assemble("k", "f", source)).toThrow("kernel k, f, instruction ");
    expect(() => assemble("k", "f", source)).toThrow(message);
  });
});

it("knows the types of every instruction of the table as this runtime does", () => {
  for (const [name, row] of Object.entries(instructions)) {
    const [, takes, gives, immediates = []] = row as InstructionRow;
    if (["local.", "loop", "if", "end", "brIf"].some((start) => name.startsWith(start))) continue;
    const numbers = immediates.flatMap((kind) => (kind === "bytes" ? new Array<number>(16).fill(0) : [0]));
    const all = [...takes, ...(gives ? [gives] : [])];
    const operands = takes.map((type, i) => localOf(type, i));
    const node = { name, immediates: numbers, operands } as unknown as Value;
    const assembled = assemble("table", "f", {
      parameters: {},
      locals: { all },
      body: () => (gives ? set(localOf(gives, takes.length), node as never) : node),
    });
    expect(() => new WebAssembly.Module(encodeModule(assembled)), name).not.toThrow();
  }
});
