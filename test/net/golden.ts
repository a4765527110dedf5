/** Golden files of the net: how they are written, read and compared. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../corpora.js";
import { tolerance } from "./tolerance.js";

/** What stands in a golden file. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The folder of the net. */
export const folder = join(root, "test/net");

/** Returns a document with every number rounded to nine significant digits, and without what JSON does not hold. */
export function rounded(document: unknown): Json {
  return JSON.parse(
    JSON.stringify(document, (_, value) =>
      typeof value === "number" ? Number(value.toPrecision(9)) : value,
    ),
  );
}

/** Returns the golden document of a path below test/net, such as `golden/examples.json`. */
export function readGolden<T>(path: string): T {
  return JSON.parse(readFileSync(join(folder, path), "utf8")) as T;
}

/** Writes a document where `readGolden` finds it, one entry a line down to the given depth. */
export function writeGolden(path: string, document: unknown, depth = 2): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${lines(rounded(document), depth, "")}\n`);
}

function lines(value: Json, depth: number, indent: string): string {
  if (depth === 0 || value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  const list = Array.isArray(value);
  const entries = list
    ? value.map((one) => lines(one, depth - 1, inner))
    : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${lines(one, depth - 1, inner)}`);
  if (entries.length === 0) return list ? "[]" : "{}";
  const [open, close] = list ? "[]" : "{}";
  return `${open}\n${entries.map((entry) => inner + entry).join(",\n")}\n${indent}${close}`;
}

/** How far two numbers may lie apart. */
export interface Allowed {
  /** Default `tolerance`. */
  readonly absolute?: number;
  /** As a part of the golden number; default 0. */
  readonly relative?: number;
}

/** Returns one line for each place where a document is not what the golden one is; none when they agree. */
export function differences(
  actual: unknown,
  golden: unknown,
  allowed: Allowed | ((path: string) => Allowed) = {},
): string[] {
  const found: string[] = [];
  walk(rounded(actual), rounded(golden), "", (path, got, expected) => {
    if (typeof got === "number" && typeof expected === "number") {
      const { absolute = tolerance, relative = 0 } = typeof allowed === "function" ? allowed(path) : allowed;
      // Both are rounded to nine digits.
      const rounding = 1e-8 * Math.abs(expected);
      if (Math.abs(got - expected) <= absolute + relative * Math.abs(expected) + rounding) return;
    }
    found.push(`${path || "all"}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
  });
  return found;
}

/** Returns how far the numbers of two documents lie apart at most, and how many other things are unlike. */
export function distance(actual: unknown, golden: unknown): { greatest: number; other: number } {
  let [greatest, other] = [0, 0];
  walk(rounded(actual), rounded(golden), "", (_, got, expected) => {
    if (typeof got === "number" && typeof expected === "number")
      greatest = Math.max(greatest, Math.abs(got - expected));
    else other++;
  });
  return { greatest, other };
}

type Unlike = (path: string, got: Json | undefined, expected: Json | undefined) => void;

function walk(got: Json | undefined, expected: Json | undefined, path: string, unlike: Unlike): void {
  if (Object.is(got, expected)) return;
  const both = [got, expected].every((one) => typeof one === "object" && one !== null);
  if (!both || Array.isArray(got) !== Array.isArray(expected)) {
    unlike(path, got, expected);
    return;
  }
  const [a, b] = [got, expected] as Record<string, Json>[];
  for (const key of new Set([...Object.keys(b), ...Object.keys(a)]))
    walk(a[key], b[key], path === "" ? key : `${path}.${key}`, unlike);
}
