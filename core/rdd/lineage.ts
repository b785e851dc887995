/** How an RDD came to be, as text, character by character as Spark prints it; but what is cached is
 *  measured in records, not in bytes.
 *  Like Spark: RDD.toDebugString. */

import type { RDDNode } from "./rdd.ts";
import { describeStorage } from "./storage-level.ts";

export function toDebugString(rdd: RDDNode<unknown>): string {
  const level = describeStorage(rdd.storageLevel);
  const describe = (of: RDDNode<unknown>): readonly string[] => [
    `${String(of)} [${level}]`,
    ...describeCached(of),
  ];

  const block = (of: RDDNode<unknown>, prefix: string, isShuffle: boolean, isLast: boolean) => {
    const count = `(${of.numPartitions})`;
    const offset = Math.floor((count.length - 1) / 2);
    const pad = `${" ".repeat(offset)}|${" ".repeat(count.length - offset)}`;
    const [own = "", ...more] = describe(of);
    if (!isShuffle) {
      const inner = prefix + pad;
      // Spark puts one space more before what is cached of the RDD itself.
      return [`${count} ${own}`, ...more.map((line) => `${inner} ${line}`), ...children(of, inner)];
    }
    const stripped = prefix.replace(/\|\s+$/u, "");
    const inner = `${stripped}${isLast ? "  " : "| "}${pad}`;
    return [
      `${stripped}+-${count} ${own}`,
      ...more.map((line) => `${inner}${line}`),
      ...children(of, inner),
    ];
  };

  const children = (of: RDDNode<unknown>, prefix: string): string[] => {
    const last = of.dependencies.length - 1;
    return of.dependencies.flatMap((dependency, index): string[] => {
      if (dependency.kind === "shuffle") {
        return block(dependency.rdd, prefix, true, index === last);
      }
      const own = describe(dependency.rdd).map((line) => `${prefix}${line}`);
      return [...own, ...children(dependency.rdd, prefix)];
    });
  };
  return block(rdd, "", false, true).join("\n");
}

/** A line for an RDD of which something is cached. */
function describeCached({ id, context, storageLevel }: RDDNode<unknown>): readonly string[] {
  const partitions = storageLevel === "NONE" ? 0 : context.cachedPartitions(id);
  if (partitions === 0) return [];
  const { memory, disk } = context.cachedRecords(id);
  return [
    `    CachedPartitions: ${partitions}; MemorySize: ${memory} records; DiskSize: ${disk} records`,
  ];
}
