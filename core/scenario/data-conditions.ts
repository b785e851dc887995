/** What is odd about the records that applications write, and records that come out of turn. */

import { ConditionsBy, type Release } from "../base/conditions.ts";
import type { KafkaClient } from "../broker/admin-request.ts";
import type { DataChange, DataControls } from "../faults/fault.ts";
import type { ProducerRecord } from "../record/record.ts";
import type { Runtime } from "../sim/runtime.ts";

/** Client name of the records that faults send. */
export const DATA_CLIENT = "intruder";

export interface DataConditionsOptions {
  readonly runtime: Runtime;
  readonly client: (name: string) => KafkaClient;
}

export class DataConditions implements DataControls {
  readonly #options: DataConditionsOptions;
  /** By topic. */
  readonly #changes = new ConditionsBy<string, DataChange>();
  #sending = 0;

  constructor(options: DataConditionsOptions) {
    this.#options = options;
  }

  change(topic: string, change: DataChange): Release {
    return this.#changes.hold(topic, change);
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
    client(DATA_CLIENT).send<"produce">(
      { kind: "produce", topic, partition: 0, records },
      (reply) => {
        this.#sending -= 1;
        if (reply.error === null) return;
        const { error } = reply;
        const request = "produce";
        runtime.emit({
          kind: "request.failed",
          client: DATA_CLIENT,
          request,
          topic,
          partition: 0,
          error,
          retryInMs: null,
        });
      },
    );
  }

  /** The records as they are written: each is changed as things are when it is drawn. */
  *through(topic: string, records: Iterable<ProducerRecord>): Generator<ProducerRecord> {
    for (const record of records) {
      const changes = this.#changes.inForce(topic);
      yield changes.length === 0 ? record : this.#changed(topic, record, changes);
    }
  }

  /** Each hot key takes its share, the last of them also from those before; the last to date
   *  records back says by how much. */
  #changed(topic: string, record: ProducerRecord, changes: readonly DataChange[]): ProducerRecord {
    const random = this.#options.runtime.random(`hot key of ${topic}`);
    let [hotKey, lateMs]: [string | null, number] = [null, 0];
    for (const change of changes) {
      if (change.kind === "late") lateMs = change.byMs;
      else if (random.below(100) < change.percent) hotKey = change.key;
    }
    const timestampMs = Math.max(0, (record.timestampMs ?? record.atMs) - lateMs);
    return {
      ...record,
      ...(hotKey === null ? {} : { key: hotKey }),
      ...(lateMs === 0 ? {} : { timestampMs }),
    };
  }
}
