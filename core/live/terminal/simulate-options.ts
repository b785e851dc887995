/** The command line of `streamscope simulate`, as data. */

import { parseArgs } from "node:util";
import { LiveError } from "../../base/errors.ts";

export interface SimulateCommand {
  readonly seeds: { readonly from: number; readonly to: number };
  readonly workers: number;
  /** The trace of a single seed, line by line. */
  readonly trace: boolean;
  /** Only seeds that broke a promise get a line. */
  readonly quiet: boolean;
}

export const simulateUsage = `usage: streamscope simulate [options]

Chooses a whole scenario from each seed (cluster, topics, load, pipeline, settings, faults), runs
it, lets it heal, and audits its trace: what Kafka and Spark promise must hold. Prints a line for
each seed; where a promise is broken, an example, the command that runs it again, and the smallest
scenario that breaks it too. Exit code 1 then, and also when over 500 seeds or more some audit was
never put to the test, or nothing was ever lost where Kafka does not protect it.

options:
  --seeds n or n-m      which seeds (1-200)
  --workers n           run on so many threads (1)
  --quiet               no line for seeds in which all held
  --trace               print the trace of the seed, one fact a line (one seed only)
  --stack               show the stack of an error
  --help                show this
`;

const optionTypes = {
  seeds: { type: "string" },
  workers: { type: "string" },
  quiet: { type: "boolean" },
  trace: { type: "boolean" },
  stack: { type: "boolean" },
} as const;

/** Throws: LiveError BAD_OPTION. */
export function parseSimulateOptions(args: readonly string[]): SimulateCommand {
  const values = parseStrictly(args);
  const seeds = readSeeds(values.seeds ?? "1-200");
  const trace = values.trace ?? false;
  if (trace && seeds.from !== seeds.to) {
    throw bad(`--trace shows one seed, and --seeds ${values.seeds ?? "1-200"} are more; give one`);
  }
  return {
    seeds,
    workers: readWorkers(values.workers ?? "1"),
    trace,
    quiet: values.quiet ?? false,
  };
}

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionTypes }).values;
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    throw bad(`${text.split("\n")[0]}; streamscope simulate --help lists the options`);
  }
}

function readSeeds(text: string): SimulateCommand["seeds"] {
  const [, first = "", last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/u.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === "" || to < from) {
    throw bad(`--seeds ${text} are no seeds; write --seeds 417 or --seeds 1-2000`);
  }
  return { from, to };
}

function readWorkers(text: string): number {
  if (!/^[1-9]\d?$/u.test(text)) throw bad(`--workers ${text} must be a number from 1 to 99`);
  return Number(text);
}

function bad(message: string): LiveError {
  return new LiveError("BAD_OPTION", message);
}
