/** Keys that work wherever the focus is, unless what has it needs them itself. */
import { useEffect, useRef } from "react";

/** Calls what stands under a pressed key's name in lower case, such as " " or "arrowleft". */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions);
  latest.current = actions;

  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { key, target, ctrlKey, metaKey, altKey } = event;
      const act = latest.current[key.toLowerCase()];
      if (!act || ctrlKey || metaKey || altKey || event.defaultPrevented) return;
      const element = target as Element;
      if (element.closest("input:not([type=range]), select")) return;
      if (key === " " && element.closest("button, summary, a, label")) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
