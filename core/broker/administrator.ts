/** Who administers the cluster: asks for what a fault wants changed, and tells what is refused.
 *  Like Kafka: AdminClient. */

import type { Runtime } from "../sim/runtime.ts";
import type { AdminRequestKind, KafkaClient, KafkaRequestOf } from "./admin-request.ts";
import { type BrokerError, brokerErrors } from "./broker-error.ts";
import type { Controller } from "./controller.ts";

const CLIENT = "admin";
/** Where brokers are missing for a new topic he tries again. */
const CREATE_AGAIN_MS = 1_000;
/** `retry.backoff.ms` and `default.api.timeout.ms`. */
const RETRY_MS = 100;
const API_TIMEOUT_MS = 60_000;

interface Refused {
  readonly request: string;
  readonly topic: string;
  readonly partition: number;
  readonly error: BrokerError;
  readonly retryInMs: number | null;
}

export class Administrator {
  readonly #runtime: Runtime;
  readonly #controller: Controller;
  readonly #client: (name: string) => KafkaClient;

  constructor(runtime: Runtime, controller: Controller, client: (name: string) => KafkaClient) {
    this.#runtime = runtime;
    this.#controller = controller;
    this.#client = client;
  }

  /** Asks the controller. */
  administer(request: KafkaRequestOf<AdminRequestKind>): void {
    this.#controller.perform(() => {
      const error = this.#controller.carryOut(request);
      if (error === null) return;
      const isShort = request.kind === "createTopic" && error === "INVALID_REPLICATION_FACTOR";
      const retryInMs = isShort ? CREATE_AGAIN_MS : null;
      const { kind, topic } = request;
      this.#tell({ request: kind, topic, partition: -1, error, retryInMs });
      if (isShort) this.#runtime.schedule(CREATE_AGAIN_MS, () => this.administer(request));
    });
  }

  /** Asks the leader of the partition, again where it may have moved; an error that comes again and
   *  again is told once. */
  deleteRecords(topic: string, partition: number, beforeOffset: number): void {
    const request = "deleteRecords" as const;
    const untilMs = this.#runtime.now() + API_TIMEOUT_MS;
    let told: BrokerError | null = null;
    const ask = (): void => {
      const asked = { kind: request, topic, partition, beforeOffset };
      this.#client(CLIENT).send<typeof request>(asked, ({ error }) => {
        if (error === null) return;
        const isAgain = brokerErrors[error].isRetriable && this.#runtime.now() + RETRY_MS < untilMs;
        const retryInMs = isAgain ? RETRY_MS : null;
        if (error !== told || !isAgain) {
          this.#tell({ request, topic, partition, error, retryInMs });
        }
        told = error;
        if (isAgain) this.#runtime.schedule(RETRY_MS, ask);
      });
    };
    ask();
  }

  #tell(refused: Refused): void {
    this.#runtime.emit({ kind: "request.failed", client: CLIENT, ...refused });
  }
}
