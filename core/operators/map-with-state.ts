/** State per key, touched only where there are records: a stream of states, and the stream of what
 *  the person's function made of them.
 *  Like Spark: InternalMapWithStateDStream and MapWithStateDStreamImpl
 *  (S/dstream/MapWithStateDStream.scala). */

import { flatMap } from "../rdd/map-partitions.ts";
import {
  initialStates,
  type MappingFunction,
  mapWithState,
  StateRecord,
} from "../rdd/map-with-state.ts";
import { partitionBy } from "../rdd/partition-by.ts";
import type { Partitioner } from "../rdd/partitioner.ts";
import type { RDDNode } from "../rdd/rdd.ts";
import { emptyRDD } from "../rdd/in-memory.ts";
import { isMultipleOf } from "../base/time.ts";
import { StreamNode } from "../stream/node.ts";

/** The state is checkpointed every so many batches. */
const CHECKPOINT_SLIDES = 10;

export interface MapWithStateStreamOptions<K, V, S, E> {
  readonly f: MappingFunction<K, V, S, E>;
  readonly partitioner: Partitioner;
  readonly initial: RDDNode<readonly [K, S]> | null;
  /** How long a key may be without a record; for ever when null. */
  readonly timeoutMs: number | null;
  /** What the person gave. */
  readonly parameters: readonly unknown[];
}

export interface MapWithStateStreams<E> {
  readonly states: StreamNode<StateRecord>;
  readonly mapped: StreamNode<E>;
}

export function mapWithStateStream<K, V, S, E>(
  parent: StreamNode<readonly [K, V]>,
  options: MapWithStateStreamOptions<K, V, S, E>,
): MapWithStateStreams<E> {
  const { f, partitioner, initial, timeoutMs, parameters } = options;
  const states = new StreamNode<StateRecord>(parent.owner, {
    operator: "mapWithState",
    className: "InternalMapWithStateDStream",
    parents: [parent],
    slideMs: parent.slideMs,
    mustCheckpoint: true,
    defaultCheckpointMs: parent.slideMs * CHECKPOINT_SLIDES,
    storageLevel: "MEMORY_ONLY",
    parameters: [...parameters, partitioner, timeoutMs],
    compute: (timeMs, batch, self) => {
      const previous =
        batch.rddOf(self, timeMs - self.slideMs) ??
        initialStates(batch.rdds, initial, partitioner, timeMs);
      const data = batch.rddOf(parent, timeMs) ?? emptyRDD<readonly [K, V]>(batch.rdds);
      return mapWithState({
        previous,
        data: partitionBy(data, partitioner),
        f,
        timeMs,
        idleSinceMs: timeoutMs === null ? null : timeMs - timeoutMs,
        scansAll:
          self.checkpointMs !== null && isMultipleOf(timeMs - batch.zeroTimeMs, self.checkpointMs),
        origin: { node: self.id, batchTimeMs: timeMs },
      });
    },
  });
  const mapped = flatMapStates<E>(states, "mapWithState", "MapWithStateDStreamImpl", (record) => {
    // The function of the person's gave them.
    return record.mapped as readonly E[];
  });
  return { states, mapped };
}

/** All keys with their states, after each batch. */
export function stateSnapshotsStream<K, S>(states: StreamNode<StateRecord>): StreamNode<[K, S]> {
  return flatMapStates(states, "stateSnapshots", "FlatMappedDStream", (record) =>
    record.states.entries().map(({ key, state }): [K, S] => [key as K, state as S]),
  );
}

function flatMapStates<U>(
  states: StreamNode<StateRecord>,
  operator: string,
  className: string,
  f: (record: StateRecord) => readonly U[],
): StreamNode<U> {
  return new StreamNode<U>(states.owner, {
    operator,
    className,
    parents: [states],
    slideMs: states.slideMs,
    compute: (timeMs, batch) => {
      const rdd = batch.rddOf(states, timeMs);
      return rdd === null ? null : flatMap(rdd, (found) => f(StateRecord.of(rdd, found)), operator);
    },
  });
}
