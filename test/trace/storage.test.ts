// Goal: the storage page's numbers follow from the trace.
// Method: runs that cache, evict, lose and unpersist; the rows at moments of their traces.
import { expect, test } from "vitest";
import { type SparkContext, storedRDDs, type TraceEvent, type WorldSpec } from "streamscope";
import { runWorld } from "../kit/run-world.ts";

function eventsOf(program: (sc: SparkContext) => void, world: WorldSpec): readonly TraceEvent[] {
  return runWorld({
    program: (ssc) => {
      program(ssc.sparkContext);
      ssc.queueStream([[]]).print();
    },
    world: { batches: 1, ...world },
  }).events;
}

test("storedRDDs tells level, partitions, and where blocks that had to leave went", () => {
  const events = eventsOf(
    (sc) => {
      sc.parallelize([1, 2, 3, 4], 4).setName("old").persist("MEMORY_AND_DISK").count();
      sc.parallelize([1, 2, 3], 3).cache().take(1);
    },
    { executors: [{ cores: 1, memoryRecords: 4 }] },
  );
  expect(storedRDDs(events)).toEqual([
    {
      rdd: 0,
      name: "old",
      level: "MEMORY_AND_DISK",
      cachedPartitions: 4,
      partitions: 4,
      percent: 100,
      inMemory: 3,
      onDisk: 1,
    },
    {
      rdd: 1,
      name: "ParallelCollectionRDD",
      level: "MEMORY_ONLY",
      cachedPartitions: 1,
      partitions: 3,
      percent: 33,
      inMemory: 1,
      onDisk: 0,
    },
  ]);
});

test("storedRDDs counts copies apart, and forgets what was unpersisted or lost", () => {
  const events = eventsOf((sc) => {
    const rdd = sc.parallelize([1, 2, 3, 4], 4).persist("MEMORY_ONLY_2");
    rdd.count();
    rdd.unpersist();
  }, {});
  const unpersisted = events.findIndex(({ kind }) => kind === "blocks.removed");
  const before = storedRDDs(events.slice(0, unpersisted));
  expect(before).toMatchObject([{ cachedPartitions: 4, inMemory: 8 }]);
  expect(storedRDDs(events.slice(0, unpersisted + 1))).toEqual([]);
});
