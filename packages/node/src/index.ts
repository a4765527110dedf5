/** The table of contents of `undertone` for Node: files, runs, the runtime, the server. Everything else is in `@undertone/core`. */

export * from "@undertone/core";
export { nodeEncoderResources } from "./encoders/encoder-resources.js";
export { type AudioFile, findAudio } from "./io/find-audio.js";
export { writeAtomic } from "./io/write-atomic.js";
export { type ArtifactPlan, evaluateArtifact } from "./runs/evaluate-artifact.js";
export { type EvaluationRun, evaluateRun } from "./runs/evaluate-run.js";
export {
  type BrokenFile,
  type ExtractedTable,
  type ExtractTableOptions,
  extractTable,
} from "./runs/extract-table.js";
export { type DataSource, type LoadedData, loadData, type RunHooks } from "./runs/load-data.js";
export { openDataset } from "./runs/open-dataset.js";
export { openModel } from "./runs/open-model.js";
export type { AskedPlan, EvaluationPlan, RunPlan } from "./runs/plan/run-plan.js";
export { checkExpected, type Recipe, readRecipe } from "./runs/recipe.js";
export { type SplitPlan, splitData } from "./runs/split-run.js";
export { encodeTable, type LabelledTable, readTable, type TableFormat } from "./runs/table-file.js";
export { type TrainingOutput, type TrainingRun, trainRun } from "./runs/train-run.js";
export { type NodeRuntimeOptions, nodeRuntime } from "./runtime/node-runtime.js";
export { type RunningServer, type StartServerOptions, startServer } from "./server/start-server.js";
export {
  type AudioPool,
  type AudioPoolOptions,
  type DecodedAudio,
  openAudioPool,
} from "./workers/audio-pool.js";
