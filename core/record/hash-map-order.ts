/** The order in which java.util.HashMap gives its entries back, which is what `subtractByKey`,
 *  `reduceByKeyLocally` and the assignors of consumers show. Nobody promises it; a learner who runs
 *  the program on Spark sees it.
 *  Unlike the JVM: buckets of nine keys or more stay lists, where it would make trees of them.
 *  Like Java: java.util.HashMap. */

import { at } from "../base/assert.ts";

const INITIAL_CAPACITY = 16;
/** A bucket that long makes a small table grow. */
const TREEIFY_THRESHOLD = 8;
const MIN_TREEIFY_CAPACITY = 64;

/** Shape: hash codes of distinct keys in the order they were put -> their indexes in the order of
 *  the table's buckets. */
export function hashMapOrder(hashes: readonly number[]): number[] {
  let buckets: number[][] = emptyBuckets(INITIAL_CAPACITY);
  const bucketOf = (index: number): number[] => {
    const hash = at(hashes, index);
    return at(buckets, (hash ^ (hash >>> 16)) & (buckets.length - 1));
  };
  const grow = (): void => {
    const old = buckets;
    buckets = emptyBuckets(old.length * 2);
    for (const index of old.flat()) bucketOf(index).push(index);
  };
  for (let index = 0; index < hashes.length; index += 1) {
    const bucket = bucketOf(index);
    bucket.push(index);
    if (bucket.length > TREEIFY_THRESHOLD && buckets.length < MIN_TREEIFY_CAPACITY) grow();
    if (index + 1 > 0.75 * buckets.length) grow();
  }
  return buckets.flat();
}

function emptyBuckets(capacity: number): number[][] {
  return Array.from({ length: capacity }, () => []);
}
