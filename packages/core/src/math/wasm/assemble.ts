/** The assembler: writes a kernel's expressions down as instructions with the types on the stack in view, and instructions as the bytes of a module. */
import { type Code, type Local, localOf } from "./expressions.js";
import {
  type Immediate,
  type Instruction,
  type InstructionRow,
  instructions,
  type ScalarType,
  type ValueType,
} from "./instructions.js";
import { signedLeb, unsignedLeb } from "./leb128.js";

/** Named locals, alone or several under one name. */
export type Declarations<T extends ValueType = ValueType> = Readonly<Record<string, T | readonly T[]>>;

/** Each declared local. */
export type Locals<D extends Declarations> = {
  readonly [N in keyof D]: D[N] extends ValueType
    ? Local<D[N]>
    : D[N] extends readonly (infer T extends ValueType)[]
      ? readonly Local<T>[]
      : never;
};

/** A function without result as the assembler takes it: its parameters, in their order, its other locals, zeros at first, and its statements. */
export interface Source<P extends Declarations<ScalarType>, L extends Declarations> {
  readonly parameters: P;
  readonly locals?: L;
  body(locals: Locals<P & L>): Code;
}

/** A function that has been checked. */
export interface AssembledFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly code: readonly Instruction[];
}

/**
 * Returns a function's instructions.
 * @throws TypeError that names the kernel, the function and the instruction whose operands have other types than it takes, or that leaves a value nobody
 * takes, or whose immediates are out of range.
 */
export function assemble(
  kernel: string,
  name: string,
  source: Source<Declarations<ScalarType>, Declarations>,
): AssembledFunction {
  const types: ValueType[] = [];
  const names: string[] = [];
  const declare = (declarations: Declarations) =>
    Object.entries(declarations).map(([label, type]) => {
      const all = typeof type === "string" ? [type] : type;
      const locals = all.map((one, i) => {
        names.push(typeof type === "string" ? label : `${label}[${i}]`);
        return localOf(one, types.push(one) - 1);
      });
      return [label, typeof type === "string" ? locals[0] : locals] as const;
    });
  const parameters = declare(source.parameters);
  const parameterCount = types.length;
  const locals = Object.fromEntries([...parameters, ...declare(source.locals ?? {})]);

  const code: Instruction[] = [];
  const stack: ValueType[] = [];
  const fail = ({ name: instruction, immediates }: Instruction, what: string): never => {
    const of = instruction.startsWith("local.") ? ` ${names[Number(immediates[0])]}` : "";
    throw new TypeError(
      `kernel ${kernel}, ${name}, instruction ${code.length} (${instruction}${of}): ${what}`,
    );
  };
  const write = (instruction: Instruction): void => {
    const { takes, gives } = signature(instruction, types);
    const base = stack.length - takes.length;
    if (base < 0 || takes.some((type, i) => stack[base + i] !== type)) {
      const got = stack.slice(Math.max(0, base)).join(", ") || "nothing";
      fail(instruction, `got ${got} on the stack, expected ${takes.join(", ")}`);
    }
    stack.length = base;
    if (gives) stack.push(gives);
    const wrong = immediateError(instruction, types.length);
    if (wrong) fail(instruction, wrong);
    code.push(instruction);
  };
  const statement = (node: Code): void => {
    if (isList(node)) {
      for (const one of node) statement(one);
      return;
    }
    expression(node);
    if (stack.length > 0) fail(node.instruction, `leaves ${stack.join(", ")} that nobody takes`);
  };
  const expression = (node: Exclude<Code, readonly Code[]>): void => {
    for (const one of node.operands) expression(one);
    write(node.instruction);
    if (node.body === undefined) return;
    if (stack.length > 0) fail(node.instruction, `stands where ${stack.join(", ")} wait on the stack`);
    statement(node.body);
    write({ name: "end", immediates: [] });
  };
  statement(source.body(locals as Locals<Declarations>));
  return { name, parameters: types.slice(0, parameterCount), locals: types.slice(parameterCount), code };
}

function isList(code: Code): code is readonly Code[] {
  return Array.isArray(code);
}

/** What an instruction takes and gives in a function with these locals. */
function signature(
  { name, immediates }: Instruction,
  locals: readonly ValueType[],
): { readonly takes: readonly ValueType[]; readonly gives: ValueType | null | undefined } {
  const local = locals[Number(immediates[0])];
  if (name === "local.get") return { takes: [], gives: local };
  if (name === "local.set") return { takes: [local], gives: null };
  if (name === "local.tee") return { takes: [local], gives: local };
  const [, takes, gives] = instructions[name];
  return { takes, gives };
}

/** Numbers that an immediate is made of. */
const lengths: Partial<Readonly<Record<Immediate, number>>> = { bytes: 16, block: 0 };

function immediateError({ name, immediates }: Instruction, locals: number): string | undefined {
  const [, , , wanted = []]: InstructionRow = instructions[name];
  const needed = wanted.reduce((sum, kind) => sum + (lengths[kind] ?? 1), 0);
  if (immediates.length !== needed) return `got ${immediates.length} immediates, expected ${needed}`;
  try {
    writeImmediates({ name, immediates }, () => undefined);
  } catch (error) {
    return (error as Error).message;
  }
  const lane = wanted.indexOf("lane2") >= 0 ? 2 : wanted.indexOf("lane4") >= 0 ? 4 : undefined;
  if (lane !== undefined && Number(immediates.at(-1)) >= lane)
    return `got lane ${immediates.at(-1)}, expected one below ${lane}`;
  if (wanted[0] === "local" && !(Number(immediates[0]) < locals)) return `got a local that is not declared`;
  return undefined;
}

/** Puts down the bytes behind an instruction's code. */
function writeImmediates({ name, immediates }: Instruction, put: (bytes: ArrayLike<number>) => void): void {
  const [, , , wanted = []]: InstructionRow = instructions[name];
  let at = 0;
  for (const kind of wanted) {
    if (kind === "block") put([0x40]);
    else if (kind === "bytes") put(bytesOf(immediates, name === "i8x16.shuffle" ? 32 : 256));
    else if (kind === "f32") put(new Uint8Array(Float32Array.of(Number(immediates[at++])).buffer));
    else if (kind === "f64") put(new Uint8Array(Float64Array.of(Number(immediates[at++])).buffer));
    else if (kind === "i32") put(signedLeb(immediates[at++]));
    else if (kind === "i64") put(signedLeb(immediates[at++], 64));
    else {
      // Before an offset the alignment that is promised: none.
      if (kind === "offset") put([0]);
      put(unsignedLeb(immediates[at++]));
    }
  }
}

function bytesOf(values: Instruction["immediates"], end: number): number[] {
  const wrong = values.find((value) => !(Number(value) >= 0 && Number(value) < end));
  if (wrong !== undefined) throw new RangeError(`got byte ${wrong}, expected one below ${end}`);
  return values.map(Number);
}

const typeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Returns the bytes of a module of functions over the memory that is imported as `memory` of `kernel`; each is exported under its name. */
export function encodeModule(functions: readonly AssembledFunction[]): Uint8Array<ArrayBuffer> {
  const text = (value: string): number[] => [
    value.length,
    ...Array.from(value, (char) => char.charCodeAt(0)),
  ];
  const list = (items: readonly (readonly number[])[]): number[] => [
    ...unsignedLeb(items.length),
    ...items.flat(),
  ];
  const sections: [id: number, content: number[]][] = [
    [1, list(functions.map(({ parameters }) => [0x60, ...list(parameters.map((p) => [typeCodes[p]])), 0]))],
    [2, list([[...text("kernel"), ...text("memory"), 2, 0, 1]])],
    [3, list(functions.map((_, at) => unsignedLeb(at)))],
    [7, list(functions.map(({ name }, at) => [...text(name), 0, ...unsignedLeb(at)]))],
    [10, list(functions.map(encodeFunction))],
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...sections.flatMap(([id, content]) => [id, ...unsignedLeb(content.length), ...content]),
  ]);
}

function encodeFunction({ locals, code }: AssembledFunction): number[] {
  const bytes = [...unsignedLeb(locals.length), ...locals.flatMap((type) => [1, typeCodes[type]])];
  const put = (more: ArrayLike<number>): void => {
    for (let i = 0; i < more.length; i++) bytes.push(more[i]);
  };
  for (const instruction of code) {
    const [number] = instructions[instruction.name];
    put(number > 0xff ? [0xfd, ...unsignedLeb(number & 0xff)] : [number]);
    writeImmediates(instruction, put);
  }
  bytes.push(0x0b);
  return [...unsignedLeb(bytes.length), ...bytes];
}
