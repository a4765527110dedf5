/** A WebAssembly module of a few functions, assembled here: enough for loops with SIMD. */

/** Value types and the instructions that the loops of math are made of (WebAssembly core specification 2.0, 5). */
export const wasm = {
  i32: 0x7f,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  get: (local: number): number[] => [0x20, local],
  set: (local: number): number[] => [0x21, local],
  /** Adds what `by` leaves to a local integer. */
  advance: (local: number, by: readonly number[]): number[] => [0x20, local, ...by, 0x6a, 0x21, local],
  /** A small integer, −64..63. */
  integer: (value: number): number[] => [0x41, value & 0x7f],
  loop: [0x03, 0x40],
  /** Ends a loop that runs again until the local, less one each time, is 0. */
  again: (local: number): number[] => [0x20, local, 0x41, 0x7f, 0x6a, 0x22, local, 0x0d, 0x00, 0x0b],
  /** The vector at the address in a local, and an offset below 128 bytes. */
  load: (local: number, offset = 0): number[] => [0x20, local, 0xfd, 0x00, 0x02, offset],
  /** Four times the float32 there. */
  loadSplat: (local: number, offset = 0): number[] => [0x20, local, 0xfd, 0x09, 0x02, offset],
  /** Twice the float64 there. */
  loadSplat64: (local: number, offset = 0): number[] => [0x20, local, 0xfd, 0x0a, 0x03, offset],
  /** The two float32 there as float64. */
  loadPair: (local: number, offset = 0): number[] => [0x20, local, 0xfd, 0x5d, 0x03, offset, 0xfd, 0x5f],
  /** Stores the vector on the stack at the address below it. */
  store: (offset = 0): number[] => [0xfd, 0x0b, 0x02, offset],
  /** The integer at the address in a local, and an offset below 128 bytes. */
  loadInteger: (local: number, offset = 0): number[] => [0x20, local, 0x28, 0x02, offset],
  /** Stores the integer on the stack at the address below it. */
  storeInteger: [0x36, 0x02, 0],
  shiftLeft: [0x74],
  zeros: [0xfd, 0x0c, ...new Array<number>(16).fill(0)],
  /** Four times a float32, twice a float64, four times an integer. */
  float32s: (value: number): number[] => constant(new Float32Array(4).fill(value)),
  float64s: (value: number): number[] => constant(new Float64Array(2).fill(value)),
  int32s: (value: number): number[] => constant(new Int32Array(4).fill(value)),
  /** Runs what follows, up to `end`, when the integer on the stack is not 0. */
  when: [0x04, 0x40],
  end: [0x0b],
  /** Of two vectors and a mask above them, the first one's bits where the mask's are set, elsewhere the second one's. */
  select: [0xfd, 0x52],
  float32: {
    splat: [0xfd, 0x13],
    add: [0xfd, 0xe4, 0x01],
    subtract: [0xfd, 0xe5, 0x01],
    multiply: [0xfd, 0xe6, 0x01],
    /** The smaller or larger value, the first one where they are equal. */
    smaller: [0xfd, 0xea, 0x01],
    larger: [0xfd, 0xeb, 0x01],
    greaterOrEqual: [0xfd, 0x46],
    nearest: [0xfd, 0x6a],
    toInt32: [0xfd, 0xf8, 0x01],
  },
  int32: { add: [0xfd, 0xae, 0x01], shiftLeft: (by: number): number[] => [0x41, by, 0xfd, 0xab, 0x01] },
  /** On the bits of vectors; comparisons of numbers give all bits or none. */
  bits: {
    not: [0xfd, 0x4d],
    and: [0xfd, 0x4e],
    andNot: [0xfd, 0x4f],
    or: [0xfd, 0x50],
    /** 1 where any bit is set, else 0. */
    any: [0xfd, 0x53],
  },
  float64: {
    splat: [0xfd, 0x14],
    add: [0xfd, 0xf0, 0x01],
    subtract: [0xfd, 0xf1, 0x01],
    multiply: [0xfd, 0xf2, 0x01],
    divide: [0xfd, 0xf3, 0x01],
    root: [0xfd, 0xef, 0x01],
    smaller: [0xfd, 0xf6, 0x01],
    /** The larger value, the first one where they are equal. */
    larger: [0xfd, 0xf7, 0x01],
    greater: [0xfd, 0x4a],
    greaterOrEqual: [0xfd, 0x4c],
    /** The first values of two vectors, and their second ones. */
    firsts: [0xfd, 0x0d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23],
    seconds: [0xfd, 0x0d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31],
  },
} as const;

function constant(lanes: Float32Array | Float64Array | Int32Array): number[] {
  return [0xfd, 0x0c, ...new Uint8Array(lanes.buffer)];
}

/** A function without result; its parameters are its first locals. */
export interface WasmFunction {
  readonly parameters: readonly number[];
  /** Counts and types of further locals. */
  readonly locals: readonly (readonly [number, number])[];
  readonly body: readonly number[];
}

/** An instance: the functions and a memory that grows. */
export interface WasmLoops<Name extends string> {
  readonly run: Readonly<Record<Name, (...values: number[]) => void>>;
  /** Returns the memory, at least `bytes` long; a view of an earlier one may be of no use. */
  memory(bytes: number): ArrayBuffer;
}

const pageBytes = 65536;

/**
 * Returns a maker of instances of the functions, each with a memory of its own; the maker returns undefined where the runtime has no
 * WebAssembly with SIMD, or a policy forbids to compile it.
 */
export function wasmLoops<Name extends string>(
  functions: Readonly<Record<Name, WasmFunction>>,
): () => WasmLoops<Name> | undefined {
  let compiled: WebAssembly.Module | null | undefined;
  return () => {
    if (compiled === undefined) {
      try {
        compiled = new WebAssembly.Module(encode(Object.entries<WasmFunction>(functions)));
      } catch {
        // The plain loop that the caller keeps gives the same sums, only slower.
        compiled = null;
      }
    }
    if (!compiled) return undefined;
    const { memory, ...run } = new WebAssembly.Instance(compiled).exports as {
      memory: WebAssembly.Memory;
    } & WasmLoops<Name>["run"];
    return {
      run: run as unknown as WasmLoops<Name>["run"],
      memory(bytes) {
        if (bytes > memory.buffer.byteLength)
          memory.grow(Math.ceil(bytes / pageBytes) - memory.buffer.byteLength / pageBytes);
        return memory.buffer;
      },
    };
  };
}

function encode(functions: readonly (readonly [string, WasmFunction])[]): Uint8Array {
  const text = (value: string): number[] => [
    value.length,
    ...Array.from(value, (char) => char.charCodeAt(0)),
  ];
  const section = (id: number, content: readonly number[]): number[] => [
    id,
    ...leb(content.length),
    ...content,
  ];
  const list = (items: readonly (readonly number[])[]): number[] => [items.length, ...items.flat()];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      list(functions.map(([, { parameters }]) => [0x60, ...list(parameters.map((p) => [p])), 0])),
    ),
    ...section(3, list(functions.map((_, at) => [at]))),
    ...section(5, [1, 0, 1]),
    ...section(
      7,
      list([[...text("memory"), 2, 0], ...functions.map(([name], at) => [...text(name), 0, at])]),
    ),
    ...section(
      10,
      list(
        functions.map(([, { locals, body }]) => {
          const code = [...list(locals), ...body, 0x0b];
          return [...leb(code.length), ...code];
        }),
      ),
    ),
  ]);
}

/** Returns an unsigned LEB128. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}
