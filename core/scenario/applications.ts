/** The applications of a world that are not the pipeline: producers of its workload, consumers. */

import { assert } from "../base/assert.ts";
import type { StreamscopeError } from "../base/errors.ts";
import type { KafkaClient } from "../broker/admin-request.ts";
import { Producer } from "../client/producer.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { DataConditions } from "./data-conditions.ts";
import { Consumers } from "./consumers.ts";
import type { WorkloadSpec, WorldSpec } from "./scenario.ts";

export interface ApplicationsOptions {
  readonly runtime: Runtime;
  /** Their ways to the cluster, by the name of each. */
  readonly client: (name: string) => KafkaClient;
  readonly world: WorldSpec;
  /** What faults do to the records. */
  readonly data: DataConditions;
  /** One of them was given up; the run ends with the first error. */
  readonly onError: (error: StreamscopeError) => void;
}

export class Applications {
  readonly #options: ApplicationsOptions;
  readonly consumers: Consumers;
  #producersLeft = 0;

  constructor(options: ApplicationsOptions) {
    this.#options = options;
    this.consumers = new Consumers(options.runtime, options.client);
  }

  start(): void {
    for (const workload of this.#options.world.workload ?? []) this.#produce(workload);
    for (const spec of this.#options.world.consumers ?? []) this.consumers.add(spec);
  }

  /** Some workload has not been acknowledged to its end. */
  get isProducing(): boolean {
    return this.#producersLeft > 0 || this.#options.data.isSending;
  }

  #produce(workload: WorkloadSpec): void {
    const { topic, partitioner = "default", lingerMs = 5, name = "producer" } = workload;
    const { producer: settings = {}, transactions, continuesAfterError = false } = workload;
    const { runtime, client, world, data, onError } = this.#options;
    const config = world.topics?.[topic];
    assert(config !== undefined, "a workload's topic was checked", { topic });
    this.#producersLeft += 1;
    const random = runtime.random(`workload ${topic} ${this.#producersLeft}`);
    new Producer({
      runtime,
      broker: client(name),
      kafka: client(name),
      client: name,
      settings,
      ...(transactions === undefined ? {} : { plan: transactions }),
      continuesAfterError,
      topic,
      partitions: config.partitions,
      partitioner,
      lingerMs,
      records: data.through(topic, workload.records(random)),
      onDone: () => {
        this.#producersLeft -= 1;
      },
      onError,
    }).start();
  }
}
