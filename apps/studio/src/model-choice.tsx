/** Chooses the model: one of the server's, or one from the user's own disk. */
import type { JSX } from "react";
import type { Studio } from "./use-studio.js";

export function ModelChooser({ studio }: { readonly studio: Studio }): JSX.Element {
  const { models, chosenModel, chooseModel, openModel } = studio;
  const unready = models.filter(({ missing }) => missing !== undefined);
  return (
    <>
      <div className="actions">
        {models.length > 1 && (
          <select
            aria-label="Model"
            value={chosenModel}
            onChange={({ currentTarget }) => chooseModel(currentTarget.value)}
          >
            {models.map(({ id, name, about, missing }) => (
              <option key={id} value={id} disabled={missing !== undefined}>
                {about === undefined ? name : `${name}: ${about}`}
              </option>
            ))}
          </select>
        )}
        <label className="button">
          Use another model
          <input
            type="file"
            accept=".onnx"
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              currentTarget.value = "";
              if (file) openModel(file);
            }}
          />
        </label>
      </div>
      {unready.map(({ id, name, missing }) => (
        <p key={id} className="small">
          The model “{name}” needs an encoder that is not on this machine: {missing}; load this page anew
          then.
        </p>
      ))}
    </>
  );
}
