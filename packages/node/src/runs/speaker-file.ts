/** A speaker's profile in a file, for voices that are heard again. */
import { type ArtifactManifest, newSpeaker, type SpeakerProfile } from "@undertone/core/artifact";
import { isUndertoneError, UndertoneError } from "@undertone/core/errors";
import { z } from "zod";
import { readInput } from "../io/read-input.js";

const profileSchema = z.strictObject({
  model: z.string(),
  heard: z.array(z.strictObject({ scores: z.array(z.number()), marks: z.array(z.number()) })),
});

/**
 * Returns the profile in a file, or that of a speaker of whom nothing has been heard when there is no such file.
 * @throws UndertoneError `file/unreadable` when the file holds no profile; `artifact/not-adaptable`.
 */
export async function readSpeaker(path: string, manifest: ArtifactManifest): Promise<SpeakerProfile> {
  const unheard = newSpeaker(manifest);
  let text: string;
  try {
    text = new TextDecoder().decode(await readInput(path));
  } catch (error) {
    if (isUndertoneError(error, "file/not-found")) return unheard;
    throw error;
  }
  try {
    return profileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UndertoneError(
      "file/unreadable",
      `'${path}' holds no speaker's profile, expected a file that --speaker wrote, or none`,
      { cause },
    );
  }
}
