/** Shows how far long work is: a bar on a terminal, a line every few seconds elsewhere, nothing for short work. */
import type { Progress } from "./command.js";

const quietMilliseconds = 2000;
const lineEveryMilliseconds = 5000;

/** Returns a duration for people: `8 s`, `2 min 05 s`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** Returns a progress display on `stream` for one piece of work that starts now. */
export function showProgress(what: string, stream: NodeJS.WriteStream): Progress {
  const started = performance.now();
  let shownAt = started + quietMilliseconds - lineEveryMilliseconds;
  let bar: import("cli-progress").SingleBar | undefined;
  let ended = false;
  const terminal = stream.isTTY === true;
  const library = terminal ? import("cli-progress") : undefined;

  return {
    update(done, total) {
      const now = performance.now();
      if (ended || now - started < quietMilliseconds || (done >= total && !bar)) return;
      const left = done > 0 ? durationText((((now - started) / done) * (total - done)) / 1000) : "some time";
      if (bar) {
        bar.setTotal(total);
        bar.update(done, { left });
      } else if (library) {
        void library.then(({ default: { SingleBar } }) => {
          if (ended || bar) return;
          const count = total > 1 ? ", {value} of {total}" : "";
          const format = `${what} {bar} {percentage} %${count}, {left} left`;
          bar = new SingleBar({
            stream,
            format,
            hideCursor: true,
            clearOnComplete: true,
            fps: 5,
            barsize: 24,
            forceRedraw: true,
            formatValue: (value, _, type) => String(type === "value" ? Math.floor(value) : value),
          });
          bar.start(total, done, { left });
        });
      } else if (now - shownAt >= lineEveryMilliseconds) {
        shownAt = now;
        const count = total > 1 ? `, ${Math.floor(done)} of ${total}` : "";
        stream.write(`${what}: ${Math.floor((100 * done) / total)} %${count}, ${left} left\n`);
      }
    },
    end() {
      ended = true;
      bar?.stop();
    },
  };
}

/** A progress display that shows nothing. */
export const noProgress: Progress = { update() {}, end() {} };
