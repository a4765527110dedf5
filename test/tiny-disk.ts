/** A disk of a few KiB, for what happens when one is full; needs Linux and the right to mount. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Resolves when `work` has been done with a disk of so many KiB at `place`. */
export async function onTinyDisk(
  place: string,
  kilobytes: number,
  work: () => void | Promise<void>,
): Promise<void> {
  mkdirSync(place, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", place], { stdio: "ignore" });
  try {
    await work();
  } finally {
    execFileSync("umount", [place]);
  }
}

/** Resolves to whether this process may mount. */
export async function mayMount(): Promise<boolean> {
  const place = mkdtempSync(join(tmpdir(), "undertone-mount-"));
  try {
    await onTinyDisk(place, 16, () => undefined);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
