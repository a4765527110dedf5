/** `undertone serve`: the studio and the HTTP interface on this machine. */

import { spawn } from "node:child_process";
import { flag } from "../../runs/plan/flag.js";
import { defaultPort, startServer } from "../../server/start-server.js";
import type { Command } from "../command.js";
import { encoderFlag, modelFlag, ports, textFlag, wholeFlag } from "../flags.js";
import { addGivenEncoders } from "../given-encoders.js";
import { untilStopped } from "../until-stopped.js";

export const serve: Command = {
  name: "serve",
  summary: "serve the studio and POST /v1/recognize on this machine",
  flags: [
    modelFlag,
    encoderFlag,
    flag("port N", `port to listen on; must be free when given (default: ${defaultPort}, or any free one)`, {
      type: "number",
    }),
    flag("host HOST", "address to listen on; others than 127.0.0.1 let other machines in", {
      default: "127.0.0.1",
    }),
    flag("open", "open the page in the default browser"),
  ],
  examples: ["undertone serve", "undertone serve --model mine.onnx --port 8080"],
  async run(context) {
    const { flags, signal, print, printJson, warn } = context;
    await addGivenEncoders(context);
    const port = wholeFlag(flags, "port", ports);
    const server = await startServer({
      model: textFlag(flags, "model"),
      host: textFlag(flags, "host"),
      port,
      anyPort: port === undefined,
      onNotice: warn,
    });
    print(`Undertone listens on ${server.url} (Ctrl-C stops it)`);
    printJson({ url: server.url });
    if (flags.open) openBrowser(server.url);
    await untilStopped(signal);
    await server.close();
  },
};

/** Asks the system to show a page; where it cannot, the address is on the terminal anyway. */
export function openBrowser(url: string): void {
  const [program, ...args] =
    process.platform === "darwin"
      ? ["open", url]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", "", url]
        : ["xdg-open", url];
  spawn(program!, args, { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
