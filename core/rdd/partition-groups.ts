/** Which partitions of a parent go together when there are to be fewer: those that prefer one
 *  place, as evenly as may be. Like Spark: DefaultPartitionCoalescer, draw for draw. */

import { assert, at } from "../base/assert.ts";
import { JavaRandom } from "./java-random.ts";
import type { RDDNode } from "./rdd.ts";
import { strictLog } from "./strict-math.ts";

/** Partitions of the parent that one task reads, and the executor it is best run on. */
export interface PartitionGroup {
  readonly partitions: readonly number[];
  readonly executor: number | null;
}

/** Spark's, so that the same program always groups alike. */
const SEED = 7919;
/** How much fuller than another a group may be for the sake of its place: a tenth of all. */
const BALANCE_SLACK = 0.1;
/** Of the places a partition prefers, how many are looked at. */
const PLACES_MAX = 3;

interface Group {
  readonly partitions: number[];
  readonly executor: number | null;
}

/** Shape: never more groups than the parent has partitions, none of them empty. */
export function groupPartitions(parent: RDDNode<unknown>, count: number): PartitionGroup[] {
  const places = Array.from({ length: parent.numPartitions }, (_, partition) =>
    parent.context.preferredExecutors(parent, partition),
  );
  if (places.every((executors) => executors.length === 0)) return neighbours(places.length, count);
  return new Grouping(places, count).groups;
}

/** No place is better than another. */
function neighbours(numPartitions: number, count: number): PartitionGroup[] {
  const start = (group: number): number => Math.floor((group * numPartitions) / count);
  return Array.from({ length: count }, (_, group) => ({
    partitions: Array.from(
      { length: start(group + 1) - start(group) },
      (_unused, index) => start(group) + index,
    ),
    executor: null,
  }));
}

/** An executor, and a partition that prefers it. */
type Place = readonly [executor: number, partition: number];

class Grouping {
  readonly groups: Group[] = [];
  readonly #places: readonly (readonly number[])[];
  readonly #random = new JavaRandom(SEED);
  readonly #byExecutor = new Map<number, Group[]>();
  readonly #grouped = new Set<number>();

  constructor(places: readonly (readonly number[])[], count: number) {
    this.#places = places;
    const preferences = Array.from({ length: PLACES_MAX }, (_, rank) =>
      places.flatMap((executors, partition): Place[] => {
        const executor = executors[rank];
        return executor === undefined ? [] : [[executor, partition]];
      }),
    ).flat();
    this.#openGroups(preferences, count);
    const without = places.flatMap((executors, partition) =>
      executors.length === 0 ? [partition] : [],
    );
    this.#fillEmpty(preferences.map(([, partition]) => partition));
    this.#fillEmpty(without);
    for (const partition of places.keys()) {
      if (!this.#grouped.has(partition)) this.#chooseGroup(partition).partitions.push(partition);
    }
  }

  /** A group for each executor first, then more for executors drawn at random. */
  #openGroups(preferences: readonly Place[], count: number): void {
    // So many draws see most of that many kinds, were they drawn at random.
    const enough = 2 * Math.floor(strictLog(count) * count + count + 0.5);
    for (const place of preferences.slice(0, enough)) {
      if (this.groups.length === count) return;
      if (!this.#byExecutor.has(place[0])) this.#open(place);
    }
    while (this.groups.length < count) {
      this.#open(at(preferences, this.#random.nextInt(preferences.length)));
    }
  }

  #open([executor, partition]: Place): void {
    const group: Group = { partitions: [], executor };
    this.groups.push(group);
    this.#byExecutor.set(executor, [...(this.#byExecutor.get(executor) ?? []), group]);
    this.#add(partition, group);
  }

  #add(partition: number, group: Group): void {
    if (this.#grouped.has(partition)) return;
    this.#grouped.add(partition);
    group.partitions.push(partition);
  }

  #fillEmpty(partitions: readonly number[]): void {
    const left = partitions[Symbol.iterator]();
    for (const group of this.groups) {
      while (group.partitions.length === 0) {
        const next = left.next();
        if (next.done === true) return;
        this.#add(next.value, group);
      }
    }
  }

  /** The least full group of a place it prefers, unless one of two drawn is much less full. */
  #chooseGroup(partition: number): Group {
    const [first, second] = [this.#draw(), this.#draw()];
    const drawn = first.partitions.length < second.partitions.length ? first : second;
    const preferred = (this.#places[partition] ?? []).flatMap(
      (executor) => leastFull(this.#byExecutor.get(executor) ?? []) ?? [],
    );
    const wanted = leastFull(preferred);
    if (wanted === null) return drawn;
    const slack = Math.floor(BALANCE_SLACK * this.#places.length);
    return drawn.partitions.length + slack <= wanted.partitions.length ? drawn : wanted;
  }

  #draw(): Group {
    assert(this.groups.length > 0, "there must be a group to draw");
    return at(this.groups, this.#random.nextInt(this.groups.length));
  }
}

/** The first of them. */
function leastFull(groups: readonly Group[]): Group | null {
  let least: Group | null = null;
  for (const group of groups) {
    if (least === null || group.partitions.length < least.partitions.length) least = group;
  }
  return least;
}
