/** Light or dark: as the device is, or as the user chose; the choice is kept for the next visit. */
import { createContext, useEffect, useState } from "react";

/** Whether the page is dark now; what is drawn on a canvas reads it here. */
export const Dark = createContext(false);

export const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const key = "undertone-theme";
const device = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

/** Returns the user's choice, what comes of it, and how to change it. */
export function useTheme(): {
  readonly theme: Theme;
  readonly dark: boolean;
  choose(theme: Theme): void;
} {
  const [theme, setTheme] = useState<Theme>(() => themes.find((name) => name === kept()) ?? "auto");
  const [deviceDark, setDeviceDark] = useState(() => device().matches);

  useEffect(() => {
    const query = device();
    const follow = (): void => setDeviceDark(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);

  const dark = theme === "auto" ? deviceDark : theme === "dark";
  // Before the canvases paint, which read the style sheet's colours.
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  return {
    theme,
    dark,
    choose(next) {
      setTheme(next);
      try {
        localStorage.setItem(key, next);
      } catch {} // a browser that keeps nothing forgets the choice
    },
  };
}

function kept(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
