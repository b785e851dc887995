/** The command line of `streamscope sweep`, as data. */

import { parseArgs } from "node:util";
import { LiveError } from "../../base/errors.ts";
import { sweepTargets, type SweepTarget } from "../../scenario/sweep-target.ts";

export interface SweepCommand {
  /** A lesson's folder or a pipeline file. */
  readonly pipeline: string;
  readonly world: string | null;
  readonly crash: SweepTarget;
  /** Which executor or broker. */
  readonly id: number;
  readonly batches: { readonly from: number; readonly to: number };
  readonly faults: string | null;
  readonly json: boolean;
}

export const sweepUsage = `usage: streamscope sweep <lesson folder or pipeline.ts> [options]

Runs a pipeline once for every moment of a window at which something can crash, lets it recover, and
tells what each crash did to the results: right, lost, duplicated or reordered, compared with the
run in which nothing crashes. Each kind comes with a run to open.

options:
  --crash what          driver (when left out), executor, broker or sink; executor:2 is the second
  --batches n or n-m    the window: from the first event of batch n to the last of batch m (3)
  --world file.ts       topics, workload, seed and faults (a lesson folder has its own world.ts)
  --faults file         a fault script that is part of every run
  --json                the whole table as JSON, one line
  --stack               show the stack of an error
  --help                show this
`;

const optionTypes = {
  crash: { type: "string" },
  batches: { type: "string" },
  world: { type: "string" },
  faults: { type: "string" },
  json: { type: "boolean" },
  stack: { type: "boolean" },
} as const;

/** Throws: LiveError BAD_OPTION. */
export function parseSweepOptions(args: readonly string[]): SweepCommand {
  const { values, positionals } = parseStrictly(args);
  const [pipeline, ...others] = positionals;
  if (pipeline === undefined) {
    throw bad("no pipeline is given; write: streamscope sweep <lesson folder or pipeline.ts>");
  }
  if (others.length > 0) {
    throw bad(`one pipeline is swept at a time, and "${others[0]}" is given besides "${pipeline}"`);
  }
  return {
    pipeline,
    world: values.world ?? null,
    ...readCrash(values.crash ?? "driver"),
    batches: readBatches(values.batches ?? "3"),
    faults: values.faults ?? null,
    json: values.json ?? false,
  };
}

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionTypes, allowPositionals: true });
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    throw bad(`${text.split("\n")[0]}; streamscope sweep --help lists the options`);
  }
}

function readCrash(text: string): { readonly crash: SweepTarget; readonly id: number } {
  const [, name = "", id = "1"] = /^([a-z]+)(?::([1-9]\d{0,3}))?$/u.exec(text) ?? [];
  const crash = sweepTargets.find((target) => target === name);
  if (crash === undefined) {
    throw bad(`--crash ${text} is nothing that can crash; give ${sweepTargets.join(", ")}`);
  }
  return { crash, id: Number(id) };
}

function readBatches(text: string): SweepCommand["batches"] {
  const [, first = "", last = first] = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/u.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === "" || to < from) {
    throw bad(`--batches ${text} is no window; write --batches 3 or --batches 3-5`);
  }
  return { from, to };
}

function bad(message: string): LiveError {
  return new LiveError("BAD_OPTION", message);
}
