/** The files of the page: heard one after the other, what was chosen last before what is under way, which goes on afterwards. */
import type { BrowserRecognizer, HeardFile, ListenProgress, WavePeaks } from "@undertone/browser";
import { newCollection, type Prediction } from "@undertone/core/artifact";
import { errorToPlain, isUndertoneError } from "@undertone/core/errors";
import { Turns } from "./turns.js";

/** Audio that the page can get. */
export interface AudioSource {
  readonly name: string;
  load(): Promise<Blob>;
}

/** What is known of a file so far. */
export interface PartlyHeard {
  readonly progress?: ListenProgress;
  readonly timeline: readonly Prediction[];
  readonly peaks?: WavePeaks;
}

export type FileState =
  /** Not begun, or interrupted by a newer choice. */
  | { readonly kind: "waiting" | "working" | "stopped"; readonly partly: PartlyHeard }
  | { readonly kind: "done"; readonly heard: HeardFile }
  | { readonly kind: "failed"; readonly message: string; readonly partly: PartlyHeard };

export interface StudioFile {
  readonly id: number;
  readonly name: string;
  /** The audio itself, once it was loaded. */
  readonly blob?: Blob;
  readonly state: FileState;
}

/** What hears the files. */
type Ear = Pick<BrowserRecognizer, "listen"> & Partial<Pick<BrowserRecognizer, "manifest">>;

const nothing: PartlyHeard = { timeline: [] };

/** The list; `changed` is called after every change. */
export class FileList {
  files: readonly StudioFile[] = [];
  readonly #changed: () => void;
  readonly #sources = new Map<number, AudioSource>();
  /** Files to be heard, the first first, and those of them that were begun. */
  #queue: number[] = [];
  readonly #begun = new Map<number, Turns>();
  #ear: Ear | undefined;
  #held = false;
  #nextId = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Adds files, to be heard before all others or after them; returns the number of the first. */
  add(sources: readonly AudioSource[], place: "first" | "last" = "first"): number | undefined {
    const added = sources.map((source) => {
      const id = this.#nextId++;
      this.#sources.set(id, source);
      return { id, name: source.name, state: { kind: "waiting", partly: nothing } } as const;
    });
    this.files = [...this.files, ...added];
    const ids = added.map(({ id }) => id);
    this.#queue = place === "first" ? [...ids, ...this.#queue] : [...this.#queue, ...ids];
    this.#goOn();
    return added[0]?.id;
  }

  /** Hears a file before all others, if it is not heard yet. */
  first(id: number): void {
    if (!this.#queue.includes(id)) return;
    this.#queue = [id, ...this.#queue.filter((other) => other !== id)];
    this.#goOn();
  }

  /** Hears a file that was stopped or failed. */
  again(id: number): void {
    const file = this.files.find((one) => one.id === id);
    if (file?.state.kind !== "stopped" && file?.state.kind !== "failed") return;
    this.#show(id, { kind: "waiting", partly: nothing });
    this.#queue = [id, ...this.#queue];
    this.#goOn();
  }

  /** Ends work on a file; what was heard stays. */
  stop(id: number): void {
    const state = this.files.find((one) => one.id === id)?.state;
    if (state?.kind !== "waiting" && state?.kind !== "working") return;
    this.#abandon(id);
    this.#queue = this.#queue.filter((other) => other !== id);
    this.#show(id, { kind: "stopped", partly: state.partly });
    this.#goOn();
  }

  remove(id: number): void {
    this.stop(id);
    this.#sources.delete(id);
    this.files = this.files.filter((file) => file.id !== id);
    this.#changed();
  }

  /** Hears all files with another model, `first` before the others. */
  use(ear: Ear, first: number | undefined): void {
    this.#ear = ear;
    for (const id of [...this.#begun.keys()]) this.#abandon(id);
    this.#queue = this.files.map(({ id }) => id).sort((a, b) => Number(b === first) - Number(a === first));
    for (const id of this.#queue) this.#show(id, { kind: "waiting", partly: nothing });
    this.#goOn();
  }

  /** Lets all files wait while something else needs the model. */
  hold(held: boolean): void {
    this.#held = held;
    this.#goOn();
  }

  /** Lets the first of the queue have the worker, and nothing else. */
  #goOn(): void {
    const head = this.#held || !this.#ear ? undefined : this.#queue[0];
    for (const [id, turns] of this.#begun) {
      if (id === head || turns.waiting) continue;
      this.#become(id, "waiting");
      // What does not hand back hangs, and would keep the newer choice waiting; it begins anew after the others.
      turns.wait(() => {
        this.#abandon(id);
        this.#queue = [...this.#queue.filter((other) => other !== id), id];
        this.#show(id, { kind: "waiting", partly: nothing });
        this.#goOn();
      });
    }
    if (head !== undefined) {
      const begun = this.#begun.get(head);
      if (!begun) void this.#hear(head, this.#ear!);
      else if (begun.waiting) {
        this.#become(head, "working");
        begun.goOn();
      }
    }
    this.#changed();
  }

  async #hear(id: number, ear: Ear): Promise<void> {
    const turns = new Turns();
    this.#begun.set(id, turns);
    let partly = nothing;
    const mine = (): boolean => this.#begun.get(id) === turns;
    const show = (more: Partial<PartlyHeard>): void => {
      partly = { ...partly, ...more };
      if (mine()) this.#show(id, { kind: turns.waiting ? "waiting" : "working", partly });
    };
    let end: FileState;
    try {
      show({});
      const blob = this.files.find((file) => file.id === id)?.blob ?? (await this.#sources.get(id)!.load());
      this.files = this.files.map((file) => (file.id === id ? { ...file, blob } : file));
      await turns.handBack();
      const heard = await ear.listen(blob, {
        signal: turns.signal,
        // An empty one changes no answer; with it the model's own scores are kept, by which answers can be adapted afterwards.
        collection: ear.manifest?.collections && newCollection(ear.manifest),
        onWindows: (predictions) => show({ timeline: [...partly.timeline, ...predictions] }),
        onWave: (peaks) => show({ peaks }),
        onProgress(progress) {
          show({ progress });
          return turns.handBack();
        },
      });
      end = { kind: "done", heard };
    } catch (error) {
      // Nobody stopped it: it went with a worker that did not stop for another file, so it begins anew.
      const lost = isUndertoneError(error, "cancelled") && partly.progress !== undefined;
      end = lost
        ? { kind: "waiting", partly: nothing }
        : { kind: "failed", message: errorToPlain(error).message, partly };
    }
    if (!mine()) return;
    turns.end();
    this.#begun.delete(id);
    if (end.kind !== "waiting") this.#queue = this.#queue.filter((other) => other !== id);
    this.#show(id, end);
    this.#goOn();
  }

  /** Ends what was begun; its results come too late. */
  #abandon(id: number): void {
    const turns = this.#begun.get(id);
    this.#begun.delete(id);
    turns?.end();
  }

  #become(id: number, kind: "waiting" | "working"): void {
    const state = this.files.find((file) => file.id === id)?.state;
    if (state && "partly" in state) this.#show(id, { kind, partly: state.partly });
  }

  #show(id: number, state: FileState): void {
    this.files = this.files.map((file) => (file.id === id ? { ...file, state } : file));
    this.#changed();
  }
}
