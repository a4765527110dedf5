/** The bytes of a module (WebAssembly core specification 2.0, 5.5). */
import type { AssembledFunction } from "./assemble.js";
import { type Instruction, type InstructionRow, instructions, type ValueType } from "./instructions.js";
import { signedLeb, unsignedLeb } from "./leb128.js";

const typeCodes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Returns the bytes of a module of one function, exported under its name, over the memory that is imported as `memory` of `kernel`. */
export function encodeModule({ name, parameters, locals, code }: AssembledFunction): Uint8Array<ArrayBuffer> {
  const body = unsignedLeb(locals.length);
  for (const type of locals) body.push(1, typeCodes[type]);
  for (const instruction of code) encodeInstruction(instruction, body);
  body.push(0x0b);
  const length = unsignedLeb(body.length);
  const head = [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters.length, ...parameters.map((type) => typeCodes[type]), 0]),
    ...section(2, [1, ...text("kernel"), ...text("memory"), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text(name), 0, 0]),
    ...[10, ...unsignedLeb(1 + length.length + body.length), 1, ...length],
  ];
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

function text(value: string): number[] {
  return [value.length, ...Array.from(value, (char) => char.charCodeAt(0))];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, content.length, ...content];
}

function encodeInstruction({ name, immediates }: Instruction, bytes: number[]): void {
  const [code, , , wanted]: InstructionRow = instructions[name];
  if (code > 0xff) {
    bytes.push(0xfd);
    pushUnsigned(code & 0xff, bytes);
  } else bytes.push(code);
  if (!wanted) return;
  let at = 0;
  for (const kind of wanted) {
    if (kind === "block") bytes.push(0x40);
    else if (kind === "bytes") for (; at < 16; at++) bytes.push(Number(immediates[at]));
    else if (kind === "f32") bytes.push(...new Uint8Array(Float32Array.of(Number(immediates[at++])).buffer));
    else if (kind === "f64") bytes.push(...new Uint8Array(Float64Array.of(Number(immediates[at++])).buffer));
    else if (kind === "i32") bytes.push(...signedLeb(immediates[at++]));
    else if (kind === "i64") bytes.push(...signedLeb(immediates[at++], 64));
    else {
      // Before an offset the alignment that is promised: none.
      if (kind === "offset") bytes.push(0);
      pushUnsigned(Number(immediates[at++]), bytes);
    }
  }
}

function pushUnsigned(value: number, bytes: number[]): void {
  if (value < 128) bytes.push(value);
  else bytes.push(...unsignedLeb(value));
}
