/** How an RDD came to be, as text, character by character as Spark prints it.
 *  Like Spark: RDD.toDebugString. */

import type { RDDNode } from "./rdd.ts";
import { describeStorage } from "./storage-level.ts";

export function toDebugString(rdd: RDDNode<unknown>): string {
  const level = describeStorage(rdd.storageLevel);
  const describe = (of: RDDNode<unknown>): string => `${String(of)} [${level}]`;

  const block = (of: RDDNode<unknown>, prefix: string, isShuffle: boolean, isLast: boolean) => {
    const count = `(${of.numPartitions})`;
    const offset = Math.floor((count.length - 1) / 2);
    const pad = `${" ".repeat(offset)}|${" ".repeat(count.length - offset)}`;
    if (!isShuffle) return [`${count} ${describe(of)}`, ...children(of, prefix + pad)];
    const stripped = prefix.replace(/\|\s+$/u, "");
    const own = `${stripped}+-${count} ${describe(of)}`;
    return [own, ...children(of, `${stripped}${isLast ? "  " : "| "}${pad}`)];
  };

  const children = (of: RDDNode<unknown>, prefix: string): string[] => {
    const last = of.dependencies.length - 1;
    return of.dependencies.flatMap((dependency, index): string[] => {
      if (dependency.kind === "shuffle") {
        return block(dependency.rdd, prefix, true, index === last);
      }
      return [`${prefix}${describe(dependency.rdd)}`, ...children(dependency.rdd, prefix)];
    });
  };
  return block(rdd, "", false, true).join("\n");
}
