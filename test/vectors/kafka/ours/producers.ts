// The producers of a scenario by the names its steps give them, and who the coordinator said each
// is.
import type { ProducerBatchId } from "../../../../core/broker/broker.ts";
import type { ByProducer } from "../scenarios/step.ts";

export interface Identity {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly transactionalId: string | null;
}

const nobody: Identity = { producerId: -1, producerEpoch: -1, transactionalId: null };

export class Producers {
  readonly #byName = new Map<string, Identity>();
  readonly #names = new Map<number, string>();

  put(name: string, identity: Identity): void {
    this.#byName.set(name, identity);
  }

  /** `pid1` is the first that was seen. */
  nameOf(producerId: number): string {
    const name = this.#names.get(producerId) ?? `pid${this.#names.size + 1}`;
    this.#names.set(producerId, name);
    return name;
  }

  of({ by = "", producerId, epoch, transactionalId }: ByProducer): Identity {
    const known = this.#byName.get(by) ?? nobody;
    return {
      producerId: producerId ?? known.producerId,
      producerEpoch: epoch ?? known.producerEpoch,
      transactionalId: transactionalId ?? known.transactionalId,
    };
  }

  /** Null for a batch of no producer. */
  batchOf(step: ByProducer & { readonly sequence?: number }): ProducerBatchId | null {
    const identity = this.of(step);
    const { sequence } = step;
    return sequence === undefined ? null : { ...identity, baseSequence: sequence };
  }
}
