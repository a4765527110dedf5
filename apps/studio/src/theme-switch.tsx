/** Chooses light, dark, or what the device has. */
import type { JSX } from "react";
import { capitalized } from "./emotions.js";
import { type Theme, themes } from "./use-theme.js";

interface ThemeSwitchProps {
  readonly theme: Theme;
  readonly onChoose: (theme: Theme) => void;
}

export function ThemeSwitch({ theme, onChoose }: ThemeSwitchProps): JSX.Element {
  return (
    <fieldset className="themes">
      <legend className="unseen">Colours</legend>
      {themes.map((name) => (
        <label key={name}>
          <input type="radio" name="theme" checked={name === theme} onChange={() => onChoose(name)} />
          {capitalized(name)}
        </label>
      ))}
    </fieldset>
  );
}
