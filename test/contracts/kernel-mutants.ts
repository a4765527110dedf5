/** Kernels with one instruction broken, run in one memory with a limit on their turns. */
import type { AssembledFunction } from "../../packages/core/src/math/wasm/assemble.js";
import { encodeModule } from "../../packages/core/src/math/wasm/encode-module.js";
import {
  type Immediate,
  type Instruction,
  type InstructionName,
  type InstructionRow,
  instructions,
} from "../../packages/core/src/math/wasm/instructions.js";
import type { Kernel, KernelInstance } from "../../packages/core/src/math/wasm/kernel.js";

/** One function of a kernel with one instruction that is another. */
export interface Mutant {
  readonly loop: string;
  /** What was changed: instruction, its place, and what stands there instead. */
  readonly change: string;
  readonly mutated: AssembledFunction;
}

/** Instructions of the same operands and result. Comparisons have two: the other side, and the case of equality. */
const exchanges: readonly (readonly [InstructionName, ...InstructionName[]])[] = [
  ["i32.add", "i32.sub"],
  ["i32.sub", "i32.add"],
  ["i32.mul", "i32.add"],
  ["i32.and", "i32.or"],
  ["i32.shl", "i32.shrU"],
  ["i32.shrU", "i32.shl"],
  ["i32.ne", "i32.eq"],
  ["i32.load16U", "i32.load8U"],
  ["f64.add", "f64.sub"],
  ["f64.div", "f64.mul"],
  ["v128.load", "v128.load64Splat", "v128.load64Zero"],
  ["v128.load32Splat", "v128.load"],
  ["v128.load64Splat", "v128.load"],
  ["v128.load64Zero", "v128.load32Splat"],
  ["v128.and", "v128.or", "v128.andnot"],
  ["v128.or", "v128.and", "v128.andnot"],
  ["v128.not", "f64x2.abs"],
  ["i32x4.gtS", "i32x4.add"],
  ["i32x4.shl", "i32x4.shrU"],
  ["i32x4.add", "i32x4.sub"],
  ["i32x4.truncSatF32x4S", "f32x4.nearest"],
  ["i64x2.shl", "i64x2.shrU"],
  ["i64x2.shrS", "i64x2.shrU"],
  ["i64x2.shrU", "i64x2.shl"],
  ["i64x2.add", "i64x2.sub"],
  ["i64x2.sub", "i64x2.add"],
  ["f32x4.nearest", "f32x4.neg"],
  ["f32x4.sqrt", "f32x4.abs"],
  ["f32x4.add", "f32x4.sub"],
  ["f32x4.sub", "f32x4.add"],
  ["f32x4.mul", "f32x4.add"],
  ["f32x4.pmin", "f32x4.pmax"],
  ["f32x4.pmax", "f32x4.pmin"],
  ["f32x4.ge", "f32x4.le", "f32x4.gt"],
  ["f32x4.demoteF64x2Zero", "f64x2.abs"],
  ["f64x2.sqrt", "f64x2.abs"],
  ["f64x2.add", "f64x2.sub"],
  ["f64x2.sub", "f64x2.add"],
  ["f64x2.mul", "f64x2.add"],
  ["f64x2.div", "f64x2.mul"],
  ["f64x2.pmin", "f64x2.pmax"],
  ["f64x2.pmax", "f64x2.pmin"],
  ["f64x2.gt", "f64x2.lt", "f64x2.ge"],
  ["f64x2.ge", "f64x2.le", "f64x2.gt"],
  ["f64x2.promoteLowF32x4", "f64x2.abs"],
];
const exchangedFor = new Map<InstructionName, readonly InstructionName[]>(
  exchanges.map(([name, ...others]) => [name, others]),
);

/** Returns every mutant of a function. @throws Error for an instruction that nothing would change: it needs an exchange. */
export function mutantsOf(original: AssembledFunction): Mutant[] {
  const { name: loop, code } = original;
  const types = [...original.parameters, ...original.locals];
  const says = ({ name, immediates }: Instruction): string => [name, ...immediates].join(" ");
  return code.flatMap((instruction, at) => {
    const { name, immediates } = instruction;
    if (name === "loop" || name === "end") return [];
    const replaced: Instruction[][] = [];
    const replace = (...others: Instruction[]): void => void replaced.push(others);
    for (const other of exchangedFor.get(name) ?? []) replace({ name: other, immediates });
    const [, , , kinds = []]: InstructionRow = instructions[name];
    if (kinds[0] === "local") {
      const index = Number(immediates[0]);
      const others = types.flatMap((type, i) => (type === types[index] && i !== index ? [i] : []));
      const next = others.find((i) => i > index) ?? others[0];
      if (next !== undefined) replace({ name, immediates: [next] });
    } else if (kinds[0] === "bytes") {
      const half = (from: number): void => replace({ name, immediates: brokenHalf(name, immediates, from) });
      half(0);
      half(8);
    } else
      kinds.forEach((kind, i) => {
        const step = steps[kind];
        if (step)
          replace({
            name,
            immediates: immediates.map((value, k) => (k === i ? step(Number(value)) : value)),
          });
      });
    if (name === "if" || name === "brIf") replace({ name: "i32.eqz", immediates: [] }, instruction);
    if (name === "v128.bitselect") replace({ name: "v128.not", immediates: [] }, instruction);
    if (replaced.length === 0 && kinds[0] !== "local" && !unchangeable.includes(name))
      throw new Error(`kernel-mutants: got ${name} in ${loop}, expected an instruction with an exchange`);
    return replaced.map((others) => ({
      loop,
      change: `${at} ${says(instruction)} → ${others.map(says).join(", ")}`,
      mutated: { ...original, code: code.toSpliced(at, 1, ...others) },
    }));
  });
}

/** No other instruction takes and gives the same types, or only ones that give the same here. */
const unchangeable: readonly InstructionName[] = [
  ...(["v128.anyTrue", "f32.demote", "f64.promote", "f64.convertI64S"] as const),
  ...(["i32x4.splat", "f32x4.splat", "f64x2.splat"] as const),
];

const steps: Partial<Record<Immediate, (value: number) => number>> = {
  offset: (value) => value + 8,
  lane2: (lane) => 1 - lane,
  lane4: (lane) => (lane + 1) % 4,
  i32: (value) => value + 1,
  f32: (value) => value + 1,
  f64: (value) => value + 1,
};

/** Bytes from..from + 7 of a shuffle taken from the other half, of a constant those of another number, float32 or float64. */
function brokenHalf(name: string, bytes: Instruction["immediates"], from: number): number[] {
  const half = bytes.slice(from, from + 8).map(Number);
  const isInteger = half[0] !== 0 && half.slice(1, 4).every((byte) => byte === 0);
  const change = half.every((byte) => byte === 0) ? 0x40 : 0x10;
  return bytes.map((value, i) => {
    const byte = Number(value);
    if (name === "i8x16.shuffle") return i >= from && i < from + 8 ? (byte + 8) % 32 : byte;
    return (i - from) % 4 === (isInteger ? 0 : 3) && i >= from && i < from + 8 ? byte ^ change : byte;
  });
}

const pageBytes = 65536;

/** Runs a kernel's mutants one after the other in the same memory. */
export function mutantRunner(
  kernel: Kernel,
  outputs: (loops: KernelInstance) => readonly ArrayLike<number>[],
) {
  const functions = kernel.assemble();
  const wanted = outputs(kernel.openPlain());
  // How much memory, and how many turns, the sound loops take.
  let bytes = 0;
  const { run, memory: sound } = kernel.open();
  outputs({
    name: "simd",
    run,
    memory(needed) {
      bytes = Math.max(bytes, needed);
      return sound(needed);
    },
  });
  const pages = Math.max(1, Math.ceil(bytes / pageBytes));
  const memory = new WebAssembly.Memory({ initial: pages + 1 });
  const turnsAt = pages * pageBytes;
  const turns = new Int32Array(memory.buffer, turnsAt, 1);
  const used = new Uint8Array(memory.buffer, 0, turnsAt);
  const loopOf = (one: AssembledFunction) => {
    const module = new WebAssembly.Module(encodeModule(limited(one, turnsAt)));
    return new WebAssembly.Instance(module, { kernel: { memory } }).exports as KernelInstance["run"];
  };
  const loops: KernelInstance["run"] = Object.assign({}, ...functions.map(loopOf));
  const compute = (run: KernelInstance["run"], limit: number): readonly ArrayLike<number>[] => {
    used.fill(0);
    turns[0] = limit;
    return outputs({ name: "simd", run, memory: () => memory.buffer });
  };
  const limit = 2 ** 31 - 1;
  const same = sameBits(compute(loops, limit), wanted);
  const enough = 2 * (limit - turns[0]) + 100;
  return {
    functions,
    /** Whether the sound kernel gives the plain one's bits. */
    same,
    /** Tells whether a mutant gives something else, or fails. */
    notices({ mutated }: Mutant): boolean {
      const broken = { ...loops, ...loopOf(mutated) };
      try {
        return !sameBits(compute(broken, enough), wanted);
      } catch {
        return true;
      }
    },
  };
}

/** Returns the function with a count of turns at an address, and a trap when it is used up. */
function limited(original: AssembledFunction, address: number): AssembledFunction {
  const op = (name: InstructionName, ...immediates: number[]): Instruction => ({ name, immediates });
  const at = op("i32.const", address);
  const countdown = [
    ...[at, at, op("i32.load", 0), op("i32.const", -1), op("i32.add"), op("i32.store", 0)],
    ...[at, op("i32.load", 0), op("i32.eqz"), op("if")],
    ...[op("i32.const", -1), at, op("i32.store", 0), op("end")],
  ];
  const code = original.code.flatMap((one) => (one.name === "loop" ? [one, ...countdown] : [one]));
  return { ...original, code };
}

function sameBits(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): boolean {
  return a.every((values, i) => {
    const others = b[i];
    for (let k = 0; k < values.length; k++) if (!Object.is(values[k], others[k])) return false;
    return values.length === others.length;
  });
}
