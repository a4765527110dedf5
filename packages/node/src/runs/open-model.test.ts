/** Tests of which models sentences name. */
import { adaptsTo, newCollection, newSpeaker, readArtifact } from "@undertone/core/artifact";
import { expect, it } from "vitest";
import { ofAdaptable, readModelFile } from "./open-model.js";
import { shippedModels } from "./shipped.js";

it.each([
  ["collection", newCollection],
  ["speaker", newSpeaker],
] as const)("names the models that ship and adapt to a %s", async (to, make) => {
  const manifests = await Promise.all(
    shippedModels.map(({ name }) => readModelFile(name, (bytes) => readArtifact(bytes).manifest)),
  );
  const able = shippedModels.flatMap(({ name }, i) => (adaptsTo(manifests[i], to) ? [name] : []));
  const { speakers: _, collections: __, ...plain } = manifests[0];
  expect(able).toContain(to === "speaker" ? "ravdess-best" : "open");
  expect(able).toContain("strangers");
  await expect(ofAdaptable(to, () => make(plain))).rejects.toMatchObject({
    code: "artifact/not-adaptable",
    message: expect.stringContaining(`--model ${able.join(", ").replace(/, ([^,]*)$/, " or $1")}`),
  });
  expect(await ofAdaptable(to, () => 7)).toBe(7);
});
