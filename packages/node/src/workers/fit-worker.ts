/** The thread that fits and scores models of a search; one trial at a time. */
import { workerData } from "node:worker_threads";
import { runTrial, type Trial, type TrialData } from "@undertone/core/evaluate";
import { answerJobs } from "./node-thread.js";

answerJobs((trial: Trial) => runTrial(workerData as TrialData, trial));
