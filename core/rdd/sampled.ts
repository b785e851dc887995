/** Samples of an RDD, and its splits. They are drawn anew, and alike, each time they are computed.
 *  Like Spark: PartitionwiseSampledRDD; RDD.sample, RDD.randomSplit. */

import { at } from "../base/assert.ts";
import { JavaRandom } from "./java-random.ts";
import { mapPartitionsNode } from "./map-partitions.ts";
import { oneToOne, type Push, RDDNode, type TaskContext } from "./rdd.ts";
import { requirement } from "./requirement.ts";
import {
  bernoulliSampler,
  cellSampler,
  doubleText,
  poissonSampler,
  type SamplerFactory,
} from "./samplers.ts";

export type Seed = number | bigint;

/** Without a seed Spark draws one that nobody knows; ours is the number of the RDD. */
export function seedOf(rdd: RDDNode<unknown>, seed: Seed | undefined): bigint {
  return BigInt(seed ?? rdd.id);
}

/** Throws: PipelineError GRAPH_INVALID for a fraction that cannot be. */
export function sample<T>(
  parent: RDDNode<T>,
  options: {
    readonly withReplacement: boolean;
    readonly fraction: number;
    readonly seed: bigint;
  },
): RDDNode<T> {
  const { withReplacement, fraction, seed } = options;
  requirement(fraction >= 0, `Fraction must be nonnegative, but got ${doubleText(fraction)}`);
  return sampledBy(
    parent,
    withReplacement ? poissonSampler(fraction) : bernoulliSampler(fraction),
    seed,
  );
}

function sampledBy<T>(parent: RDDNode<T>, sampler: SamplerFactory, seed: bigint): RDDNode<T> {
  const random = new JavaRandom(seed);
  const seeds = Array.from({ length: parent.numPartitions }, () => random.nextLong());
  return new RDDNode<T>({
    context: parent.context,
    className: "PartitionwiseSampledRDD",
    operator: "sample",
    numPartitions: parent.numPartitions,
    dependencies: [oneToOne(parent)],
    partitioner: parent.partitioner,
    compute: (rdd, partition, task, push) => {
      const draw = sampler(at(seeds, partition));
      pushDrawn({ rdd, parent, partition, task, push }, draw);
    },
  });
}

/** Splits of about the weights' sizes: each record is in one of them.
 *  Throws: PipelineError GRAPH_INVALID for weights below 0, or that add up to 0. */
export function randomSplit<T>(
  parent: RDDNode<T>,
  weights: readonly number[],
  seed: bigint,
): RDDNode<T>[] {
  const given = `[${weights.map(doubleText).join(",")}]`;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  requirement(
    weights.every((weight) => weight >= 0),
    `Weights must be nonnegative, but got ${given}`,
  );
  requirement(sum > 0, `Sum of weights must be positive, but got ${given}`);
  let from = 0;
  return weights.map((weight) => {
    const until = from + weight / sum;
    const sampler = cellSampler(from, until);
    from = until;
    return mapPartitionsNode<T, T>({
      parent,
      operator: "randomSplit",
      preservesPartitioning: true,
      compute: (rdd, partition, task, push) => {
        const draw = sampler(seed + BigInt(partition));
        pushDrawn({ rdd, parent, partition, task, push }, draw);
      },
    });
  });
}

function pushDrawn<T>(
  of: {
    readonly rdd: RDDNode<unknown>;
    readonly parent: RDDNode<T>;
    readonly partition: number;
    readonly task: TaskContext;
    readonly push: Push<T>;
  },
  draw: () => number,
): void {
  let count = 0;
  of.task.iterate(of.parent, of.partition, (record) => {
    const times = draw();
    count += times;
    for (let i = 0; i < times; i += 1) of.push(record);
  });
  of.task.count(of.rdd, count);
}
