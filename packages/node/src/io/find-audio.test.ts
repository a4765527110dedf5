/** Walks real folders. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../../../../test/corpora.js";
import { findAudio, lookInto } from "./find-audio.js";

describe("findAudio", () => {
  let folder = "";
  const put = (fixture: string, name: string): void =>
    copyFileSync(join(root, "test/audio", fixture), join(folder, name));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "undertone-find-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("finds audio by content, in order, and what is only named like it", async () => {
    mkdirSync(join(folder, "b/c"), { recursive: true });
    put("s16.flac", "b/c/no-ending");
    put("mono.mp3", "b/speech.txt");
    put("aiff-inside.wav", "a.wav");
    put("vorbis.ogg", "z.ogg");
    writeFileSync(join(folder, "fake.WAV"), "not audio");
    writeFileSync(join(folder, "empty.mp3"), "");
    writeFileSync(join(folder, "readme.md"), "# Hello");
    const found = await findAudio(folder);
    expect(found.map(({ relativePath, container }) => [relativePath, container])).toEqual([
      ["a.wav", "aiff"],
      ["b/c/no-ending", "flac"],
      ["b/speech.txt", "mp3"],
      ["empty.mp3", null],
      ["fake.WAV", null],
      ["z.ogg", "ogg-vorbis"],
    ]);
    expect(found[0]).toEqual({
      path: join(folder, "a.wav"),
      relativePath: "a.wav",
      container: "aiff",
      bytes: 1654,
    });
  });

  it("waits for no pipe that a list names", async () => {
    const pipe = join(folder, "pipe.wav");
    execFileSync("mkfifo", [pipe]);
    put("s16.wav", "a.wav");
    expect(await lookInto([pipe])).toMatchObject([{ path: pipe, container: null }]);
    expect((await findAudio(folder)).map(({ relativePath }) => relativePath)).toEqual(["a.wav"]);
  });

  it("leaves out hidden files and folders", async () => {
    mkdirSync(join(folder, ".cache"));
    put("s16.wav", ".cache/a.wav");
    put("s16.wav", "._b.wav");
    put("s16.wav", "c.wav");
    expect((await findAudio(folder)).map(({ relativePath }) => relativePath)).toEqual(["c.wav"]);
  });

  it("follows symbolic links, but enters no folder twice", async () => {
    mkdirSync(join(folder, "real"));
    put("s16.wav", "real/a.wav");
    symlinkSync(folder, join(folder, "real/loop"));
    symlinkSync(join(folder, "real/a.wav"), join(folder, "link.wav"));
    symlinkSync(join(folder, "nowhere.wav"), join(folder, "broken.wav"));
    expect((await findAudio(folder)).map(({ relativePath, container }) => [relativePath, container])).toEqual(
      [
        ["broken.wav", null],
        ["link.wav", "wav"],
        ["real/a.wav", "wav"],
      ],
    );
  });

  it("finds the clips that ship with the repository", async () => {
    const found = await findAudio(join(root, "examples/clips"));
    expect(found.length).toBe(16);
    expect(found.every(({ container }) => container === "flac")).toBe(true);
  });

  it("refuses a folder that is not there or not a folder, and stops on abort", async () => {
    await expect(findAudio(join(folder, "none"))).rejects.toMatchObject({ code: "file/not-found" });
    put("s16.wav", "a.wav");
    await expect(findAudio(join(folder, "a.wav"))).rejects.toMatchObject({ code: "file/unreadable" });
    await expect(findAudio(folder, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});
