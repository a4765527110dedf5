/** The table of contents of @undertone/core/data: utterances, corpora, label maps, tables, splits and their leaks. */
export { withAttributes } from "./attribute-columns.js";
export { type Beside, type BesideTable, besideOf, recordingsBeside } from "./beside.js";
export type { Corpus, DesignBlock, ParsedName } from "./corpora/corpus.js";
export { corpora, speechOf } from "./corpora/index.js";
export { type DatasetWarning, findDatasetWarnings, warningText } from "./dataset-warnings.js";
export { type EmotionColour, emotionColour } from "./emotion-colours.js";
export { emotionIn } from "./emotion-words.js";
export {
  type FeatureTable,
  type FeatureView,
  functionalsTable,
  stackTables,
  takeUtterances,
} from "./feature-table.js";
export {
  folderAttributes,
  guessSpeakers,
  labelLevel,
  labelsOf,
  labelsRemark,
  type SpeakerChoice,
  speakersRemark,
  tellSpeakers,
} from "./folder-layout.js";
export { type ClassClue, classClue } from "./inspect/class-clue.js";
export { type DesignGaps, findDesignGaps } from "./inspect/design-gaps.js";
export { measureRecording, type RecordingMeasures } from "./inspect/measure-recording.js";
export {
  type Alignment,
  alignRecordings,
  recordingFingerprint,
  similarFingerprints,
} from "./inspect/same-recording.js";
export { type LabelMap, mapLabel, presentClasses } from "./label-map.js";
export { identityLabelMap } from "./label-maps/identity.js";
export { labelMap, labelMaps, viewsOf } from "./label-maps/index.js";
export { type Leak, type LeakKind, leakKinds } from "./leak.js";
export { assertNoLeaks, type FittedStep, findLeaks, type LeakGateOptions } from "./leak-gate.js";
export { type ManifestOptions, type ParsedManifest, parseManifestRows } from "./manifest.js";
export { chooseColumns, isUsualColumn } from "./manifest-columns.js";
export type { ManifestRow } from "./manifest-row.js";
export { csvManifestRows, parseCsvManifest, parseJsonlManifest } from "./manifest-text.js";
export { matchWords, withMeanings } from "./match-words.js";
export { parseSpeakerRule, type SpeakerRule, speakerRuleForms } from "./speaker-rule.js";
export type { Split } from "./split.js";
export {
  consecutiveFolds,
  explicitFolds,
  type Folds,
  fixedFolds,
  foldsFromSpec,
  groupFolds,
  leaveOneSpeakerOut,
  parseFolds,
  randomFolds,
  type SplitMaker,
  type SplitRequest,
  sentenceFolds,
  speakerAndSentenceFolds,
  speakerFolds,
  splitMakers,
  stratifiedFolds,
  stratifiedGroupFolds,
} from "./split-makers.js";
export { findSplitProblems, type SplitProblem } from "./split-problems.js";
export { columnMoments } from "./standardized.js";
export { type Subset, takeSubset } from "./subset.js";
export { inTable } from "./training-set.js";
export {
  type Dataset,
  type DimensionName,
  dimensionNames,
  isUnknownSpeaker,
  speakersInWords,
  speakersUnknownNote,
  type Utterance,
  unknownSpeaker,
  votedWords,
} from "./utterance.js";
