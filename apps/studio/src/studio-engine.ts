/** What the page does, apart from showing it: the model in its worker, the files, the recording under way. */
import { type BrowserRecognizer, createRecognizer, wavFile } from "@undertone/browser";
import { errorToPlain } from "@undertone/core/errors";
import { adaptFiles } from "./adapted-files.js";
import { type AudioSource, FileList, type StudioFile } from "./file-list.js";
import { type Live, type LiveRecording, startRecording } from "./live-recording.js";

/** A model that can be chosen. */
export interface ModelChoice {
  readonly id: string;
  readonly name: string;
  /** One sentence: what it learnt from. */
  readonly about?: string;
  /** How to come by what it needs and the server lacks: it cannot be chosen before. */
  readonly missing?: string;
}

/** What the page shows. */
export interface StudioState {
  readonly models: readonly ModelChoice[];
  readonly chosenModel: string;
  /** The chosen model when it is open; undefined while it loads, and where none could be opened. */
  readonly recognizer: BrowserRecognizer | undefined;
  readonly loading: boolean;
  readonly files: readonly StudioFile[];
  /** Whether answers are adapted to the files of the list. */
  readonly adapting: boolean;
  readonly selected: StudioFile | undefined;
  /** The file beside the selected one. */
  readonly compared: StudioFile | undefined;
  readonly live: Live | undefined;
  /** What the microphone or a model said last. */
  readonly error: string | undefined;
}

/** What a model needs from this page, whichever it is. */
export interface ModelParts {
  readonly wasm: URL;
  readonly encoders: Readonly<Record<string, URL>>;
}

type ModelSource = ModelChoice & { readonly load: () => Promise<ArrayBuffer | URL> };

/** A model that the server has. */
export type ServedModel = ModelChoice & {
  readonly url: URL;
  /** Where the encoder files lie that it needs, by their SHA-256. */
  readonly encoders: Readonly<Record<string, URL>>;
};

export class StudioEngine {
  readonly #parts: ModelParts;
  readonly #listeners = new Set<() => void>();
  readonly #list = new FileList(() => this.#changed());
  #models: readonly ModelSource[];
  #chosen = "";
  /** The model in use, also while another one loads, and its id, empty as long as there is none. */
  #recognizer: BrowserRecognizer | undefined;
  #used = "";
  readonly #adapt = adaptFiles();
  #adapting = false;
  #selected: number | undefined;
  #compared: number | undefined;
  #live: Live | undefined;
  #recording: Promise<LiveRecording> | undefined;
  #recorded = 0;
  #error: string | undefined;
  #state: StudioState | undefined;

  /** The encoder files that the server has, which any model may need. */
  readonly #encoders: Promise<Readonly<Record<string, URL>>>;

  /** `offered` resolves to all models that the server has, `served` among them. */
  constructor(
    served: ModelChoice & { readonly url: URL },
    offered: Promise<readonly ServedModel[]>,
    parts: ModelParts,
  ) {
    this.#models = [{ ...served, load: async () => served.url }];
    this.#parts = parts;
    this.#encoders = offered.then(
      (models) => {
        const own = this.#models.filter(({ id }) => id !== served.id);
        this.#models = [...models.map((one) => ({ ...one, load: async () => one.url })), ...own];
        this.#changed();
        return Object.assign({}, ...models.map(({ encoders }) => encoders));
      },
      () => ({}), // the served model may do without
    );
    this.chooseModel(served.id);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Returns the same object until something changes. */
  readonly state = (): StudioState => {
    const manifest = this.#adapting ? this.#ready()?.manifest : undefined;
    const files = manifest?.collections ? this.#adapt(this.#list.files, manifest).files : this.#list.files;
    const file = (id: number | undefined): StudioFile | undefined => files.find((one) => one.id === id);
    this.#state ??= {
      models: this.#models,
      chosenModel: this.#chosen,
      recognizer: this.#ready(),
      loading: this.#chosen !== this.#used,
      files,
      adapting: this.#adapting,
      selected: file(this.#selected),
      compared: file(this.#compared),
      live: this.#live,
      error: this.#error,
    };
    return this.#state;
  };

  /** Adds files, selects the first of them and hears them before all others. */
  readonly addFiles = (sources: readonly AudioSource[]): void => {
    if (sources.length === 0) return;
    this.#error = undefined;
    void this.#endRecording();
    this.#selected = this.#list.add(sources);
    this.#changed();
  };

  readonly select = (id: number): void => {
    this.#selected = id;
    if (this.#compared === id) this.#compared = undefined;
    this.#list.first(id);
    this.#changed();
  };

  readonly compare = (id: number | undefined): void => {
    this.#compared = id === this.#selected ? undefined : id;
    this.#changed();
  };

  readonly remove = (id: number): void => {
    this.#list.remove(id);
    const last = this.#list.files.at(-1);
    if (this.#selected === id && last) this.select(last.id);
  };

  readonly adapt = (adapting: boolean): void => {
    this.#adapting = adapting;
    this.#changed();
  };

  readonly stopFile = (id: number): void => this.#list.stop(id);

  readonly hearAgain = (id: number): void => this.#list.again(id);

  readonly record = (): void => {
    const recognizer = this.#ready();
    if (this.#recording || !recognizer) return;
    this.#error = undefined;
    this.#list.hold(true);
    const recording = startRecording(recognizer, {
      show: (live) => {
        if (this.#recording !== recording) return;
        this.#live = live;
        this.#changed();
      },
      fail: (cause) => this.#fail(cause),
      end: this.stopRecording,
    });
    this.#recording = recording;
    recording.catch((cause: unknown) => {
      if (this.#recording !== recording) return;
      this.#recording = undefined;
      this.#list.hold(false);
      this.#fail(cause);
    });
    this.#changed();
  };

  /** Ends the recording, which becomes a file and is selected. */
  readonly stopRecording = (): void => {
    void this.#endRecording().then((id) => {
      if (id !== undefined) this.select(id);
    });
  };

  readonly chooseModel = (id: string): void => {
    const model = this.#models.find((one) => one.id === id);
    if (model) void this.#use(model);
  };

  /** Takes a model from the user's own disk. */
  readonly openModel = (file: File): void => {
    const id = `${file.name} ${file.lastModified}`;
    const model = { id, name: file.name, load: () => file.arrayBuffer() };
    this.#models = [...this.#models.filter((one) => one.id !== id), model];
    void this.#use(model);
  };

  readonly close = (): void => {
    void this.#endRecording();
    this.#chosen = "";
    this.#recognizer?.close();
  };

  /** Opens a model and closes the one before; files are heard anew. One that does not open leaves the other in its place. */
  async #use({ id, load }: ModelSource): Promise<void> {
    if (id === this.#chosen) return;
    this.#chosen = id;
    this.#error = undefined;
    this.#changed();
    try {
      const { wasm, encoders } = this.#parts;
      const all = { ...encoders, ...(await this.#encoders) };
      const recognizer = await createRecognizer({ model: await load(), wasm, encoders: all });
      if (this.#chosen === id) await this.#endRecording();
      // Meanwhile another model may have been chosen, or the page closed.
      if (this.#chosen !== id) {
        recognizer.close();
        return;
      }
      this.#recognizer?.close();
      this.#recognizer = recognizer;
      this.#used = id;
      this.#list.use(recognizer, this.#selected);
    } catch (cause) {
      if (this.#chosen !== id) return;
      this.#chosen = this.#used;
      this.#models = this.#models.filter((one) => one.id !== id);
      this.#fail(cause);
    }
  }

  #ready(): BrowserRecognizer | undefined {
    return this.#chosen === this.#used ? this.#recognizer : undefined;
  }

  /** Resolves to the file that the recording became, when the device is released. */
  async #endRecording(): Promise<number | undefined> {
    const recording = this.#recording;
    if (!recording) return undefined;
    const heard = this.#live !== undefined && this.#live.elapsed > 0;
    this.#recording = undefined;
    this.#live = undefined;
    this.#list.hold(false);
    try {
      // The user may have gone on to something else before allowing the microphone: then it must not listen.
      const wave = await (await recording).stop();
      if (!heard) return undefined;
      const name = this.#recorded++ === 0 ? "Your recording" : `Your recording ${this.#recorded}`;
      const blob = wavFile(wave);
      return this.#list.add([{ name, load: async () => blob }], "last");
    } catch {
      return undefined; // a microphone that was refused is no longer of interest
    }
  }

  #fail(cause: unknown): void {
    this.#error = errorToPlain(cause).message;
    this.#changed();
  }

  #changed(): void {
    this.#state = undefined;
    for (const listener of this.#listeners) listener();
  }
}
