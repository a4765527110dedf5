/** Tests of the sentences about recordings that gave no features. */
import { expect, it } from "vitest";
import { nothingLeft, refuseBroken } from "./extract-table.js";

const silent = (id: string) => ({
  id,
  file: `/x/${id}`,
  code: "audio/silent",
  message: "Silent audio, expected sound",
});
const cut = { id: "c.wav", file: "/x/c.wav", code: "audio/truncated", message: "'/x/c.wav' is cut short." };

it("names a reason once, and leaves none out where nothing would be left", () => {
  const broken = [silent("a.wav"), cut, silent("b.wav")];
  expect(() => refuseBroken(broken, { name: "mine", total: 4 })).toThrow(
    "3 of 4 recordings of 'mine' are broken: a.wav, b.wav (Silent audio, expected sound); c.wav is cut short; --skip-broken leaves them out",
  );
  expect(() => refuseBroken(broken, { name: "mine", total: 3 })).toThrow(
    /c.wav is cut short; expected recordings that can be heard$/,
  );
  expect(nothingLeft(broken.slice(0, 1), { name: "mine", total: 1 }).message).toBe(
    "No recording of 'mine' gave features, got 1 recordings of which 1 are broken: a.wav (Silent audio, expected sound); expected recordings that can be heard",
  );
});
