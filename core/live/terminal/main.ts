/** The command `streamscope`: finds the command named and says, in one message, what went wrong. */

import { writeSync } from "node:fs";
import pc from "picocolors";
import { LiveError } from "../../base/errors.ts";
import { describeError } from "./describe-error.ts";
import { run } from "./run.ts";
import { runUsage } from "./run-options.ts";
import { simulateUsage } from "./simulate-options.ts";
import { sweepUsage } from "./sweep-options.ts";

/** What each command's file exports. */
export interface Command {
  readonly usage: string;
  /** In a line, for the list of commands. */
  readonly summary: string;
  /** Gives the exit code. */
  run(args: readonly string[]): Promise<number>;
}

const commands = new Map<string, Command>([
  ["run", { usage: runUsage, summary: "run a pipeline, simulated or on a real Kafka", run }],
  [
    "sweep",
    {
      usage: sweepUsage,
      summary: "crash a pipeline at every moment of a window, and tell what came of it",
      run: async (args) => (await import("./sweep.ts")).sweep(args),
    },
  ],
  [
    "simulate",
    {
      usage: simulateUsage,
      summary: "run scenarios chosen from seeds, and audit what Kafka and Spark promise",
      run: async (args) => (await import("./simulate.ts")).simulate(args),
    },
  ],
]);

const usage = `usage: streamscope <command> [options]

commands:
${[...commands].map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`).join("\n")}

streamscope <command> --help says more.
`;

/** Gives the exit code: 0, or 1 after an error was told on standard error, 2 for a wrong call. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  try {
    if (name === undefined) {
      say(2, usage);
      return 2;
    }
    if (name === "--help" || name === "-h" || name === "help") {
      say(1, usage);
      return 0;
    }
    const command = commands.get(name);
    if (command === undefined) {
      throw new LiveError(
        "BAD_OPTION",
        `there is no command "${name}"; known commands: ${[...commands.keys()].join(", ")}`,
      );
    }
    if (args.includes("--help") || args.includes("-h")) {
      say(1, command.usage);
      return 0;
    }
    return await command.run(args);
  } catch (thrown) {
    const stack = args.includes("--stack");
    const red = (text: string): string => (process.stderr.isTTY === true ? pc.red(text) : text);
    say(2, `${describeError(thrown, { stack, red })}\n`);
    return thrown instanceof LiveError && thrown.code === "BAD_OPTION" ? 2 : 1;
  }
}

/** At once, so that the process may end right after; a reader that has gone is no error. */
function say(descriptor: 1 | 2, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : null;
    if (code !== "EPIPE") throw thrown;
  }
}
