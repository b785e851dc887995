/** One attempt of one partition of a stage: gathers what it reads, computes, and says what it did.
 *  Like Spark: ShuffleMapTask and ResultTask. */

import { assert } from "../base/assert.ts";
import { UserFunctionError, describeThrown, StreamscopeError } from "../base/errors.ts";
import { copyValue } from "../record/copy-value.ts";
import { KeyMap } from "../record/key-map.ts";
import type { OffsetRange } from "../record/offset-range.ts";
import type { ConsumerRecord, SentRecord } from "../record/record.ts";
import { scalaText } from "../record/scala-text.ts";
import { combineValue, partitionCells } from "../rdd/combine.ts";
import { requirePair } from "../rdd/map-partitions.ts";
import { storageTraits } from "../rdd/storage-level.ts";
import {
  type Located,
  placeOf,
  type Push,
  type RDDNode,
  type ShuffleDependency,
  type StateUpdate,
  type TaskContext,
} from "../rdd/rdd.ts";
import {
  freshBlock,
  GroupBuckets,
  PairBuckets,
  recordsIn,
  type ShuffleBlock,
} from "../rdd/shuffle-block.ts";
import type { OperatorCount } from "../trace/event.ts";
import type { BlockStore } from "./block-store.ts";
import type { Lens } from "./lens.ts";
import type { Stage } from "./stage.ts";

/** A shuffle block a task needs is gone. Like Spark: FetchFailedException. */
export class FetchFailed extends Error {
  override readonly name = "FetchFailed";
  readonly shuffle: number;

  constructor(shuffle: number, partition: number) {
    super(
      "org.apache.spark.shuffle.MetadataFetchFailedException: " +
        `Missing an output location for shuffle ${shuffle} partition ${partition}`,
    );
    this.shuffle = shuffle;
  }
}

/** What a task needs before it can compute. */
export interface TaskInputs {
  readonly ranges: readonly OffsetRange[];
  readonly shuffles: readonly ShuffleDependency[];
  /** The executor that a leaf prefers; null where none does. */
  readonly preferred: number | null;
}

/** Walks the narrow lineage of a partition to its leaves; stops at cached and checkpointed data. */
export function taskInputs(
  blocks: BlockStore,
  rdd: RDDNode<unknown>,
  partition: number,
): TaskInputs {
  const ranges: OffsetRange[] = [];
  const shuffles: ShuffleDependency[] = [];
  let preferred: number | null = null;
  const seen = new Set<string>();
  const visit = (of: RDDNode<unknown>, index: number): void => {
    const name = `${of.id}/${index}`;
    if (seen.has(name)) return;
    seen.add(name);
    if (blocks.cachedBlock(of, index) !== null) return;
    const range = of.rangeOf(index);
    if (range !== null) ranges.push(range);
    preferred ??= of.preferredExecutors(index)[0] ?? null;
    for (const dependency of of.dependencies) {
      if (dependency.kind === "shuffle") shuffles.push(dependency);
      else for (const parent of dependency.parents(index)) visit(dependency.rdd, parent);
    }
  };
  visit(rdd, partition);
  return { ranges, shuffles, preferred };
}

/** A block a task read, or computed. */
export interface BlockUse {
  readonly rdd: RDDNode<unknown>;
  readonly partition: number;
  /** Null when it was read. */
  readonly computed: readonly unknown[] | null;
}

/** What a task did, to be made known when it finishes. */
export interface TaskResult {
  readonly result: unknown;
  readonly mapOutput: readonly ShuffleBlock[] | null;
  readonly updates: readonly StateUpdate[];
  readonly operators: readonly OperatorCount[];
  readonly recordsRead: number;
  readonly shuffleRecordsRead: number;
  readonly shuffleRecordsWritten: number;
}

export class TaskRun implements TaskContext {
  readonly #stage: Stage;
  readonly #partition: number;
  readonly attemptNumber: number;
  readonly #sent: SentRecord[] = [];
  readonly #store: BlockStore;
  readonly #fetched: ReadonlyMap<OffsetRange, readonly (readonly ConsumerRecord[])[]>;
  readonly #lens: Lens | null;
  readonly #counts = new Map<number, number>();
  readonly #updates: StateUpdate[] = [];
  readonly #blockUses: BlockUse[] = [];
  readonly #computed = new Map<string, unknown[]>();
  #recordsRead = 0;
  #shuffleRecordsRead = 0;

  constructor(options: {
    readonly stage: Stage;
    readonly partition: number;
    readonly attemptNumber: number;
    readonly store: BlockStore;
    readonly fetched: ReadonlyMap<OffsetRange, readonly (readonly ConsumerRecord[])[]>;
    readonly lens: Lens | null;
  }) {
    this.#stage = options.stage;
    this.#partition = options.partition;
    this.attemptNumber = options.attemptNumber;
    this.#store = options.store;
    this.#fetched = options.fetched;
    this.#lens = options.lens;
  }

  /** In order. What a task has computed stays, whatever becomes of the task. */
  get blockUses(): readonly BlockUse[] {
    return this.#blockUses;
  }

  get partitionId(): number {
    return this.#partition;
  }

  send(record: SentRecord): void {
    this.#sent.push(record);
  }

  /** What its functions handed to a producer, in order; also when one of them threw later. */
  get sent(): readonly SentRecord[] {
    return this.#sent;
  }

  /** Throws: FetchFailed, UserFunctionError, PipelineError. */
  run(): TaskResult {
    const { dependency, job } = this.#stage;
    let mapOutput: readonly ShuffleBlock[] | null = null;
    let result: unknown = null;
    if (dependency === null) result = job.run(this, this.#partition);
    else mapOutput = this.#runMap(dependency);
    let written = 0;
    for (const block of mapOutput ?? []) written += recordsIn(block);
    return {
      result,
      mapOutput,
      updates: this.#updates,
      operators: Array.from(this.#counts, ([rdd, records]) => ({ rdd, records })),
      recordsRead: this.#recordsRead,
      shuffleRecordsRead: this.#shuffleRecordsRead,
      shuffleRecordsWritten: written,
    };
  }

  #runMap(dependency: ShuffleDependency): readonly ShuffleBlock[] {
    const { rdd, site } = dependency;
    const at = { site, origin: rdd.origin };
    try {
      return dependency.writes === "combined"
        ? this.#combinePairs(dependency, at)
        : this.#movePairs(dependency, at);
    } catch (thrown) {
      if (thrown instanceof StreamscopeError && thrown.place.operator === undefined) {
        throw this.userError(at, thrown, undefined);
      }
      throw thrown;
    }
  }

  #movePairs(dependency: ShuffleDependency, at: Located): readonly ShuffleBlock[] {
    const { rdd, partitioner, writes } = dependency;
    const buckets =
      writes === "groups" ? new GroupBuckets(partitioner) : new PairBuckets(partitioner);
    this.iterate(rdd, this.#partition, (record) => {
      requirePair(at, this, record);
      buckets.add(record[0], record[1]);
    });
    return buckets.blocks();
  }

  #combinePairs(dependency: ShuffleDependency, at: Located): readonly ShuffleBlock[] {
    const { rdd, partitioner, aggregator } = dependency;
    assert(aggregator !== null, "a shuffle that combines must have an aggregator");
    const combined = new KeyMap<unknown>();
    this.iterate(rdd, this.#partition, (record) => {
      requirePair(at, this, record);
      try {
        combineValue(combined, aggregator, record[0], record[1]);
      } catch (thrown) {
        throw this.userError(at, thrown, record);
      }
    });
    return partitionCells(combined, partitioner);
  }

  iterate<T>(rdd: RDDNode<T>, partition: number, push: Push<T>): void {
    const hear = this.#hear(rdd, partition, push);
    if (rdd.storageLevel === "NONE") {
      rdd.compute(partition, this, hear);
      return;
    }
    const { isDeserialized } = storageTraits(rdd.storageLevel);
    const cached = this.#store.cachedBlock(rdd, partition);
    const name = `${rdd.id}/${partition}`;
    let records = cached?.records ?? this.#computed.get(name);
    if (records === undefined) {
      const computed: unknown[] = [];
      rdd.compute(partition, this, (record) => computed.push(record));
      this.#blockUses.push({ rdd, partition, computed });
      this.#computed.set(name, computed);
      records = computed;
    } else {
      this.count(rdd, records.length);
      if (cached !== null) this.#blockUses.push({ rdd, partition, computed: null });
    }
    const isCopied = !isDeserialized || cached?.storage === "disk";
    // A block holds exactly the records of its RDD; the store keeps blocks of all types.
    for (const record of records) hear((isCopied ? copyValue(record) : record) as T);
  }

  #hear<T>(rdd: RDDNode<T>, partition: number, push: Push<T>): Push<T> {
    const lens = this.#lens;
    if (lens === null || this.#stage.job.batchTimeMs !== lens.batchTimeMs) return push;
    const stage = this.#stage.id;
    return (record) => {
      lens.record(rdd, stage, partition, record);
      push(record);
    };
  }

  fetched(range: OffsetRange): readonly (readonly ConsumerRecord[])[] {
    const fetched = this.#fetched.get(range);
    assert(fetched !== undefined, "a range must be fetched before it is read", {
      topic: range.topic,
      partition: range.partition,
    });
    return fetched;
  }

  shuffled(dependency: ShuffleDependency, partition: number): readonly ShuffleBlock[] {
    const blocks: ShuffleBlock[] = [];
    for (let map = 0; map < dependency.rdd.numPartitions; map += 1) {
      const block = this.#store.outputs.find(dependency.shuffle, map)?.blocks[partition];
      if (block === undefined) throw new FetchFailed(dependency.shuffle, partition);
      this.#shuffleRecordsRead += recordsIn(block);
      blocks.push(freshBlock(block));
    }
    return blocks;
  }

  count(rdd: RDDNode<unknown>, records: number): void {
    this.#counts.set(rdd.id, (this.#counts.get(rdd.id) ?? 0) + records);
    if (rdd.dependencies.length === 0) this.#recordsRead += records;
  }

  get wantsEntries(): boolean {
    return this.#lens?.batchTimeMs === this.#stage.job.batchTimeMs;
  }

  stateUpdated(update: StateUpdate): void {
    this.#updates.push(update);
    this.#lens?.state(update);
  }

  userError(at: Located, thrown: unknown, record: unknown): Error {
    if (thrown instanceof StreamscopeError && thrown.place.operator !== undefined) return thrown;
    const isOurs = thrown instanceof StreamscopeError;
    return new UserFunctionError(
      isOurs ? thrown.code : "USER_FUNCTION",
      isOurs ? thrown.message : describeThrown(thrown),
      {
        place: {
          ...placeOf(at),
          ...(this.#stage.job.batchTimeMs === null
            ? {}
            : { batchTimeMs: this.#stage.job.batchTimeMs }),
          partition: this.#partition,
          ...(record === undefined ? {} : { record: recordText(record) }),
        },
        cause: thrown,
      },
    );
  }
}

const RECORD_TEXT_MAX = 200;

/** A record short enough for a message; a Kafka record by where it is and what it holds. */
function recordText(record: unknown): string {
  const text = isKafkaRecord(record)
    ? `${record.topic}-${record.partition}@${record.offset} ${JSON.stringify(record.value)}`
    : scalaText(record);
  return text.length <= RECORD_TEXT_MAX ? text : `${text.slice(0, RECORD_TEXT_MAX)}...`;
}

function isKafkaRecord(record: unknown): record is ConsumerRecord {
  return (
    typeof record === "object" &&
    record !== null &&
    "topic" in record &&
    "partition" in record &&
    "offset" in record &&
    "value" in record
  );
}
