// Goal: the coordinator of transactions answers as a real broker's does.
// Method: of the scenarios that Kafka 3.9.1 ran (kafka/transactions.json), those of requests to the
// coordinator alone, asked of our cluster.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ClusterKit } from "../broker/cluster-kit.ts";

interface Step {
  readonly op: string;
  readonly saw: Readonly<Record<string, unknown>>;
  readonly topic?: string;
  readonly partitions?: number | readonly string[];
  readonly as?: string;
  readonly by?: string;
  readonly transactionalId?: string | null;
  readonly timeoutMs?: number;
  readonly producerId?: number;
  readonly epoch?: number;
  readonly commits?: boolean;
  readonly group?: string;
}

const mine = new Set(["createTopic", "initProducerId", "addPartitions", "addOffsets", "endTxn"]);
const text = readFileSync(new URL("kafka/transactions.json", import.meta.url), "utf8");
// Written by the recorder, which is ours.
const vectors = (JSON.parse(text) as { name: string; steps: Step[] }[]).filter(({ steps }) =>
  steps.every(({ op }) => mine.has(op)),
);

interface Identity {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
}

class Scenario {
  readonly #kit = new ClusterKit(1);
  readonly #known = new Map<string, Identity>();
  readonly #ids: number[] = [];

  run(step: Step): unknown {
    const { op, topic = "", partitions, saw } = step;
    if (op === "createTopic") {
      this.#kit.cluster.createTopic(topic, { partitions: Number(partitions) });
      return saw;
    }
    const known = this.#known.get(step.by ?? "");
    const identity = {
      transactionalId: step.transactionalId ?? known?.transactionalId ?? "",
      producerId: step.producerId ?? known?.producerId ?? -1,
      producerEpoch: step.epoch ?? known?.producerEpoch ?? -1,
    };
    if (op === "initProducerId") return this.#init(step, identity);
    const error = this.#ask(step, identity);
    // Of several partitions Kafka says which it is; ours says it for the request.
    const first = Object.values(saw)[0];
    const isPerPartition = Object.keys(saw).some((name) => name.includes("-"));
    return isPerPartition && first === error ? saw : error === null ? {} : { error };
  }

  #init({ as = "", by, timeoutMs = 60_000 }: Step, identity: Identity): unknown {
    const kind = "initProducerId";
    const box = this.#kit.ask<"initProducerId">({
      kind,
      ...identity,
      transactionTimeoutMs: timeoutMs,
    });
    const { reply } = this.#answered(box);
    if (reply.error !== null) return { error: reply.error };
    const { producerId, producerEpoch } = reply;
    const { transactionalId } = identity;
    this.#known.set(as === "" ? (by ?? "") : as, { transactionalId, producerId, producerEpoch });
    if (!this.#ids.includes(producerId)) this.#ids.push(producerId);
    return { producer: `pid${this.#ids.indexOf(producerId) + 1}`, epoch: producerEpoch };
  }

  #ask({ op, partitions, commits = false, group = "" }: Step, identity: Identity): string | null {
    if (op === "endTxn") {
      return this.#errorOf(this.#kit.ask<"endTxn">({ kind: "endTxn", ...identity, commits }));
    }
    if (op === "addOffsets") {
      const request = { kind: "addOffsetsToTxn", ...identity, group } as const;
      return this.#errorOf(this.#kit.ask<"addOffsetsToTxn">(request));
    }
    const names = Array.isArray(partitions) ? partitions.map(String) : [];
    const of = names.map((name) => {
      const dash = name.lastIndexOf("-");
      return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
    });
    const request = { kind: "addPartitionsToTxn", ...identity, partitions: of } as const;
    return this.#errorOf(this.#kit.ask<"addPartitionsToTxn">(request));
  }

  #errorOf(box: { reply: { error: string | null } | null }): string | null {
    return this.#answered(box).reply.error;
  }

  /** Long enough for markers, too. */
  #answered<R>(box: { reply: R | null }): { reply: R } {
    this.#kit.runTo(this.#kit.simulation.now() + 200);
    const { reply } = box;
    if (reply === null) throw new Error("nobody has answered");
    return { reply };
  }
}

test("there are such scenarios", () => {
  expect(vectors.length).toBeGreaterThan(5);
});

test.each(vectors)("$name", ({ steps }) => {
  const scenario = new Scenario();
  for (const step of steps) {
    expect([step.op, scenario.run(step)]).toEqual([step.op, step.saw]);
  }
});
