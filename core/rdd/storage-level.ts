/** Where the partitions of a persisted RDD are kept.
 *  Like Spark: org.apache.spark.storage.StorageLevel. The simulation keeps blocks of every level in
 *  the memory of one executor; the level is what is shown and printed. */

export type StorageLevel =
  | "NONE"
  | "MEMORY_ONLY"
  | "MEMORY_ONLY_SER"
  | "MEMORY_AND_DISK"
  | "MEMORY_AND_DISK_SER";

/** As StorageLevel.description prints it. */
export function describeStorage(level: StorageLevel): string {
  switch (level) {
    case "NONE":
      return "";
    case "MEMORY_ONLY":
      return "Memory Deserialized 1x Replicated";
    case "MEMORY_ONLY_SER":
      return "Memory Serialized 1x Replicated";
    case "MEMORY_AND_DISK":
      return "Disk Memory Deserialized 1x Replicated";
    case "MEMORY_AND_DISK_SER":
      return "Disk Memory Serialized 1x Replicated";
  }
}
