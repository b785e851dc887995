/** The producers of a world's workload: each may die, start again, or be started twice. */

import { assert } from "../base/assert.ts";
import { Conditions } from "../base/conditions.ts";
import { describeThrown } from "../base/errors.ts";
import { Producer } from "../client/producer.ts";
import type { ProducerRecord } from "../record/record.ts";
import type { ApplicationsOptions } from "./applications.ts";
import type { WorkloadSpec } from "./scenario.ts";

/** One workload: its records go to whichever process is the newest. */
interface Line {
  readonly workload: WorkloadSpec;
  readonly records: Iterator<ProducerRecord>;
  producer: Producer | null;
  /** Who holds its process down. */
  readonly down: Conditions<null>;
  /** Processes started so far. */
  processes: number;
  isOver: boolean;
}

/** The name of a workload's producer. */
export function producerName({ name = "producer" }: WorkloadSpec): string {
  return name;
}

export class Producers {
  readonly #options: ApplicationsOptions;
  readonly #lines: Line[] = [];

  constructor(options: ApplicationsOptions) {
    this.#options = options;
  }

  add(workload: WorkloadSpec): void {
    const { runtime, data } = this.#options;
    const random = runtime.random(`workload ${workload.topic} ${this.#lines.length + 1}`);
    const line: Line = {
      workload,
      records: data.through(workload.topic, workload.records(random)),
      producer: null,
      down: new Conditions(() => {
        if (line.down.isEmpty && line.producer === null) this.#start(line);
      }),
      processes: 0,
      isOver: false,
    };
    this.#lines.push(line);
    this.#start(line);
  }

  /** Some workload has not been acknowledged to its end. */
  get isProducing(): boolean {
    return this.#lines.some(({ isOver }) => !isOver);
  }

  /** The processes of that name die; they start again after `backMs`, or never, and not while
   *  another fault holds them down. */
  crash(name: string, backMs: number | null): void {
    for (const line of this.#linesOf(name)) {
      if (line.producer !== null) {
        line.producer.end();
        line.producer = null;
        line.processes += 1;
      }
      const release = line.down.hold(null);
      if (backMs === null) line.isOver = true;
      else this.#options.runtime.schedule(backMs, release);
    }
  }

  /** A second process takes over the records; the first goes on with what it has. */
  double(name: string): void {
    for (const line of this.#linesOf(name)) {
      if (!line.isOver && line.producer !== null) this.#start(line);
    }
  }

  #linesOf(name: string): readonly Line[] {
    return this.#lines.filter(({ workload }) => producerName(workload) === name);
  }

  #start(line: Line): void {
    const { topic, partitioner = "default", lingerMs = 0 } = line.workload;
    const { producer: settings = {}, transactions, continuesAfterError = false } = line.workload;
    const { runtime, client, world, onError } = this.#options;
    const config = world.topics?.[topic];
    assert(config !== undefined, "a workload's topic was checked", { topic });
    line.processes += 1;
    const process = line.processes;
    const isNewest = (): boolean => line.processes === process;
    const name = producerName(line.workload);
    const kafka = client(name);
    line.producer = new Producer({
      runtime,
      broker: kafka,
      kafka,
      client: name,
      settings,
      ...(transactions === undefined ? {} : { plan: transactions }),
      continuesAfterError,
      topic,
      partitions: config.partitions,
      partitioner,
      lingerMs,
      records: {
        next: () => (isNewest() ? line.records.next() : { done: true, value: undefined }),
      },
      onDone: () => {
        if (isNewest()) line.isOver = true;
      },
      onError: (error) => {
        if (isNewest()) onError(error);
        else runtime.emit({ kind: "error.reported", message: describeThrown(error) });
      },
    });
    line.producer.start();
  }
}
