/** What a run leaves behind in the user's folders and in the system's temporary one: nothing that was not asked for. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../corpora.js";
import { runUndertone, temporaryFolder } from "./run-undertone.js";

const clip = join(root, "examples/clips/03-01-05-02-01-01-16.flac");

// The network runs in the command's own thread in the one, in a worker in the other.
it.each([
  ["predict", clip],
  ["features", clip, "--set", "speech-embedding-v1"],
])("%s leaves no device id, database or log of the runtime's telemetry", async (...args) => {
  const home = temporaryFolder();
  const temporary = temporaryFolder();
  const { code } = await runUndertone(args, {
    env: { HOME: home, XDG_CACHE_HOME: home, TMPDIR: temporary, UNDERTONE_CACHE: temporaryFolder() },
  });
  expect(code).toBe(0);
  expect([home, temporary].flatMap((folder) => readdirSync(folder))).toEqual([]);
});
