/** Tests of which models sentences name. */
import { newCollection, newSpeaker, readArtifact } from "@undertone/core/artifact";
import { expect, it } from "vitest";
import { ofAdaptable, readModelFile } from "./open-model.js";
import { shippedModels } from "./shipped.js";

it.each([
  ["collections", newCollection],
  ["speakers", newSpeaker],
] as const)("names the models that ship and adapt to %s", async (to, make) => {
  const manifests = await Promise.all(
    shippedModels.map(({ name }) => readModelFile(name, (bytes) => readArtifact(bytes).manifest)),
  );
  const able = shippedModels.flatMap(({ name }, i) => (manifests[i][to] ? [name] : []));
  const plain = { ...manifests[0], [to]: undefined };
  await expect(ofAdaptable(to, () => make(plain))).rejects.toMatchObject({
    code: "artifact/not-adaptable",
    message: expect.stringContaining(`--model ${able.join(", ").replace(/, ([^,]*)$/, " or $1")}`),
  });
  expect(await ofAdaptable(to, () => 7)).toBe(7);
});
