/** The command line's entry: finds the command, parses its flags, runs it, turns errors into one sentence and an exit code. */
import { closest, isUndertoneError, listChoices, UndertoneError } from "@undertone/core/errors";
import { packageVersion } from "../io/places.js";
import { type Command, type CommandContext, type CommandEntry, PartialFailure } from "./command.js";
import { commands } from "./commands/index.js";
import { commandHelp, programHelp } from "./help.js";
import { checkPositionals, parseCommandLine } from "./parse.js";
import { noProgress, showProgress } from "./progress.js";

/** The command named by the first words of the arguments, and what follows it. */
interface Found {
  readonly entry: CommandEntry;
  readonly rest: readonly string[];
}

function findCommand(args: readonly string[]): Found | undefined {
  const at = args.findIndex((arg) => !arg.startsWith("-"));
  if (at < 0) return undefined;
  const [first, second] = args.slice(at, at + 2) as [string, string?];
  const names = commands.map(({ name }) => name);
  const entry =
    commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first);
  if (entry) {
    return { entry, rest: [...args.slice(0, at), ...args.slice(at + entry.name.split(" ").length)] };
  }
  const group = names.filter((name) => name.startsWith(`${first} `));
  const given =
    group.length > 0 && second !== undefined && !second.startsWith("-") ? `${first} ${second}` : first;
  const meant = closest(given, names) ?? closest(`${first} ${second ?? ""}`, names);
  const hint =
    group.length > 0
      ? `expected ${listChoices(group.map((name) => `'${name}'`))}`
      : meant
        ? `did you mean '${meant}'?`
        : "'undertone --help' lists all";
  throw new UndertoneError("usage/unknown-command", `Unknown command '${given}', ${hint}`);
}

function context(
  command: Command,
  args: readonly string[],
  json: boolean,
  signal: AbortSignal,
): CommandContext {
  const { positionals, flags } = parseCommandLine(command, args);
  checkPositionals(command, positionals);
  const quiet = flags.quiet === true || process.env.UNDERTONE_QUIET === "1";
  // What speaks without a context, such as a runtime that falls back to another one, asks the environment.
  if (quiet) process.env.UNDERTONE_QUIET = "1";
  // Where stdout and the bar share a terminal, text comes in the bar's place, and the bar is drawn anew below.
  const clearBar = process.stdout.isTTY && process.stderr.isTTY ? "\r\x1b[K" : "";
  const hush = quiet || process.env.UNDERTONE_PROGRESS === "0";
  return {
    positionals,
    flags,
    json,
    signal,
    print: (text) => void (json || process.stdout.write(`${clearBar}${text}\n`)),
    printJson: (document) => void (json && process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)),
    warn: (text) => void (quiet || process.stderr.write(`${clearBar}undertone: ${text}\n`)),
    progress: (what) => (hush ? noProgress : showProgress(what, process.stderr)),
  };
}

async function run(argv: readonly string[], json: boolean, signal: AbortSignal): Promise<void> {
  const found = findCommand(argv);
  const asks = (flag: string): boolean =>
    argv.slice(0, argv.includes("--") ? argv.indexOf("--") : undefined).includes(flag);
  if (asks("--version")) {
    process.stdout.write(`${json ? JSON.stringify({ version: packageVersion() }) : packageVersion()}\n`);
  } else if (!found || found.entry.name === "help") {
    const named = found && found.rest.length > 0 ? findCommand(found.rest) : undefined;
    if (named) process.stdout.write(commandHelp(await named.entry.load()));
    else {
      const unknown = argv.find((arg) => !["--help", "-h", "--json", "--quiet", "help"].includes(arg));
      if (unknown !== undefined)
        throw new UndertoneError("usage/unknown-flag", `Unknown flag '${unknown}' before a command`);
      process.stdout.write(programHelp(await Promise.all(commands.map(({ load }) => load()))));
    }
  } else {
    const command = await found.entry.load();
    if (asks("--help") || asks("-h")) process.stdout.write(commandHelp(command));
    else await command.run(context(command, found.rest, json, signal));
  }
}

/** Returns the error as the one that the user sees: a stop by Ctrl-C is `cancelled`, and system errors get their code. */
function presentable(
  error: unknown,
  signal: AbortSignal,
): { code: string; message: string; details: unknown } {
  // Whatever a stopped run fails with, such as a thread that is gone, it fails of the stop.
  const byStop = signal.aborted && (!isUndertoneError(error) || error.code === "cancelled");
  const known = byStop ? signal.reason : error;
  if (isUndertoneError(known)) return { code: known.code, message: known.message, details: known.details };
  const { code, message } = error as NodeJS.ErrnoException;
  const firstLine = (message ?? String(error)).split("\n")[0];
  if (code === "ENOSPC" || code === "EDQUOT")
    return { code: "file/disk-full", message: `The disk is full: ${firstLine}`, details: {} };
  if (code === "ENOENT")
    return { code: "file/not-found", message: `File not found: ${firstLine}`, details: {} };
  if (code === "EACCES" || code === "EPERM" || code === "EISDIR" || code === "EROFS" || code === "ENOTDIR") {
    return { code: "file/unreadable", message: `File cannot be used: ${firstLine}`, details: {} };
  }
  return {
    code: "internal",
    message: `Unexpected error: ${firstLine}; UNDERTONE_DEBUG=1 shows where`,
    details: {},
  };
}

function fail(error: unknown, json: boolean, signal: AbortSignal): number {
  const shown = presentable(error, signal);
  process.stderr.write(`undertone: ${shown.message.replace(/[.\s]+$/, "")} (${shown.code})\n`);
  if (process.env.UNDERTONE_DEBUG === "1" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  const answers = error instanceof PartialFailure ? error.document : {};
  if (json) process.stdout.write(`${JSON.stringify({ ...answers, error: shown }, null, 2)}\n`);
  if (signal.aborted && shown.code === "cancelled") return stopCode(signal);
  return shown.code.startsWith("usage/") ? 2 : 1;
}

/** How long a run has to stop by itself. */
const graceMilliseconds = 1000;

/** Returns the exit code of a run that a signal stopped: 128 and the signal's number. */
function stopCode({ reason }: AbortSignal): number {
  return (reason as UndertoneError).details.signal === "SIGTERM" ? 143 : 130;
}

/** Runs `undertone` with the given arguments and ends the process: 0 success, 1 a failed run, 2 bad usage, 130 Ctrl-C. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes("--json");
  const stop = new AbortController();
  const stopBy = (name: "SIGINT" | "SIGTERM"): void => {
    if (stop.signal.aborted) process.exit(stopCode(stop.signal));
    const by = name === "SIGINT" ? "Ctrl-C" : name;
    const details = { signal: name };
    stop.abort(
      new UndertoneError("cancelled", `Stopped by ${by}; nothing half-written remains`, { details }),
    );
    setTimeout(() => process.exit(fail(stop.signal.reason, json, stop.signal)), graceMilliseconds).unref();
  };
  process.on("SIGINT", stopBy);
  process.on("SIGTERM", stopBy);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) =>
      process.exit(error.code === "EPIPE" ? 0 : fail(error, false, stop.signal)),
    );
  }
  process.on("uncaughtException", (error) => process.exit(fail(error, json, stop.signal)));
  process.on("unhandledRejection", (error) => process.exit(fail(error, json, stop.signal)));

  let code = 0;
  try {
    await run(argv, json, stop.signal);
  } catch (error) {
    code = fail(error, json, stop.signal);
  }
  process.stdout.write("", (error) => {
    const broken = error && (error as NodeJS.ErrnoException).code !== "EPIPE";
    process.exit(broken ? fail(error, false, stop.signal) : code);
  });
}
