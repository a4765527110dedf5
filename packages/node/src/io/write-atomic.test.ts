/** Writes real files; a full disk is Linux' own /dev/full where there is one. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UndertoneError } from "@undertone/core/errors";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileError } from "./file-error.js";
import { writeAtomic } from "./write-atomic.js";

describe("writeAtomic", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "undertone-write-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("writes text and bytes, makes folders, replaces what was there, and leaves nothing else", async () => {
    const path = join(folder, "a/b/report.html");
    await writeAtomic(path, "<p>ä");
    expect(readFileSync(path, "utf8")).toBe("<p>ä");
    await writeAtomic(path, Uint8Array.of(1, 2, 3));
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(readdirSync(join(folder, "a/b"))).toEqual(["report.html"]);
  });

  it("leaves the old file and no draft when it is stopped", async () => {
    const path = join(folder, "model.onnx");
    writeFileSync(path, "old");
    const controller = new AbortController();
    const writing = writeAtomic(path, new Uint8Array(50_000_000), { signal: controller.signal });
    controller.abort();
    await expect(writing).rejects.toMatchObject({ code: "cancelled" });
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["model.onnx"]);
  });

  it("refuses a path that is a folder, or lies below a file", async () => {
    mkdirSync(join(folder, "taken"));
    await expect(writeAtomic(join(folder, "taken"), "x")).rejects.toBeInstanceOf(UndertoneError);
    writeFileSync(join(folder, "file"), "");
    await expect(writeAtomic(join(folder, "file/below"), "x")).rejects.toBeInstanceOf(UndertoneError);
    expect(readdirSync(folder).sort()).toEqual(["file", "taken"]);
  });

  it.skipIf(!existsSync("/dev/full"))(
    "(needs /dev/full) tells a full disk by the code of the operating system",
    () => {
      let thrown: unknown;
      try {
        writeFileSync("/dev/full", "x");
      } catch (error) {
        thrown = error;
      }
      expect(fileError(thrown, "out.onnx")).toMatchObject({
        code: "file/disk-full",
        message: "The disk is full, 'out.onnx' was not written.",
      });
    },
  );
});
