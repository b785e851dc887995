/** What output operations do: `print` takes records and writes lines, `foreachRDD` runs a function.
 *  Like Spark: DStream.print (10 records, the exact lines) and ForEachDStream. */

import { StreamscopeError, UserFunctionError, describeThrown } from "../base/errors.ts";
import type { Broker } from "../broker/broker.ts";
import { scalaText } from "../record/scala-text.ts";
import type { Action, RDDNode } from "../rdd/rdd.ts";
import { takeRound } from "../rdd/take-round.ts";
import { type KafkaReaderOptions, rangeName, readRange } from "../scheduler/kafka-reader.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { Runtime } from "../sim/runtime.ts";
import { DriverDied } from "./driver-runtime.ts";
import { allPartitions, type JobProperties, type JobRunner } from "./job-runner.ts";
import type { BatchJobs, OutputJob } from "./job-scheduler.ts";

export interface OutputRunnerOptions {
  readonly runtime: Runtime;
  readonly broker: Broker;
  readonly jobs: JobRunner;
  readonly reader: KafkaReaderOptions;
  /** Each output operation collects its whole RDD. */
  readonly collects: boolean;
  readonly onOutput: (
    batch: BatchJobs,
    job: OutputJob,
    lines: readonly string[],
    records: readonly unknown[] | null,
  ) => void;
}

/** As many dashes as Spark's `print` draws. */
const RULE = "-".repeat(43);

export class OutputRunner {
  readonly #options: OutputRunnerOptions;

  constructor(options: OutputRunnerOptions) {
    this.#options = options;
  }

  run(batch: BatchJobs, job: OutputJob, done: (error: Error | null) => void): void {
    const properties = { batchTimeMs: batch.timeMs, output: job.output };
    if (job.action.kind === "print") this.#print(batch, job, job.action.count, properties, done);
    else this.#forEach(batch, job, properties, done);
  }

  #print(
    batch: BatchJobs,
    job: OutputJob,
    count: number,
    properties: JobProperties,
    done: (error: Error | null) => void,
  ): void {
    const write = (error: Error | null, records: readonly unknown[]): void => {
      if (error !== null) {
        done(error);
        return;
      }
      const lines = printedLines(batch.timeMs, records, count);
      this.#written(batch, job, lines, this.#options.collects ? records : null);
      done(null);
    };
    if (this.#options.collects) this.#collect(job.rdd, properties, write);
    else this.#take(job.rdd, count + 1, properties, write);
  }

  #forEach(
    batch: BatchJobs,
    job: OutputJob,
    properties: JobProperties,
    done: (error: Error | null) => void,
  ): void {
    this.#readAhead(job.rdd, (ranges) => {
      const { reader } = this.#options;
      const error = this.#call(job, properties);
      for (const range of ranges) reader.readAhead.delete(rangeName(range));
      if (error !== null) {
        if (!(error instanceof DriverDied)) done(error);
        return;
      }
      reader.writeBehind.settle((failure) => this.#called(batch, job, properties, failure, done));
    });
  }

  /** The function has been called, and what its tasks sent is written. */
  #called(
    batch: BatchJobs,
    job: OutputJob,
    properties: JobProperties,
    error: Error | null,
    done: (error: Error | null) => void,
  ): void {
    if (error !== null) {
      done(error);
      return;
    }
    if (!this.#options.collects) {
      this.#written(batch, job, [], null);
      done(null);
      return;
    }
    this.#collect(job.rdd, properties, (failure, records) => {
      if (failure === null) this.#written(batch, job, [], records);
      done(failure);
    });
  }

  #call(job: OutputJob, properties: JobProperties): Error | null {
    const { action } = job;
    if (action.kind !== "foreachRDD") return null;
    const batchTimeMs = properties.batchTimeMs ?? 0;
    try {
      this.#options.jobs.withProperties(properties, () => action.run(job.rdd, batchTimeMs));
      return null;
    } catch (thrown) {
      if (thrown instanceof StreamscopeError || thrown instanceof DriverDied) return thrown;
      return new UserFunctionError("USER_FUNCTION", describeThrown(thrown), {
        place: {
          operator: job.site.operator,
          ...(job.site.line === null ? {} : { line: job.site.line }),
          batchTimeMs,
        },
        cause: thrown,
      });
    }
  }

  #written(
    batch: BatchJobs,
    job: OutputJob,
    lines: readonly string[],
    records: readonly unknown[] | null,
  ): void {
    this.#options.runtime.emit({
      kind: "output.written",
      batchTimeMs: batch.timeMs,
      output: job.output,
      lines,
    });
    this.#options.onOutput(batch, job, lines, records);
  }

  /** Where a waiting action cannot let replies in, reads what it may ask for before it runs. */
  #readAhead(rdd: RDDNode<unknown>, done: (ranges: readonly OffsetRange[]) => void): void {
    const { runtime, reader } = this.#options;
    const ranges = runtime.canWait ? [] : rangesOf(rdd);
    const next = (index: number): void => {
      const range = ranges[index];
      if (range === undefined) {
        done(ranges);
        return;
      }
      readRange(reader, "driver", range, (result) => {
        // A range that could not be read fails the task that asks for it, which says so.
        if ("records" in result) reader.readAhead.set(rangeName(range), result.records);
        next(index + 1);
      });
    };
    next(0);
  }

  #collect(
    rdd: RDDNode<unknown>,
    properties: JobProperties,
    done: (error: Error | null, records: readonly unknown[]) => void,
  ): void {
    const { jobs } = this.#options;
    jobs.submit(rdd, allPartitions(rdd), collectAction, properties, (error, results) =>
      done(error, results.flat()),
    );
  }

  /** Scans more and more partitions until there are enough records. Like Spark: RDD.take. */
  #take(
    rdd: RDDNode<unknown>,
    count: number,
    properties: JobProperties,
    done: (error: Error | null, records: readonly unknown[]) => void,
  ): void {
    const records: unknown[] = [];
    const round = (scanned: number): void => {
      if (records.length >= count || scanned >= rdd.numPartitions) {
        done(null, records);
        return;
      }
      const size = takeRound({ scanned, found: records.length, wanted: count });
      const partitions = allPartitions(rdd).slice(scanned, scanned + size);
      const { jobs } = this.#options;
      jobs.submit(rdd, partitions, collectAction, properties, (error, results) => {
        if (error !== null) {
          done(error, []);
          return;
        }
        for (const result of results) {
          for (const record of result) if (records.length < count) records.push(record);
        }
        round(scanned + partitions.length);
      });
    };
    round(0);
  }
}

const collectAction: Action<unknown, unknown[]> = {
  name: "print",
  run: (task, rdd, partition) => {
    const records: unknown[] = [];
    task.iterate(rdd, partition, (record) => records.push(record));
    return records;
  },
};

/** Exactly what Spark writes for a batch, line by line. */
export function printedLines(
  batchTimeMs: number,
  records: readonly unknown[],
  count: number,
): string[] {
  const lines = [RULE, `Time: ${batchTimeMs} ms`, RULE];
  for (const record of records.slice(0, count)) lines.push(scalaText(record));
  if (records.length > count) lines.push("...");
  lines.push("");
  return lines;
}

/** Every offset range the lineage of an RDD can reach. */
function rangesOf(rdd: RDDNode<unknown>): OffsetRange[] {
  const ranges: OffsetRange[] = [];
  const seen = new Set<RDDNode<unknown>>([rdd]);
  for (const one of seen) {
    for (const partition of allPartitions(one)) {
      const range = one.rangeOf(partition);
      if (range !== null) ranges.push(range);
    }
    for (const dependency of one.dependencies) seen.add(dependency.rdd);
  }
  return ranges;
}
