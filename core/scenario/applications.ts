/** The applications of a world that are not the pipeline: producers of its workload, consumers. */

import type { StreamscopeError } from "../base/errors.ts";
import type { KafkaClient } from "../broker/admin-request.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { DataConditions } from "./data-conditions.ts";
import { Consumers } from "./consumers.ts";
import { Producers } from "./producers.ts";
import type { WorldSpec } from "./scenario.ts";

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
  readonly producers: Producers;

  constructor(options: ApplicationsOptions) {
    this.#options = options;
    this.producers = new Producers(options);
    this.consumers = new Consumers(options.runtime, options.client);
  }

  start(): void {
    for (const workload of this.#options.world.workload ?? []) this.producers.add(workload);
    for (const spec of this.#options.world.consumers ?? []) this.consumers.add(spec);
  }

  /** Some workload has not been acknowledged to its end. */
  get isProducing(): boolean {
    return this.producers.isProducing || this.#options.data.isSending;
  }
}
