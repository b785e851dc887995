/** The command line of `streamscope run`, as data. */

import { parseArgs } from "node:util";
import { LiveError } from "../../base/errors.ts";

export interface InputOption {
  readonly topic: string;
  /** A path, or `-` for standard input. */
  readonly file: string;
}

export interface RunOptions {
  /** A lesson's folder or a pipeline file. */
  readonly pipeline: string;
  readonly world: string | null;
  readonly inputs: readonly InputOption[];
  readonly partitions: number | null;
  /** Records per second. */
  readonly rate: number | null;
  readonly intervalMs: number | null;
  readonly batches: number | null;
  readonly untilMs: number | null;
  readonly seed: number | null;
  /** A fault script, and lines of one. */
  readonly faults: string | null;
  readonly fault: readonly string[];
  readonly broker: string | null;
  /** In real time without Kafka: records come from sockets and other receivers. */
  readonly live: boolean;
  readonly trace: string | null;
  readonly json: boolean;
  readonly stack: boolean;
}

export const runUsage = `usage: streamscope run <lesson folder or pipeline.ts> [options]

Runs a pipeline in a simulated world, or against a real Kafka with --broker, and prints each batch
as Spark Streaming does. A pipeline is a module whose default export is
(ssc: StreamingContext) => void, importing from "streamscope".

options:
  --world file.ts       topics, workload, seed and faults (a lesson folder has its own world.ts)
  --input topic=file    lines of a file as the records of a topic, dealt over its partitions in
                        turn; - is standard input; may be given for several topics
  --partitions n        partitions of the topics given by --input (the world's, else 2)
  --rate n              records per second of each input (1000; with --broker 10000)
  --interval ms         batch interval (the world's, else 1000)
  --batches n           end after n batches
  --until ms            end at this time, in ms since the start
  --seed n              seed of the simulation (the world's, else 42)
  --faults file         a fault script: what goes wrong, one fault a line
  --fault "line"        one line of a fault script, such as "at 3200 crash driver" or "after output
                        of batch 7 stop broker 1"; may be given several times
  --live                run in real time without Kafka: receivers take records in, from sockets for
                        one; Ctrl-C stops it
  --broker host:port    run on a real Kafka; Ctrl-C stops after the batch that is running, and the
                        same command resumes from the checkpoint
  --trace out.jsonl     write the trace, one event a line
  --json                one JSON object a line for each output operation of each batch
  --stack               show the stack of an error
  --help                show this

With neither --batches nor --until a run ends when its input is consumed.
`;

const optionTypes = {
  world: { type: "string" },
  input: { type: "string", multiple: true },
  partitions: { type: "string" },
  rate: { type: "string" },
  interval: { type: "string" },
  batches: { type: "string" },
  until: { type: "string" },
  seed: { type: "string" },
  faults: { type: "string" },
  fault: { type: "string", multiple: true },
  broker: { type: "string" },
  live: { type: "boolean" },
  trace: { type: "string" },
  json: { type: "boolean" },
  stack: { type: "boolean" },
} as const;

/** Throws: LiveError BAD_OPTION. */
export function parseRunOptions(args: readonly string[]): RunOptions {
  const { values, positionals } = parseStrictly(args);
  const [pipeline, ...others] = positionals;
  if (pipeline === undefined) {
    throw bad("no pipeline is given; write: streamscope run <lesson folder or pipeline.ts>");
  }
  if (others.length > 0) {
    throw bad(`one pipeline runs at a time, and "${others[0]}" is given besides "${pipeline}"`);
  }
  if (values.batches !== undefined && values.until !== undefined) {
    throw bad("--batches and --until cannot be given together; choose one end");
  }
  for (const option of ["broker", "input"] as const) {
    if (values.live !== true || values[option] === undefined) continue;
    throw bad(`--live is a run without Kafka; leave it out with --${option}`);
  }
  for (const option of ["faults", "fault"] as const) {
    if (values[option] === undefined) continue;
    if (values.live !== true && values.broker === undefined) continue;
    throw bad(`--${option} is for simulated runs; leave it out with --live and --broker`);
  }
  const inputs = (values.input ?? []).map(parseInput);
  checkInputs(inputs);
  if (inputs.length === 0) {
    for (const option of ["partitions", "rate"] as const) {
      if (values[option] !== undefined) throw bad(`--${option} is about --input, which is missing`);
    }
  }
  return {
    pipeline,
    world: values.world ?? null,
    inputs,
    partitions: wholeNumber("--partitions", values.partitions, 1, 10_000),
    rate: wholeNumber("--rate", values.rate, 1, 100_000_000),
    intervalMs: wholeNumber("--interval", values.interval, 1, 86_400_000),
    batches: wholeNumber("--batches", values.batches, 1, Number.MAX_SAFE_INTEGER),
    untilMs: wholeNumber("--until", values.until, 1, Number.MAX_SAFE_INTEGER),
    seed: wholeNumber("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
    faults: values.faults ?? null,
    fault: values.fault ?? [],
    broker: values.broker ?? null,
    live: values.live ?? false,
    trace: values.trace ?? null,
    json: values.json ?? false,
    stack: values.stack ?? false,
  };
}

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionTypes, allowPositionals: true });
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const [, unknown] = /^Unknown option '([^']+)'/.exec(text) ?? [];
    if (unknown !== undefined) {
      throw bad(`there is no option ${unknown}; streamscope run --help lists them`);
    }
    const [, missing] = /^Option '([^ ']+)[^']*' argument missing/.exec(text) ?? [];
    if (missing !== undefined) throw bad(`${missing} needs a value; see streamscope run --help`);
    throw bad(`${text.split("\n")[0]}; see streamscope run --help`);
  }
}

function parseInput(text: string): InputOption {
  const split = text.indexOf("=");
  const [topic, file] = [text.slice(0, Math.max(0, split)), text.slice(split + 1)];
  if (split < 0 || topic === "" || file === "") {
    throw bad(`--input ${text} names no topic and file; write --input topic=file or topic=-`);
  }
  // Kafka's own rule (org.apache.kafka.common.internals.Topic).
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(topic) || topic === "." || topic === "..") {
    throw bad(
      `--input ${text}: "${topic}" is no topic name; ` +
        'Kafka allows letters, digits, ".", "_" and "-"',
    );
  }
  return { topic, file };
}

function checkInputs(inputs: readonly InputOption[]): void {
  const topics = new Set<string>();
  for (const { topic } of inputs) {
    if (topics.has(topic)) throw bad(`--input gives topic ${topic} twice; join the files first`);
    topics.add(topic);
  }
  if (inputs.filter(({ file }) => file === "-").length > 1) {
    throw bad("standard input can feed one topic only; give the others a file");
  }
}

function wholeNumber(
  option: string,
  text: string | undefined,
  least: number,
  most: number,
): number | null {
  if (text === undefined) return null;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least)) throw bad(`${option} ${text} is not a whole number of ${least} or more`);
  if (value > most) throw bad(`${option} ${text} is too much; the most is ${most}`);
  return value;
}

function bad(message: string): LiveError {
  return new LiveError("BAD_OPTION", message);
}
