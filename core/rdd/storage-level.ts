/** Where the partitions of a persisted RDD are kept, and how many times.
 *  Like Spark: org.apache.spark.storage.StorageLevel. */

import { get } from "../base/assert.ts";

/** The levels by name: `StorageLevel.MEMORY_ONLY` is `"MEMORY_ONLY"`. */
export const StorageLevel = {
  NONE: "NONE",
  DISK_ONLY: "DISK_ONLY",
  DISK_ONLY_2: "DISK_ONLY_2",
  DISK_ONLY_3: "DISK_ONLY_3",
  MEMORY_ONLY: "MEMORY_ONLY",
  MEMORY_ONLY_2: "MEMORY_ONLY_2",
  MEMORY_ONLY_SER: "MEMORY_ONLY_SER",
  MEMORY_ONLY_SER_2: "MEMORY_ONLY_SER_2",
  MEMORY_AND_DISK: "MEMORY_AND_DISK",
  MEMORY_AND_DISK_2: "MEMORY_AND_DISK_2",
  MEMORY_AND_DISK_SER: "MEMORY_AND_DISK_SER",
  MEMORY_AND_DISK_SER_2: "MEMORY_AND_DISK_SER_2",
  OFF_HEAP: "OFF_HEAP",
  // Literal types, so that a level may be written as its name.
} as const;

export type StorageLevel = keyof typeof StorageLevel;

/** What a level means. */
export interface StorageTraits {
  readonly usesDisk: boolean;
  readonly usesMemory: boolean;
  readonly usesOffHeap: boolean;
  readonly isDeserialized: boolean;
  readonly replication: number;
}

const traits = new Map<StorageLevel, StorageTraits>([
  ["NONE", traitsOf({})],
  ["DISK_ONLY", traitsOf({ usesDisk: true })],
  ["DISK_ONLY_2", traitsOf({ usesDisk: true, replication: 2 })],
  ["DISK_ONLY_3", traitsOf({ usesDisk: true, replication: 3 })],
  ["MEMORY_ONLY", traitsOf({ usesMemory: true, isDeserialized: true })],
  ["MEMORY_ONLY_2", traitsOf({ usesMemory: true, isDeserialized: true, replication: 2 })],
  ["MEMORY_ONLY_SER", traitsOf({ usesMemory: true })],
  ["MEMORY_ONLY_SER_2", traitsOf({ usesMemory: true, replication: 2 })],
  ["MEMORY_AND_DISK", traitsOf({ usesDisk: true, usesMemory: true, isDeserialized: true })],
  [
    "MEMORY_AND_DISK_2",
    traitsOf({ usesDisk: true, usesMemory: true, isDeserialized: true, replication: 2 }),
  ],
  ["MEMORY_AND_DISK_SER", traitsOf({ usesDisk: true, usesMemory: true })],
  ["MEMORY_AND_DISK_SER_2", traitsOf({ usesDisk: true, usesMemory: true, replication: 2 })],
  ["OFF_HEAP", traitsOf({ usesDisk: true, usesMemory: true, usesOffHeap: true })],
]);

function traitsOf(given: Partial<StorageTraits>): StorageTraits {
  return {
    usesDisk: false,
    usesMemory: false,
    usesOffHeap: false,
    isDeserialized: false,
    replication: 1,
    ...given,
  };
}

export function storageTraits(level: StorageLevel): StorageTraits {
  return get(traits, level, "the storage level");
}

/** As StorageLevel.description prints it. */
export function describeStorage(level: StorageLevel): string {
  if (level === "NONE") return "";
  const { usesDisk, usesMemory, usesOffHeap, isDeserialized, replication } = storageTraits(level);
  const memory = usesOffHeap ? "Memory (off heap) " : "Memory ";
  return (
    `${usesDisk ? "Disk " : ""}${usesMemory ? memory : ""}` +
    `${isDeserialized ? "Deserialized" : "Serialized"} ${replication}x Replicated`
  );
}
