/**
 * Kernels: loops written twice, as WebAssembly with SIMD and as plain code, over one memory. A kernel from start to end:
 *
 *     const scalingKernel = kernel("scaling", {
 *       // Multiplies `quads` groups of four float32 from the address `at` on, at least one.
 *       scale: loop({
 *         parameters: { ...named("i32", "at", "quads"), factor: "f32" }, // in the order of the call
 *         locals: named("v128", "factors"), // zeros at first; `several("v128", 4)` declares four under one name
 *         body: ({ at, quads, factor, factors }) => [
 *           set(factors, f32x4.splat(factor)),
 *           repeat(quads, [v128.store(at, f32x4.mul(v128.load(at), factors)), advance(at, 16)]),
 *         ],
 *         // The fallback where WebAssembly is not allowed, and the oracle of the tests: the same bits, operation by operation.
 *         plain({ f32 }, at, quads, factor) {
 *           for (let i = at / 4; i < at / 4 + 4 * quads; i++) f32[i] *= Math.fround(factor);
 *         },
 *       }),
 *     });
 *     const { run, memory } = scalingKernel.open();
 *     const values = new Float32Array(memory(64), 0, 16); // at least 64 bytes; a later call for more replaces the buffer
 *     run.scale(0, 4, 0.5);
 *
 * `body` gives records (`expressions.ts`); instructions are those of the table in `instructions.ts`, where one that is missing is one line more.
 * What does not fit on the stack of types is a TypeError that names kernel, loop and instruction. Each loop is compiled when it is first run. Who uses a
 * kernel takes its instance as an option with `kernel.open()` as default, so that tests give it a plain one or a broken one; each kernel owes
 * `test/contracts/kernel-list.ts` an entry, by which every instruction is broken in turn and has to be noticed, and a benchmark that shows what it saves.
 */
import { type AssembledFunction, assemble, type Declarations, type Locals } from "./assemble.js";
import { encodeModule } from "./encode-module.js";
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

/** Loops with a memory of their own; ask for a loop where it is run, `run.loop(…)`, as the first run puts another function there. */
export interface KernelInstance<Name extends string = string> {
  readonly name: "simd" | "plain";
  readonly run: Readonly<Record<Name, (...values: number[]) => void>>;
  /** Returns the memory, at least `bytes` long, zeros at first; a view of an earlier one may be of no use. */
  memory(bytes: number): ArrayBuffer;
}

export interface Kernel<Name extends string = string> {
  readonly name: string;
  /** Returns the quickest loops that this runtime has; one that is no valid module is a TypeError when it is run. */
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

/** Returns the kernel of the loops, each of which is assembled and compiled when it is first run. */
export function kernel<Name extends string>(
  name: string,
  loops: Readonly<Record<Name, AnyLoop>>,
): Kernel<Name> {
  const names = Object.keys(loops) as Name[];
  const modules = new Map<Name, WebAssembly.Module>();
  const moduleOf = (loop: Name): WebAssembly.Module => {
    const known = modules.get(loop) ?? compile(name, assemble(name, loop, loops[loop]));
    modules.set(loop, known);
    return known;
  };
  const openPlain = (): KernelInstance<Name> => plainInstance(names, loops);
  return {
    name,
    openPlain,
    open: () => (allowsSimd() ? simdInstance(names, moduleOf) : openPlain()),
    assemble: () => names.map((loop) => assemble(name, loop, loops[loop])),
  };
}

function compile(name: string, assembled: AssembledFunction): WebAssembly.Module {
  try {
    return new WebAssembly.Module(encodeModule(assembled));
  } catch (error) {
    const { message } = error as Error;
    throw new TypeError(`kernel ${name}, ${assembled.name}: the runtime refuses its module: ${message}`, {
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

function simdInstance<Name extends string>(
  names: readonly Name[],
  moduleOf: (loop: Name) => WebAssembly.Module,
): KernelInstance<Name> {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const run = {} as Record<Name, (...values: number[]) => void>;
  for (const name of names) {
    run[name] = (...values) => {
      const { exports } = new WebAssembly.Instance(moduleOf(name), { kernel: { memory } });
      run[name] = exports[name] as (typeof run)[Name];
      run[name](...values);
    };
  }
  return {
    name: "simd",
    run,
    memory(bytes) {
      if (bytes > memory.buffer.byteLength)
        memory.grow(Math.ceil(bytes / pageBytes) - memory.buffer.byteLength / pageBytes);
      return memory.buffer;
    },
  };
}

function plainInstance<Name extends string>(
  names: readonly Name[],
  loops: Readonly<Record<Name, AnyLoop>>,
): KernelInstance<Name> {
  let views = viewsOf(new ArrayBuffer(0));
  const run = {} as Record<Name, (...values: number[]) => void>;
  for (const name of names) run[name] = (...values) => loops[name].plain(views, ...values);
  return {
    name: "plain",
    run,
    memory(bytes) {
      if (bytes > views.u8.length) {
        const { u8 } = views;
        views = viewsOf(new ArrayBuffer(16 * Math.ceil(bytes / 16)));
        views.u8.set(u8);
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
