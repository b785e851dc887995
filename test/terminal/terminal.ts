// The terminal as a person has it: a process of its own.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../core/live/terminal/streamscope.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts it; the folder is where the person stands. */
export function startTerminal(
  args: readonly string[],
  folder: string,
): { readonly child: ChildProcessWithoutNullStreams; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [command, ...args], { cwd: folder, stdio: "pipe" });
  let out = "";
  let err = "";
  child.stdout.on("data", (text) => (out += String(text)));
  child.stderr.on("data", (text) => (err += String(text)));
  child.stdin.on("error", () => {});
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
  return { child, ended };
}

/** Runs it to its end, with a text for standard input. */
export function runTerminal(args: readonly string[], folder: string, input = ""): Promise<Ended> {
  const { child, ended } = startTerminal(args, folder);
  child.stdin.end(input);
  return ended;
}
