/** A WebAssembly module of one function, assembled here: enough for a loop with SIMD. */

/** Value types and the instructions that the loops of math are made of (WebAssembly core specification 2.0, 5). */
export const wasm = {
  i32: 0x7f,
  f64: 0x7c,
  v128: 0x7b,
  get: (local: number): number[] => [0x20, local],
  set: (local: number): number[] => [0x21, local],
  /** Adds what `by` leaves to a local integer. */
  advance: (local: number, by: readonly number[]): number[] => [0x20, local, ...by, 0x6a, 0x21, local],
  /** A small integer, 0..63. */
  integer: (value: number): number[] => [0x41, value],
  loop: [0x03, 0x40],
  /** Ends a loop that runs again until the local, less one each time, is 0. */
  again: (local: number): number[] => [0x20, local, 0x41, 0x7f, 0x6a, 0x22, local, 0x0d, 0x00, 0x0b],
  /** The vector at the address in a local, and an offset below 128 bytes. */
  load: (local: number, offset = 0): number[] => [0x20, local, 0xfd, 0x00, 0x02, offset],
  /** Four times the float32 there. */
  loadSplat: (local: number, offset = 0): number[] => [0x20, local, 0xfd, 0x09, 0x02, offset],
  /** Stores the vector on the stack at the address below it. */
  store: (offset = 0): number[] => [0xfd, 0x0b, 0x02, offset],
  zeros: [0xfd, 0x0c, ...new Array<number>(16).fill(0)],
  float32: { add: [0xfd, 0xe4, 0x01], multiply: [0xfd, 0xe6, 0x01] },
  float64: {
    splat: [0xfd, 0x14],
    add: [0xfd, 0xf0, 0x01],
    subtract: [0xfd, 0xf1, 0x01],
    multiply: [0xfd, 0xf2, 0x01],
  },
} as const;

/** A function without result; its parameters are its first locals. */
interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly number[];
  /** Counts and types of further locals. */
  readonly locals: readonly (readonly [number, number])[];
  readonly body: readonly number[];
}

/** An instance: the function and a memory that grows. */
export interface WasmLoop {
  readonly run: (...values: number[]) => void;
  /** Returns the memory, at least `bytes` long; a view of an earlier one may be of no use. */
  memory(bytes: number): ArrayBuffer;
}

const pageBytes = 65536;

/**
 * Returns a maker of instances of the function, each with a memory of its own; the maker returns undefined where the runtime has no
 * WebAssembly with SIMD, or a policy forbids to compile it.
 */
export function wasmLoop(definition: WasmFunction): () => WasmLoop | undefined {
  let compiled: WebAssembly.Module | null | undefined;
  return () => {
    if (compiled === undefined) {
      try {
        compiled = new WebAssembly.Module(encode(definition));
      } catch {
        // The plain loop that the caller keeps gives the same sums, only slower.
        compiled = null;
      }
    }
    if (!compiled) return undefined;
    const exports = new WebAssembly.Instance(compiled).exports as {
      memory: WebAssembly.Memory;
    } & Record<string, WasmLoop["run"]>;
    const { memory } = exports;
    return {
      run: exports[definition.name]!,
      memory(bytes) {
        if (bytes > memory.buffer.byteLength)
          memory.grow(Math.ceil(bytes / pageBytes) - memory.buffer.byteLength / pageBytes);
        return memory.buffer;
      },
    };
  };
}

function encode({ name, parameters, locals, body }: WasmFunction): Uint8Array {
  const text = (value: string): number[] => [
    value.length,
    ...Array.from(value, (char) => char.charCodeAt(0)),
  ];
  const section = (id: number, content: readonly number[]): number[] => [
    id,
    ...leb(content.length),
    ...content,
  ];
  const code = [locals.length, ...locals.flat(), ...body, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters.length, ...parameters, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...text("memory"), 2, 0, ...text(name), 0, 0]),
    ...section(10, [1, ...leb(code.length), ...code]),
  ]);
}

/** Returns an unsigned LEB128. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}
