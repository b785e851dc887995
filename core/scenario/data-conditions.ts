/** What is odd about the records that applications write, and records that come out of turn. */

import type { KafkaClient } from "../broker/admin-request.ts";
import type { DataChange, DataControls } from "../faults/fault.ts";
import type { ProducerRecord } from "../record/record.ts";
import type { Runtime } from "../sim/runtime.ts";

/** Client name of the records that faults send. */
const CLIENT = "intruder";

export interface DataConditionsOptions {
  readonly runtime: Runtime;
  readonly client: (name: string) => KafkaClient;
}

export class DataConditions implements DataControls {
  readonly #options: DataConditionsOptions;
  readonly #changes = new Map<string, Required<DataChange>>();
  #sending = 0;

  constructor(options: DataConditionsOptions) {
    this.#options = options;
  }

  change(topic: string, change: DataChange): void {
    const before = this.#changes.get(topic) ?? { hotKey: null, lateMs: 0 };
    this.#changes.set(topic, { ...before, ...change });
  }

  /** A record that a fault sends has not been answered yet. */
  get isSending(): boolean {
    return this.#sending > 0;
  }

  /** Sends one record at once, to the first partition, as an application of its own that does not
   *  try again. */
  send(topic: string, value: string): void {
    const { runtime, client } = this.#options;
    const timestampMs = runtime.now();
    const records = [{ key: null, value, timestampMs, headers: [] }];
    this.#sending += 1;
    client(CLIENT).send<"produce">({ kind: "produce", topic, partition: 0, records }, (reply) => {
      this.#sending -= 1;
      if (reply.error === null) return;
      const { error } = reply;
      const request = "produce";
      runtime.emit({
        kind: "request.failed",
        client: CLIENT,
        request,
        topic,
        partition: 0,
        error,
        retryInMs: null,
      });
    });
  }

  /** The records as they are written: each is changed as things are when it is drawn. */
  *through(topic: string, records: Iterable<ProducerRecord>): Generator<ProducerRecord> {
    for (const record of records) {
      const change = this.#changes.get(topic);
      yield change === undefined ? record : this.#changed(topic, record, change);
    }
  }

  #changed(
    topic: string,
    record: ProducerRecord,
    { hotKey, lateMs }: Required<DataChange>,
  ): ProducerRecord {
    const random = this.#options.runtime.random(`hot key of ${topic}`);
    const isHot = hotKey !== null && random.below(100) < hotKey.percent;
    const timestampMs = Math.max(0, (record.timestampMs ?? record.atMs) - lateMs);
    return {
      ...record,
      ...(isHot ? { key: hotKey.key } : {}),
      ...(lateMs === 0 ? {} : { timestampMs }),
    };
  }
}
