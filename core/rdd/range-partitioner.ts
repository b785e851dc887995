/** Keys by range, the ranges about equally full: what `sortByKey` shuffles with. Its bounds come
 *  from a sample of the keys, for which a job runs when the partitioner is made.
 *  Like Spark: RangePartitioner, SamplingUtils.reservoirSampleAndCount; sample for sample. */

import { at } from "../base/assert.ts";
import { sameKey } from "../record/key-map.ts";
import { map, mapPartitions } from "./map-partitions.ts";
import { isAfter, naturalOrdering, type Ordering } from "./ordering.ts";
import type { Partitioner } from "./partitioner.ts";
import { pruned } from "./pruned.ts";
import type { RDDNode } from "./rdd.ts";
import { requirement } from "./requirement.ts";
import { runAction } from "./run-action.ts";
import { sample } from "./sampled.ts";
import { byteSwap32, XORShiftRandom } from "./xor-shift-random.ts";

const SAMPLES_PER_PARTITION = 20;
const SAMPLES_MAX = 1e6;
/** More is taken than is needed, as partitions are not equally full. */
const OVERSAMPLING = 3;

/** The keys sampled in one partition, of `count` that it has. */
interface Sketch<K> {
  readonly partition: number;
  readonly count: number;
  readonly keys: readonly K[];
}

/** A sampled key, and how many keys it stands for. */
interface Candidate<K> {
  readonly key: K;
  readonly weight: number;
}

export class RangePartitioner<K> implements Partitioner {
  readonly ascending: boolean;
  /** The greatest key of each partition but the last; fewer where there are fewer keys. */
  readonly bounds: readonly K[];
  readonly #ordering: Ordering<K>;

  /** Throws: PipelineError GRAPH_INVALID for less than no partitions; what aborted the job. */
  constructor(
    partitions: number,
    rdd: { readonly node: RDDNode<readonly [K, unknown]> },
    ascending = true,
    ordering: Ordering<K> = naturalOrdering,
    operator = "RangePartitioner",
  ) {
    requirement(
      Number.isInteger(partitions) && partitions >= 0,
      `Number of partitions cannot be negative but found ${partitions}.`,
    );
    this.ascending = ascending;
    this.#ordering = ordering;
    if (partitions <= 1) {
      this.bounds = [];
    } else {
      const candidates = sampleKeys(rdd.node, partitions, operator);
      const wanted = Math.min(partitions, candidates.length);
      this.bounds = determineBounds(candidates, wanted, ordering);
    }
  }

  get numPartitions(): number {
    return this.bounds.length + 1;
  }

  getPartition(key: K): number {
    let low = 0;
    let high = this.bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAfter(this.#ordering, key, at(this.bounds, middle))) low = middle + 1;
      else high = middle;
    }
    return this.ascending ? low : this.bounds.length - low;
  }

  equals(other: unknown): boolean {
    if (!(other instanceof RangePartitioner) || other.ascending !== this.ascending) return false;
    return (
      other.bounds.length === this.bounds.length &&
      this.bounds.every((bound, index) => sameKey(bound, other.bounds[index]))
    );
  }
}

function sampleKeys<K>(
  rdd: RDDNode<readonly [K, unknown]>,
  partitions: number,
  operator: string,
): readonly Candidate<K>[] {
  const sampleSize = Math.min(SAMPLES_PER_PARTITION * partitions, SAMPLES_MAX);
  const perPartition = Math.ceil((OVERSAMPLING * sampleSize) / rdd.numPartitions);
  const sketches = sketch(rdd, perPartition, operator);
  const total = sketches.reduce((sum, { count }) => sum + count, 0);
  const fraction = Math.min(sampleSize / Math.max(total, 1), 1);
  const candidates: Candidate<K>[] = [];
  const imbalanced = new Set<number>();
  for (const { partition, count, keys } of sketches) {
    if (fraction * count > perPartition) {
      imbalanced.add(partition);
      continue;
    }
    const weight = Math.fround(count / keys.length);
    for (const key of keys) candidates.push({ key, weight });
  }
  if (imbalanced.size === 0) return candidates;
  const weight = Math.fround(1 / fraction);
  const more = resample(rdd, imbalanced, { fraction, operator });
  return [...candidates, ...more.map((key) => ({ key, weight }))];
}

/** Keys of partitions that hold far more than their share, each with the same chance. */
function resample<K>(
  rdd: RDDNode<readonly [K, unknown]>,
  partitions: ReadonlySet<number>,
  options: { readonly fraction: number; readonly operator: string },
): readonly K[] {
  const { fraction, operator } = options;
  const keys = map(rdd, ([key]) => key, operator);
  const full = pruned(keys, (partition) => partitions.has(partition), operator);
  const seed = BigInt(byteSwap32(-rdd.id - 1));
  const sampled = sample(full, { withReplacement: false, fraction, seed });
  return runAction(sampled, operator, (records) => records).flat();
}

function sketch<K>(
  rdd: RDDNode<readonly [K, unknown]>,
  size: number,
  operator: string,
): readonly Sketch<K>[] {
  const keys = map(rdd, ([key]) => key, operator);
  const sketched = mapPartitions(
    keys,
    (records, partition) => {
      const random = new XORShiftRandom(byteSwap32(partition ^ (keys.id << 16)));
      const sample = reservoirSample(records, size, random);
      return [{ partition, count: records.length, keys: sample }];
    },
    { operator },
  );
  return runAction(sketched, operator, (sketches) => sketches).flat();
}

/** Each record with the same chance; all of them where there are not more than `size`. */
function reservoirSample<T>(
  records: readonly T[],
  size: number,
  random: XORShiftRandom,
): readonly T[] {
  const reservoir = records.slice(0, size);
  for (let seen = size + 1; seen <= records.length; seen += 1) {
    const replaced = Math.floor(random.nextDouble() * seen);
    if (replaced < size) reservoir[replaced] = at(records, seen - 1);
  }
  return reservoir;
}

/** Like Spark: RangePartitioner.determineBounds. */
function determineBounds<K>(
  candidates: readonly Candidate<K>[],
  partitions: number,
  ordering: Ordering<K>,
): readonly K[] {
  const ordered = [...candidates].sort((a, b) => ordering(a.key, b.key));
  const step = ordered.reduce((sum, { weight }) => sum + weight, 0) / partitions;
  const bounds: K[] = [];
  let cumulated = 0;
  let target = step;
  for (const { key, weight } of ordered) {
    if (bounds.length >= partitions - 1) break;
    cumulated += weight;
    const last = bounds.length - 1;
    if (cumulated < target || (last >= 0 && !isAfter(ordering, key, at(bounds, last)))) continue;
    bounds.push(key);
    target += step;
  }
  return bounds;
}
