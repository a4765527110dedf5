/** Joins a run to the command line: its warnings, its progress, Ctrl-C. */
import type { RunHooks } from "../runs/load-data.js";
import type { CommandContext, Progress } from "./command.js";

/** Returns hooks for a run, and `end`, which takes the progress display away. */
export function runHooks({ signal, warn, progress }: CommandContext): {
  readonly hooks: RunHooks;
  end(): void;
} {
  let what: string | undefined;
  let shown: Progress | undefined;
  const end = (): void => {
    shown?.end();
    shown = undefined;
    what = undefined;
  };
  return {
    hooks: {
      signal,
      onWarning(text) {
        end();
        warn(text);
      },
      onProgress(name, done, total) {
        if (name !== what) {
          end();
          what = name;
          shown = progress(name);
        }
        shown!.update(done, total);
      },
    },
    end,
  };
}
