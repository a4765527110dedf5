/**
 * Kernels: loops written twice, as WebAssembly with SIMD and as plain code, over one memory. A kernel from start to end:
 *
 *     const doubling = kernel("doubling", {
 *       // Doubles `quads` groups of four float32 from the address `at` on.
 *       double: {
 *         parameters: named("i32", "at", "quads"),
 *         locals: { ...named("v128", "value"), sums: several("v128", 2) }, // zeros at first; sums[0] and sums[1] are not needed here
 *         body: ({ at, quads, value }) =>
 *           repeat(quads, [
 *             set(value, v128.load(at)),
 *             v128.store(at, f32x4.add(value, value)),
 *             advance(at, 16),
 *           ]),
 *         // The fallback where WebAssembly is not allowed, and the oracle of the tests: the same bits, operation by operation.
 *         plain({ f32 }, at, quads) {
 *           for (let i = at / 4; i < at / 4 + 4 * quads; i++) f32[i] += f32[i];
 *         },
 *       },
 *     });
 *     const { run, memory } = doubling.open();
 *     const values = new Float32Array(memory(64), 0, 16); // at least 64 bytes; a later call for more replaces the buffer
 *     run.double(0, 4);
 *
 * `body` gives records (`expressions.ts`), instructions are those of the table in `instructions.ts`: an instruction that is missing is one line there.
 * What does not fit on the stack of types is a TypeError that names kernel, loop and instruction. A function that uses a kernel takes its instance as an
 * option with `kernel.open()` as default, so that tests give it a plain one or a broken one; each kernel owes `test/contracts/kernel-list.ts` an entry,
 * by which every instruction is broken in turn and has to be noticed, and a benchmark that shows what it saves.
 */
import {
  type AssembledFunction,
  assemble,
  type Declarations,
  encodeModule,
  type Locals,
} from "./assemble.js";
import type { Code } from "./expressions.js";
import type { ScalarType, ValueType } from "./instructions.js";

/** Views of a plain kernel's memory. */
export interface PlainMemory {
  readonly f32: Float32Array;
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  readonly u8: Uint8Array;
}

/** A loop: parameters in the order of the call, further locals, statements, and the same in plain code. */
export interface Loop<P extends Declarations<ScalarType>, L extends Declarations> {
  readonly parameters: P;
  readonly locals?: L;
  body(locals: Locals<P & L>): Code;
  plain(memory: PlainMemory, ...values: number[]): void;
}

/** A loop whose locals only its body knows. */
export type AnyLoop = Loop<Declarations<ScalarType>, Declarations>;

/** Loops with a memory of their own. */
export interface KernelInstance<Name extends string = string> {
  readonly name: "simd" | "plain";
  readonly run: Readonly<Record<Name, (...values: number[]) => void>>;
  /** Returns the memory, at least `bytes` long, zeros at first; a view of an earlier one may be of no use. */
  memory(bytes: number): ArrayBuffer;
}

export interface Kernel<Name extends string = string> {
  readonly name: string;
  /** Returns the quickest loops that this runtime has. @throws TypeError for a kernel that is no valid module. */
  open(): KernelInstance<Name>;
  /** Returns the plain loops. */
  openPlain(): KernelInstance<Name>;
  /** Returns the checked functions, one a loop. @throws TypeError for one that does not fit together. */
  assemble(): AssembledFunction[];
}

/** Declares locals of one type. */
export function named<T extends ValueType, N extends string>(type: T, ...names: readonly N[]): Record<N, T> {
  return Object.fromEntries(names.map((name) => [name, type])) as Record<N, T>;
}

/** Declares as many locals of a type under one name. */
export function several<T extends ValueType>(type: T, count: number): readonly T[] {
  return new Array<T>(count).fill(type);
}

/** Returns the loop as it is: here the compiler learns which locals there are. */
export function loop<
  P extends Declarations<ScalarType>,
  L extends Declarations = Readonly<Record<never, never>>,
>(source: Loop<P, L>): AnyLoop {
  return source as AnyLoop;
}

/** Returns the kernel of the loops, which are assembled and compiled when it is first opened. */
export function kernel<Name extends string>(
  name: string,
  loops: Readonly<Record<Name, AnyLoop>>,
): Kernel<Name> {
  const entries = Object.entries<AnyLoop>(loops) as [Name, AnyLoop][];
  const functions = (): AssembledFunction[] => entries.map(([loop, source]) => assemble(name, loop, source));
  let compiled: WebAssembly.Module | undefined;
  const openPlain = (): KernelInstance<Name> => plainInstance(entries);
  return {
    name,
    assemble: functions,
    openPlain,
    open() {
      if (!allowsSimd()) return openPlain();
      compiled ??= compile(name, functions());
      return simdInstance(compiled);
    },
  };
}

function compile(name: string, functions: readonly AssembledFunction[]): WebAssembly.Module {
  try {
    return new WebAssembly.Module(encodeModule(functions));
  } catch (error) {
    throw new TypeError(`kernel ${name}: the runtime refuses its module: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

let allowed: boolean | undefined;

/** Tells whether this runtime compiles WebAssembly with SIMD: an old one cannot, a policy may forbid it. */
export function allowsSimd(): boolean {
  if (allowed === undefined) {
    // A function that adds two vectors of zeros, byte by byte as a known encoder wrote it.
    const zeros = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
    const body = [0x00, ...zeros, ...zeros, 0xfd, 0xf0, 0x01, 0x1a, 0x0b];
    const probe = [
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, body.length + 2, 1, body.length, ...body],
    ];
    try {
      new WebAssembly.Module(Uint8Array.from(probe));
      allowed = true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

const pageBytes = 65536;

function simdInstance<Name extends string>(module: WebAssembly.Module): KernelInstance<Name> {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(module, { kernel: { memory } });
  return {
    name: "simd",
    run: { ...exports } as KernelInstance<Name>["run"],
    memory(bytes) {
      if (bytes > memory.buffer.byteLength)
        memory.grow(Math.ceil(bytes / pageBytes) - memory.buffer.byteLength / pageBytes);
      return memory.buffer;
    },
  };
}

function plainInstance<Name extends string>(
  entries: readonly (readonly [Name, AnyLoop])[],
): KernelInstance<Name> {
  let views = viewsOf(new ArrayBuffer(0));
  const run = entries.map(([name, { plain }]) => [
    name,
    (...values: number[]): void => plain(views, ...values),
  ]);
  return {
    name: "plain",
    run: Object.fromEntries(run) as KernelInstance<Name>["run"],
    memory(bytes) {
      if (bytes > views.u8.length) {
        const { u8 } = views;
        views = viewsOf(new ArrayBuffer(16 * Math.ceil(bytes / 16)));
        (views.u8 as Uint8Array).set(u8);
      }
      return views.u8.buffer as ArrayBuffer;
    },
  };
}

function viewsOf(buffer: ArrayBuffer): PlainMemory {
  return {
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
    i32: new Int32Array(buffer),
    u8: new Uint8Array(buffer),
  };
}
