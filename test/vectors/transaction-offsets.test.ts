// Goal: offsets that are part of transactions count when a real broker's do.
// Method: of the scenarios that Kafka 3.9.1 ran (kafka/transactions.json), those about offsets, by
// requests to our cluster.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type {
  KafkaReplyOf,
  KafkaRequestKind,
  KafkaRequestOf,
} from "../../core/broker/admin-request.ts";
import { type TopicPartition, topicPartitionName } from "../../core/record/topic-partition.ts";
import { ClusterKit } from "../broker/cluster-kit.ts";

/** A step, as the recorder has written it; `saw` is what Kafka answered. */
interface Step {
  readonly op: string;
  readonly saw: unknown;
  readonly topic?: string;
  readonly group?: string;
  readonly member?: string;
  readonly generation?: number;
  readonly offsets?: Readonly<Record<string, number>>;
  readonly partitions?: number | readonly string[];
  readonly requireStable?: boolean;
  readonly as?: string;
  readonly by?: string;
  readonly transactionalId?: string;
  readonly timeoutMs?: number;
  readonly commits?: boolean;
}

interface Vector {
  readonly name: string;
  readonly steps: readonly Step[];
}

const known = new Set([
  "createTopic",
  "initProducerId",
  "addOffsets",
  "txnOffsetCommit",
  "endTxn",
  "commitOffsets",
  "fetchCommitted",
  "awaitStable",
]);

function called(name: string): TopicPartition {
  const dash = name.lastIndexOf("-");
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
}

class Play {
  readonly #kit = new ClusterKit(1);
  readonly #producers = new Map<
    string,
    { transactionalId: string; producerId: number; producerEpoch: number }
  >();

  constructor() {
    this.#kit.runTo(100);
  }

  #ask<K extends KafkaRequestKind>(request: KafkaRequestOf<K>): KafkaReplyOf<K> {
    const box = this.#kit.ask<K>(request);
    for (let n = 0; n < 100 && box.reply === null; n += 1) {
      this.#kit.runTo(this.#kit.simulation.now() + 10);
    }
    if (box.reply === null) throw new Error(`${request.kind} was not answered`);
    return box.reply;
  }

  do(step: Step): unknown {
    const { topic = "", group = "", transactionalId = "", by = "" } = step;
    const own = this.#producers.get(by) ?? { transactionalId, producerId: -1, producerEpoch: -1 };
    const offsets = Object.entries(step.offsets ?? {}).map(([name, offset]) => ({
      ...called(name),
      offset,
    }));
    switch (step.op) {
      case "createTopic": {
        const partitions = typeof step.partitions === "number" ? step.partitions : 1;
        this.#kit.topic({ partitions, replicationFactor: 1 }, topic);
        return {};
      }
      case "initProducerId": {
        const transactionTimeoutMs = step.timeoutMs ?? 60_000;
        const request = { kind: "initProducerId", transactionalId, transactionTimeoutMs } as const;
        const reply = this.#ask({ ...request, producerId: -1, producerEpoch: -1 });
        const { producerId, producerEpoch } = reply;
        this.#producers.set(step.as ?? "", { transactionalId, producerId, producerEpoch });
        return { producer: "pid1", epoch: producerEpoch };
      }
      case "addOffsets":
        return said(this.#ask({ kind: "addOffsetsToTxn", group, ...own }).error);
      case "txnOffsetCommit": {
        const { member = "", generation = -1 } = step;
        const from = { member, generation, instance: null };
        return said(this.#ask({ kind: "txnOffsetCommit", group, from, offsets, ...own }).error);
      }
      case "endTxn":
        return said(this.#ask({ kind: "endTxn", commits: step.commits ?? false, ...own }).error);
      case "commitOffsets": {
        const { error } = this.#ask({ kind: "commitOffsets", group, offsets });
        return Object.fromEntries(offsets.map((of) => [topicPartitionName(of), error ?? "NONE"]));
      }
      case "fetchCommitted":
        return this.#fetchCommitted(step);
      default:
        // Until the marker is written.
        this.#kit.runTo(this.#kit.simulation.now() + 1_000);
        return {};
    }
  }

  /** Each partition by itself: the port has one error for all that are asked. */
  #fetchCommitted({ group = "", partitions = [], requireStable = false }: Step): unknown {
    const names = typeof partitions === "number" ? [] : partitions;
    return Object.fromEntries(
      names.map((name) => {
        const one = [called(name)];
        const request = { kind: "fetchCommitted", group, requireStable, partitions: one } as const;
        const { error, offsets } = this.#ask(request);
        return [name, error ?? offsets[0]?.offset ?? null];
      }),
    );
  }
}

function said(error: string | null): unknown {
  return error === null ? {} : { error };
}

const all = JSON.parse(
  readFileSync(new URL("kafka/transactions.json", import.meta.url), "utf8"),
) as Vector[];
const vectors = all.filter(
  ({ steps }) =>
    steps.every(({ op }) => known.has(op)) && steps.some(({ op }) => op === "txnOffsetCommit"),
);

test("there are scenarios about offsets of transactions", () => {
  expect(vectors.length).toBeGreaterThan(5);
});

test.each(vectors)("$name", ({ steps }) => {
  const play = new Play();
  for (const step of steps) expect(play.do(step), JSON.stringify(step)).toEqual(step.saw);
});
