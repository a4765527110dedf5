/** Where the optional corpora and reference values are; tests that need them skip by name where they are absent. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

function folder(variable: string, fallback: string): string | undefined {
  const path = resolve(root, process.env[variable] ?? fallback);
  return existsSync(path) ? path : undefined;
}

/** The corpora folder (`UNDERTONE_CORPORA`, default `../shared/corpora`), or undefined where it is absent. */
export const corpora = folder("UNDERTONE_CORPORA", "../shared/corpora");

/** The reference folder (`UNDERTONE_REFERENCE`, default `../shared/reference`), or undefined where it is absent. */
export const reference = folder("UNDERTONE_REFERENCE", "../shared/reference");

/** One corpus' folder below `corpora`, or undefined where it is absent. */
export function corpus(name: string): string | undefined {
  const path = corpora && join(corpora, name);
  return path && existsSync(path) ? path : undefined;
}
