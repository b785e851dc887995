/** What a consumer reads: the partitions it holds, how far it is in each, and what it has fetched
 *  and not given to the application yet. One fetch at a time of each partition.
 *  Like Kafka: SubscriptionState, Fetcher, OffsetFetcher. */

import { assert } from "../base/assert.ts";
import type { ConsumerRecord } from "../record/record.ts";
import {
  compareTopicPartitions,
  type TopicPartition,
  topicPartitionName,
} from "../record/topic-partition.ts";
import type { KafkaReplyOf, KafkaRequestKind } from "../broker/admin-request.ts";
import { type BrokerError, isRetriable } from "../broker/broker-error.ts";
import type { PartitionOffset } from "../broker/group-request.ts";
import { noOffset, outOfRange } from "./consumer-errors.ts";
import type { ConsumerContext } from "./consumer-context.ts";
import { backoffMs } from "./consumer-settings.ts";

/** Of one partition, what the application is given by one poll. */
export interface PolledRecords extends TopicPartition {
  readonly records: readonly ConsumerRecord[];
  readonly fromOffset: number;
  /** What it has been given so far ends here. */
  readonly untilOffset: number;
}

interface Held extends TopicPartition {
  /** The next offset the application is to see; null before it is known. */
  position: number | null;
  /** Records from the position on, and where to go on after them; null for none. */
  fetched: { readonly records: readonly ConsumerRecord[]; readonly nextOffset: number } | null;
  /** It has to start anew, from where the policy says. */
  needsReset: boolean;
  isAsking: boolean;
  isPaused: boolean;
  /** Raised by a seek: what is under way is of no use. */
  seeks: number;
  failures: number;
  notBeforeMs: number;
}

export interface FetcherListener {
  /** A broker says that the metadata is wrong. */
  readonly onStale: () => void;
  /** A position is what its group has committed. */
  readonly onCommitted: (of: PartitionOffset) => void;
}

export class ConsumerFetcher {
  readonly #context: ConsumerContext;
  /** By name, in the order of topics and partitions. */
  readonly #held = new Map<string, Held>();
  /** Names of partitions with something fetched, the oldest first. */
  #ready: string[] = [];
  /** All it holds is about to be given up: nothing more of it is given to the application. */
  #isRevoking = false;
  #isLookingUp = false;
  #lookUpFailures = 0;
  #lookUpNotBeforeMs = 0;
  readonly #listener: FetcherListener;

  constructor(context: ConsumerContext, listener: FetcherListener) {
    this.#context = context;
    this.#listener = listener;
  }

  get assignment(): readonly TopicPartition[] {
    return [...this.#held.values()].map(({ topic, partition }) => ({ topic, partition }));
  }

  /** How far the application has been given records. */
  get positions(): readonly PartitionOffset[] {
    return [...this.#held.values()].flatMap(({ topic, partition, position }) =>
      position === null ? [] : [{ topic, partition, offset: position }],
    );
  }

  /** Holds these from now on; of those it held already it knows how far it is. */
  assign(partitions: readonly TopicPartition[]): void {
    const before = new Map(this.#held);
    this.#held.clear();
    this.#isRevoking = false;
    for (const of of [...partitions].sort(compareTopicPartitions)) {
      const name = topicPartitionName(of);
      this.#held.set(name, before.get(name) ?? emptyHeld(of));
    }
    this.#ready = this.#ready.filter((name) => this.#held.has(name));
  }

  stopGiving(): void {
    this.#isRevoking = true;
  }

  pause(of: TopicPartition, isPaused: boolean): void {
    const held = this.#held.get(topicPartitionName(of));
    if (held !== undefined) held.isPaused = isPaused;
  }

  seek({ offset, ...of }: PartitionOffset): void {
    const held = this.#held.get(topicPartitionName(of));
    if (held === undefined) return;
    held.seeks += 1;
    held.position = offset;
    held.fetched = null;
    held.needsReset = false;
    held.isAsking = false;
    this.#ready = this.#ready.filter((name) => name !== topicPartitionName(of));
  }

  /** Asks for whatever is missing: positions first, then records. */
  start(): void {
    this.#lookUp();
    if (this.#lacksOffsets()) return;
    for (const held of this.#held.values()) {
      if (held.isAsking || held.isPaused || held.notBeforeMs > this.#context.nowMs) continue;
      if (held.needsReset) this.#reset(held);
      else if (held.position !== null && held.fetched === null && !this.#isRevoking) {
        this.#fetch(held, held.position);
      }
    }
  }

  /** At most so many records, of the partition that was fetched first to begin with. */
  take(max: number): readonly PolledRecords[] {
    const polled: PolledRecords[] = [];
    if (this.#isRevoking) return polled;
    const later: string[] = [];
    let left = max;
    for (const name of this.#ready) {
      const held = this.#held.get(name);
      if (held === undefined || held.fetched === null || held.position === null) continue;
      if (held.isPaused || left === 0) {
        later.push(name);
        continue;
      }
      const { topic, partition, fetched, position: fromOffset } = held;
      const records = fetched.records.slice(0, left);
      const rest = fetched.records.slice(left);
      left -= records.length;
      const untilOffset = rest[0] === undefined ? fetched.nextOffset : after(records, fromOffset);
      held.position = untilOffset;
      held.fetched = rest.length === 0 ? null : { ...fetched, records: rest };
      if (rest.length > 0) later.push(name);
      polled.push({ topic, partition, records, fromOffset, untilOffset });
    }
    this.#ready = later;
    return polled;
  }

  // Positions

  /** What its group has committed of the partitions it does not know its position of. */
  #lookUp(): void {
    const missing = [...this.#held.values()].filter(
      ({ position, needsReset }) => position === null && !needsReset,
    );
    if (missing.length === 0 || this.#isLookingUp) return;
    if (this.#lookUpNotBeforeMs > this.#context.nowMs) return;
    this.#isLookingUp = true;
    const partitions = missing.map(({ topic, partition }) => ({ topic, partition }));
    const { group } = this.#context.of;
    this.#context.send<"fetchCommitted">(
      { kind: "fetchCommitted", group, requireStable: true, partitions },
      ({ error, offsets }) => {
        this.#isLookingUp = false;
        if (error !== null) this.#lookUpFailed(error);
        else {
          this.#lookUpFailures = 0;
          for (const of of offsets) this.#lookedUp(of);
          this.#context.onChange();
        }
      },
    );
  }

  #lookedUp({ topic, partition, offset }: TopicPartition & { offset: number | null }): void {
    const held = this.#held.get(topicPartitionName({ topic, partition }));
    if (held === undefined || held.position !== null) return;
    if (offset === null) held.needsReset = true;
    else {
      held.position = offset;
      this.#listener.onCommitted({ topic, partition, offset });
    }
  }

  #lookUpFailed(error: BrokerError): void {
    this.#lookUpFailures += 1;
    const waitMs = isRetriable(error) ? this.#waitMs(this.#lookUpFailures) : null;
    this.#context.tellFailure("fetchCommitted", this.#context.offsetsPartition, error, waitMs);
    if (waitMs === null) this.#context.onFatal(error);
    else {
      this.#lookUpNotBeforeMs = this.#context.nowMs + waitMs;
      this.#context.after(waitMs, () => this.#context.onChange());
    }
  }

  #waitMs(failures: number): number {
    return backoffMs(this.#context.of.settings, failures);
  }

  /** True where it may not choose by itself where to start. */
  #lacksOffsets(): boolean {
    if (this.#context.of.settings.autoOffsetReset !== "none") return false;
    const lacking = [...this.#held.values()].filter(({ needsReset }) => needsReset);
    if (lacking.length > 0) this.#context.onFatal(noOffset(lacking));
    return lacking.length > 0;
  }

  /** It has no valid position: `auto.offset.reset` says where it starts. */
  #reset(held: Held): void {
    const { autoOffsetReset: policy, isolationLevel: isolation } = this.#context.of.settings;
    const { topic, partition, seeks } = held;
    assert(policy !== "none", "who may not choose has failed before");
    held.isAsking = true;
    this.#context.send<"listOffsets">(
      { kind: "listOffsets", topic, partition, at: policy, isolation },
      ({ error, offset }) => {
        if (!this.#isStill(held, seeks)) return;
        held.isAsking = false;
        if (error !== null) {
          this.#failed(held, "listOffsets", error);
          return;
        }
        const fact = { client: this.#context.of.name, topic, partition } as const;
        const fromOffset = held.position;
        const { runtime } = this.#context.of;
        runtime.emit({ kind: "position.reset", ...fact, fromOffset, toOffset: offset, policy });
        held.needsReset = false;
        held.failures = 0;
        held.position = offset;
        this.#context.onChange();
      },
    );
  }

  /** It is still held, and nobody has set its position meanwhile. */
  #isStill(held: Held, seeks: number): boolean {
    return this.#held.get(topicPartitionName(held)) === held && held.seeks === seeks;
  }

  // Records

  #fetch(held: Held, fromOffset: number): void {
    const { settings } = this.#context.of;
    const { topic, partition, seeks } = held;
    held.isAsking = true;
    this.#context.send<"fetch">(
      {
        kind: "fetch",
        topic,
        partition,
        fromOffset,
        untilOffset: Infinity,
        maxRecords: Infinity,
        maxBytes: settings.maxPartitionFetchBytes,
        maxWaitMs: settings.fetchMaxWaitMs,
        isolation: settings.isolationLevel,
      },
      (reply) => {
        if (!this.#isStill(held, seeks)) return;
        held.isAsking = false;
        if (reply.error === null) this.#fetched(held, reply);
        else this.#failed(held, "fetch", reply.error);
      },
    );
  }

  #fetched(held: Held, { records, nextOffset }: KafkaReplyOf<"fetch">): void {
    held.failures = 0;
    if (records.length > 0) {
      held.fetched = { records, nextOffset };
      this.#ready.push(topicPartitionName(held));
    } else {
      // Over markers, what was aborted and what compaction took there may be more.
      this.#skip(held, nextOffset);
    }
    this.#context.onChange();
  }

  #skip(held: Held, untilOffset: number): void {
    const { topic, partition, position: fromOffset } = held;
    held.position = untilOffset;
    if (fromOffset === null || untilOffset <= fromOffset) return;
    const { runtime, name: client } = this.#context.of;
    const range = { fromOffset, untilOffset, count: 0 };
    runtime.emit({ kind: "records.polled", client, topic, partition, ...range });
  }

  #failed(held: Held, request: KafkaRequestKind, error: BrokerError): void {
    if (error === "OFFSET_OUT_OF_RANGE") {
      this.#beyond(held);
      return;
    }
    held.failures += 1;
    const waitMs = isRetriable(error) ? this.#waitMs(held.failures) : null;
    this.#context.tellFailure(request, held, error, waitMs);
    if (waitMs === null) {
      this.#context.onFatal(error);
      return;
    }
    this.#listener.onStale();
    held.notBeforeMs = this.#context.nowMs + waitMs;
    this.#context.after(waitMs, () => this.#context.onChange());
  }

  #beyond(held: Held): void {
    const { topic, partition, position } = held;
    if (this.#context.of.settings.autoOffsetReset !== "none") {
      held.needsReset = true;
      this.#context.onChange();
      return;
    }
    this.#context.tellFailure("fetch", held, "OFFSET_OUT_OF_RANGE", null);
    this.#context.onFatal(outOfRange({ topic, partition, offset: position ?? -1 }));
  }
}

function emptyHeld({ topic, partition }: TopicPartition): Held {
  const asked = { isAsking: false, seeks: 0, failures: 0, notBeforeMs: 0 };
  const state = { position: null, fetched: null, needsReset: false, isPaused: false };
  return { topic, partition, ...state, ...asked };
}

/** The offset after the last of them. */
function after(records: readonly ConsumerRecord[], otherwise: number): number {
  const last = records.at(-1);
  return last === undefined ? otherwise : last.offset + 1;
}
