// Requests of producers about themselves, on our cluster.
import type { TransactionStep } from "../scenarios/step.ts";
import { type Asking, partitionCalled } from "./asking.ts";
import type { Members } from "./members.ts";
import type { Producers } from "./producers.ts";
import { type Saw, saw } from "./saw.ts";

const timeoutMs = 60_000;

export class TransactionSteps {
  readonly #asking: Asking;
  readonly #producers: Producers;
  readonly #members: Members;

  constructor(asking: Asking, producers: Producers, members: Members) {
    this.#asking = asking;
    this.#producers = producers;
    this.#members = members;
  }

  run(step: TransactionStep): Saw {
    if (step.op === "initProducerId") return this.#init(step);
    const { transactionalId, ...identity } = this.#producers.of(step);
    const by = { ...identity, transactionalId: transactionalId ?? "" };
    const asking = this.#asking;
    switch (step.op) {
      case "addPartitions": {
        const partitions = step.partitions.map(partitionCalled);
        const kind = "addPartitionsToTxn";
        return saw(asking.again<"addPartitionsToTxn">({ kind, partitions, ...by }).error, {});
      }
      case "addOffsets": {
        const kind = "addOffsetsToTxn";
        const { group } = step;
        return saw(asking.again<"addOffsetsToTxn">({ kind, group, ...by }).error, {});
      }
      case "txnOffsetCommit": {
        const offsets = Object.entries(step.offsets).map(([name, offset]) => ({
          ...partitionCalled(name),
          offset,
        }));
        const member = this.#members.idOf(step.member ?? "");
        const from = { member, generation: step.generation ?? -1, instance: null };
        const request = { kind: step.op, group: step.group, from, offsets, ...by };
        return saw(asking.again<"txnOffsetCommit">(request).error, {});
      }
      case "endTxn": {
        const { op: kind, commits } = step;
        return saw(asking.again<"endTxn">({ kind, commits, ...by }).error, {});
      }
    }
  }

  #init(step: Extract<TransactionStep, { op: "initProducerId" }>): Saw {
    const known = this.#producers.of(step);
    const reply = this.#asking.again<"initProducerId">({
      kind: "initProducerId",
      transactionTimeoutMs: step.timeoutMs ?? timeoutMs,
      ...known,
    });
    if (reply.error !== null) return { error: reply.error };
    const { producerId, producerEpoch } = reply;
    const { transactionalId } = known;
    this.#producers.put(step.as, { producerId, producerEpoch, transactionalId });
    return { producer: this.#producers.nameOf(producerId), epoch: producerEpoch };
  }
}
