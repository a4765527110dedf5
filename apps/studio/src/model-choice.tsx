/** Chooses the model: the server's, or one from the user's own disk. */
import type { JSX } from "react";
import type { Studio } from "./use-studio.js";

export function ModelChooser({ studio }: { readonly studio: Studio }): JSX.Element {
  const { models, chosenModel, chooseModel, openModel } = studio;
  return (
    <div className="actions">
      {models.length > 1 && (
        <select
          aria-label="Model"
          value={chosenModel}
          onChange={({ currentTarget }) => chooseModel(currentTarget.value)}
        >
          {models.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
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
  );
}
