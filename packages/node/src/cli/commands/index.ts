/** The one list of commands; a command's module is loaded when it is asked for, so that starting stays quick. */
import type { CommandEntry } from "../command.js";

export const commands: readonly CommandEntry[] = [
  { name: "start", load: async () => (await import("./start.js")).start },
  { name: "demo", load: async () => (await import("./demo.js")).demo },
  { name: "predict", load: async () => (await import("./predict.js")).predict },
  { name: "corpus inspect", load: async () => (await import("./corpus-inspect.js")).corpusInspect },
  { name: "features", load: async () => (await import("./features.js")).features },
  { name: "encoder add", load: async () => (await import("./encoder-add.js")).encoderAdd },
  { name: "train", load: async () => (await import("./train.js")).train },
  { name: "evaluate", load: async () => (await import("./evaluate.js")).evaluate },
  { name: "compare", load: async () => (await import("./compare.js")).compare },
  { name: "explore", load: async () => (await import("./explore.js")).explore },
  { name: "search", load: async () => (await import("./search.js")).search },
  { name: "export", load: async () => (await import("./export.js")).exportModel },
  { name: "serve", load: async () => (await import("./serve.js")).serve },
  { name: "completion", load: async () => (await import("./completion.js")).completion(commands) },
  { name: "help", load: async () => (await import("./help.js")).help },
];
