// A consumer that is given partitions by hand: what our consumers read with, without a group's
// protocol around it.
import { ConsumerContext } from "../../../../core/client/consumer-context.ts";
import type { ConsumerFailure } from "../../../../core/client/consumer-errors.ts";
import { ConsumerFetcher } from "../../../../core/client/consumer-fetcher.ts";
import type { ConsumerSettings } from "../../../../core/client/consumer-settings.ts";
import { KafkaError } from "../../../../core/client/producer-errors.ts";
import type { PartitionOffset } from "../../../../core/broker/group-request.ts";
import type { ConsumerRecord } from "../../../../core/record/record.ts";
import {
  type TopicPartition,
  topicPartitionName,
} from "../../../../core/record/topic-partition.ts";
import type { Asking } from "./asking.ts";

/** Commits of who is no member of a group. */
const noMember = { member: "", generation: -1, instance: null };

export class AssignedConsumer {
  readonly #asking: Asking;
  readonly #context: ConsumerContext;
  readonly #fetcher: ConsumerFetcher;
  readonly #name: string;
  readonly #group: string;
  #failure: ConsumerFailure | null = null;

  constructor(
    asking: Asking,
    of: { readonly name: string; readonly group: string; readonly settings: ConsumerSettings },
    partitions: readonly TopicPartition[],
  ) {
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    const client = asking.cluster.client(of.name);
    const { runtime } = asking;
    this.#asking = asking;
    this.#name = of.name;
    this.#group = of.group;
    this.#context = new ConsumerContext({ runtime, client, topics, instance: null, ...of });
    this.#context.onFatal = (failure) => {
      this.#failure ??= failure;
    };
    this.#fetcher = new ConsumerFetcher(this.#context, {
      onStale: () => this.#refresh(topics),
      onCommitted: () => undefined,
    });
    this.#refresh(topics);
    this.#fetcher.assign(partitions);
  }

  /** Its client learns who leads. */
  #refresh(topics: readonly string[]): void {
    this.#context.send<"metadata">({ kind: "metadata", topics }, () => undefined);
  }

  seek(of: PartitionOffset): void {
    this.#fetcher.seek(of);
  }

  /** Throws: KafkaError, as the others do. */
  poll(count: number): readonly ConsumerRecord[] {
    const records: ConsumerRecord[] = [];
    this.#until(() => {
      for (const polled of this.#fetcher.take(count)) records.push(...polled.records);
      return records.length >= count;
    }, `${count} records`);
    return records;
  }

  position(of: TopicPartition): number {
    const position = (): number | undefined =>
      this.#fetcher.positions.find((one) => topicPartitionName(one) === topicPartitionName(of))
        ?.offset;
    if (position() === undefined) this.#until(() => position() !== undefined, "a position");
    return position() ?? -1;
  }

  commit(offsets: readonly PartitionOffset[] | null): void {
    this.#asking.again<"commitOffsets">(
      {
        kind: "commitOffsets",
        group: this.#group,
        from: noMember,
        offsets: offsets ?? this.#fetcher.positions,
      },
      this.#name,
    );
  }

  close(): void {
    this.#context.end();
  }

  #until(holds: () => boolean, what: string): void {
    this.#failure = null;
    const look = (): boolean => {
      this.#fetcher.start();
      return this.#failure !== null || holds();
    };
    let isOver = look();
    this.#context.onChange = () => {
      isOver ||= look();
    };
    this.#asking.until(() => isOver || this.#failure !== null, what);
    this.#context.onChange = () => undefined;
    this.#throwIfFailed();
  }

  #throwIfFailed(): void {
    const failure = this.#failure;
    if (failure === null) return;
    throw failure instanceof KafkaError ? failure : new Error(`a consumer was told ${failure}`);
  }
}
