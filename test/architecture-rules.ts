/** Reads the dependency tables of ARCHITECTURE.md and says where a tree of sources departs from them, or goes in circles. */
import { posix } from "node:path";

/** What each folder of one place may import; folders are in the order of the table. */
export interface FolderTable {
  /** Such as `packages/core/src`. */
  readonly base: string;
  readonly mayImport: ReadonlyMap<string, readonly string[]>;
}

/** One import of a file by its specifier. */
interface Import {
  readonly specifier: string;
  /** Whether only types come, so that nothing is left of it at run time. */
  readonly byType: boolean;
}

/** Sources by path from the root of the repository, with slashes. */
export type Tree = ReadonlyMap<string, string>;

/**
 * Returns the tables whose first column is headed "folder of `BASE`" or "package". A cell names folders in backquotes; "all of the above" is every
 * folder of the rows before.
 */
export function readTables(markdown: string): FolderTable[] {
  return [...markdown.matchAll(/^\| (?:folder of `([^`]+)`|package) \|.*\n\|[ -|]+\n((?:\|.*\n?)+)/gm)].map(
    ([, base = "", body]) => {
      const mayImport = new Map<string, readonly string[]>();
      for (const row of body.trim().split("\n")) {
        const [, folders, allowed] = row.split("|");
        const named = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
        const imports = allowed.includes("all of the above") ? [...mayImport.keys()] : named(allowed);
        for (const folder of named(folders)) mayImport.set(folder, imports);
      }
      return { base, mayImport };
    },
  );
}

/** Returns what a source imports, statically or not. */
export function imports(text: string): Import[] {
  const statements =
    /\b(?:import|export)\s+(type\s)?\s*([\w*\s{},$]+?)\s+from\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']/g;
  return [...text.matchAll(statements)].map(([, type, names = "", from, plain]) => {
    const list = /^\s*\{([^}]*)\}\s*$/
      .exec(names)?.[1]
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean);
    const byType = type !== undefined || (list?.every((name) => name.startsWith("type ")) ?? false);
    return { specifier: from ?? plain, byType };
  });
}

/** Returns the files of the tree that each of its files imports from its own package. */
function graph(tree: Tree, keep: (one: Import) => boolean): Map<string, string[]> {
  const edges = new Map<string, string[]>();
  for (const [file, text] of tree) {
    const targets = imports(text)
      .filter((one) => one.specifier.startsWith(".") && keep(one))
      .map(({ specifier }) => posix.join(file, "..", specifier).replace(/\.js$/, ""))
      .map((target) => [`${target}.ts`, `${target}.tsx`].find((path) => tree.has(path)));
    edges.set(file, [...new Set(targets.filter((target) => target !== undefined))]);
  }
  return edges;
}

/** Returns the nodes of each circle of a graph (its strongly connected components of more than one node; Tarjan 1972), sorted. */
export function circles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    lowest.set(node, order.get(node)!);
    open.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
    }
    if (lowest.get(node) !== order.get(node)) return;
    const members = open.splice(open.indexOf(node)).sort();
    if (members.length > 1) found.push(members);
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return found;
}

/** Returns the circles between files: by value, or by types as well. */
export function fileCircles(tree: Tree, { types }: { readonly types: boolean }): string[][] {
  return circles(graph(tree, ({ byType }) => types || !byType));
}

/**
 * Returns a sentence for each import between folders that the table does not have, each folder that it does not know, and each circle in it. A file that is in no folder
 * stands above all folders, but `errors.ts` below all.
 */
export function departures(tree: Tree, { base, mayImport }: FolderTable): string[] {
  const found = circles(mayImport).map((circle) => `The table of ${base} has a circle: ${circle.join(", ")}`);
  for (const [file, targets] of graph(tree, () => true)) {
    const [folder, ...rest] = file.slice(base.length + 1).split("/");
    if (!file.startsWith(`${base}/`) || (rest.length === 0 && folder !== "errors.ts")) continue;
    const allowed = mayImport.get(folder);
    if (rest.length > 0 && !allowed) found.push(`${base}/${folder} is not in the table`);
    for (const target of targets) {
      const [other, ...deeper] = target.slice(base.length + 1).split("/");
      const below =
        other === folder || (deeper.length === 0 ? other === "errors.ts" : allowed?.includes(other));
      if (!below) found.push(`${file} imports ${target}`);
    }
  }
  return [...new Set(found)];
}
