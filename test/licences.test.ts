/** What a production install brings is free of the GPL: the product is MIT, and who passes it on must be bound by nothing more than LGPL's. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./corpora.js";

interface Locked {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly license?: string;
}

const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  packages: Record<string, Locked>;
};
/** Folder -> what the lock says, of packages that an install without development's would bring. */
const installed = Object.entries(lock.packages).filter(
  ([folder, { dev, link }]) => folder.includes("node_modules/") && !dev && !link,
);

/** Returns whether a licence expression (SPDX) leaves no choice but the GPL or AGPL. */
function bindsToGpl(expression: string): boolean {
  return expression
    .split(/\s+OR\s+/i)
    .every((choice) => choice.split(/\s+AND\s+/i).some((each) => /^\(*A?GPL/i.test(each.trim())));
}

describe("licences of a production install", () => {
  it("tells the GPL from its kin", () => {
    const bound = ["GPL-2.0", "AGPL-3.0-only", "MIT AND GPL-2.0-or-later", "GPL-2.0 OR GPL-3.0", "(GPL-3.0)"];
    const free = [
      "MIT",
      "LGPL-2.1",
      "LGPL-3.0-or-later",
      "MIT OR GPL-2.0",
      "(BSD-2-Clause OR GPL-2.0)",
      "MPL-2.0",
    ];
    expect(bound.filter(bindsToGpl)).toEqual(bound);
    expect(free.filter(bindsToGpl)).toEqual([]);
  });

  it("names a licence for each package, and for none the GPL", () => {
    expect(installed.length).toBeGreaterThan(20);
    const said = installed.map(([folder, { license }]) => {
      const path = join(root, folder, "package.json");
      const own = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).license : undefined;
      return { folder, licence: String(own?.type ?? own ?? license ?? "none") };
    });
    expect(said.filter(({ licence }) => licence === "none" || bindsToGpl(licence))).toEqual([]);
  });

  it("finds no text of the GPL where packages keep their licences", () => {
    const texts = installed.flatMap(([folder]) => {
      const path = join(root, folder);
      const files = existsSync(path)
        ? readdirSync(path).filter((file) => /^(licen[cs]e|copying)/i.test(file))
        : [];
      return files.map((file) => [join(folder, file), readFileSync(join(path, file), "utf8")] as const);
    });
    expect(texts.length).toBeGreaterThan(10);
    const gpl = texts.filter(([, text]) => /^\s*GNU (AFFERO )?GENERAL PUBLIC LICENSE/i.test(text));
    expect(gpl.map(([file]) => file)).toEqual([]);
  });

  it("takes an FFmpeg that was built without its parts under the GPL", () => {
    const [folder] = installed.find(([name]) => name.includes("@libav.js/"))!;
    const dist = join(root, folder, "dist");
    for (const file of readdirSync(dist).filter((name) => /\.simd\.(js|wasm)$/.test(name))) {
      const text = readFileSync(join(dist, file), "latin1");
      expect(text).not.toMatch(/--enable-(gpl|nonfree)|libx26[45]|license: GPL/);
      if (file.endsWith(".js")) expect(text).toContain("GNU LESSER GENERAL PUBLIC LICENSE");
    }
  });
});
