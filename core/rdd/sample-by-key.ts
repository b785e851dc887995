/** A part of the pairs of each key: each key has a fraction of its own. Exact samples take a pass
 *  more over the pairs, with replacement two.
 *  Like Spark: PairRDDFunctions.sampleByKey, sampleByKeyExact; StratifiedSamplingUtils. */

import { PipelineError } from "../base/errors.ts";
import { KeyMap } from "../record/key-map.ts";
import { scalaText } from "../record/scala-text.ts";
import { countByKey } from "./count-by-key.ts";
import { mapPartitionsNode, requirePair } from "./map-partitions.ts";
import type { RDDNode } from "./rdd.ts";
import { requirement } from "./requirement.ts";
import { runAction } from "./run-action.ts";
import { poisson } from "./samplers.ts";
import { binomialBounds, poissonBounds, type SamplingBounds } from "./sampling-bounds.ts";
import { strictExp } from "./strict-math.ts";
import { Well19937c } from "./well-19937c.ts";
import { XORShiftRandom } from "./xor-shift-random.ts";

export interface SampleByKeyOptions<K> {
  readonly withReplacement: boolean;
  /** By key: the chance of each pair, or how often it is taken on average. */
  readonly fractions: ReadonlyMap<K, number>;
  readonly seed: bigint;
  /** As many pairs of a key as its fraction says, rounded up; else about as many. */
  readonly isExact: boolean;
}

/** How often to take a pair of this key, drawn anew for each. */
type Draw = (key: unknown) => number;

/** Throws: PipelineError GRAPH_INVALID for fractions below 0; OUT_OF_RANGE in the task that meets a
 *  key without a fraction. */
export function sampleByKey<K, V>(
  parent: RDDNode<readonly [K, V]>,
  options: SampleByKeyOptions<K>,
): RDDNode<readonly [K, V]> {
  const rates = [...options.fractions.values()];
  requirement(
    rates.every((rate) => rate >= 0),
    "Negative sampling rates.",
  );
  const fractionOf = finder(options.fractions);
  const operator = options.isExact ? "sampleByKeyExact" : "sampleByKey";
  const drawsOf = options.isExact
    ? exactDraws(parent, options, fractionOf)
    : drawsOfAbout(options.withReplacement, fractionOf);
  return mapPartitionsNode<readonly [K, V], readonly [K, V]>({
    parent,
    operator,
    preservesPartitioning: true,
    compute: (rdd, partition, task, push) => {
      const draw = drawsOf(new KeyRandom(options.seed + BigInt(partition)));
      let count = 0;
      task.iterate(parent, partition, (record) => {
        requirePair(rdd, task, record);
        let times: number;
        try {
          times = draw(record[0]);
        } catch (thrown) {
          throw task.userError(rdd, thrown, record);
        }
        count += times;
        for (let i = 0; i < times; i += 1) push(record);
      });
      task.count(rdd, count);
    },
  });
}

function drawsOfAbout(withReplacement: boolean, fractionOf: Draw): (random: KeyRandom) => Draw {
  if (withReplacement) return (random) => (key) => random.poisson(fractionOf(key));
  return (random) => (key) => (random.uniform() < fractionOf(key) ? 1 : 0);
}

/** Runs the jobs that look at the pairs first, and replays their draws. */
function exactDraws<K>(
  parent: RDDNode<readonly [K, unknown]>,
  options: SampleByKeyOptions<K>,
  fractionOf: Draw,
): (random: KeyRandom) => Draw {
  const { withReplacement, seed } = options;
  const counts = withReplacement ? finder(countByKey(parent, "sampleByKeyExact")) : null;
  const boundsOf = (key: unknown, seen: number): SamplingBounds => {
    if (counts === null) return binomialBounds(seen, fractionOf(key));
    const count = counts(key);
    return poissonBounds(Math.ceil(count * fractionOf(key)), count);
  };
  const strata = acceptance(parent, seed, (random) => (key, stratum) => {
    if (counts === null || stratum.bounds === null) stratum.bounds = boundsOf(key, stratum.items);
    if (counts === null) takeOnce(random, stratum, stratum.bounds);
    else takeOften(random, stratum, stratum.bounds);
    stratum.items += 1;
  });
  const thresholds = new KeyMap<number>();
  for (const { key, value } of strata.cells) {
    thresholds.add(key, thresholdOf(value, fractionOf(key)));
  }
  const thresholdFor = (key: unknown): number => thresholds.find(key)?.value ?? 0;
  if (counts === null) return drawsOfAbout(false, thresholdFor);
  return (random) => (key) => {
    const bounds = strata.find(key)?.value.bounds ?? { accept: 0, wait: 0 };
    let times = bounds.accept === 0 ? 0 : random.poisson(bounds.accept);
    const waiting = random.poisson(bounds.wait);
    const threshold = thresholdFor(key);
    for (let i = 0; i < waiting; i += 1) if (random.uniform() < threshold) times += 1;
    return times;
  };
}

/** What was found of a key in one pass. */
interface Stratum {
  items: number;
  accepted: number;
  readonly waiting: number[];
  bounds: SamplingBounds | null;
}

function takeOnce(random: KeyRandom, stratum: Stratum, { accept, wait }: SamplingBounds): void {
  const drawn = random.uniform();
  if (drawn < accept) stratum.accepted += 1;
  else if (drawn < wait) stratum.waiting.push(drawn);
}

function takeOften(random: KeyRandom, stratum: Stratum, { accept, wait }: SamplingBounds): void {
  if (accept !== 0) stratum.accepted += random.poisson(accept);
  const waiting = random.poisson(wait);
  for (let i = 0; i < waiting; i += 1) stratum.waiting.push(random.uniform());
}

/** Runs a job that draws for each pair, and puts together what it found by key. */
function acceptance<K>(
  parent: RDDNode<readonly [K, unknown]>,
  seed: bigint,
  visitor: (random: KeyRandom) => (key: unknown, stratum: Stratum) => void,
): KeyMap<Stratum> {
  const found = mapPartitionsNode<readonly [K, unknown], KeyMap<Stratum>>({
    parent,
    operator: "sampleByKeyExact",
    compute: (rdd, partition, task, push) => {
      const strata = new KeyMap<Stratum>();
      const visit = visitor(new KeyRandom(seed + BigInt(partition)));
      task.iterate(parent, partition, (record) => {
        requirePair(rdd, task, record);
        try {
          visit(record[0], stratumOf(strata, record[0]));
        } catch (thrown) {
          throw task.userError(rdd, thrown, record);
        }
      });
      push(strata);
      task.count(rdd, 1);
    },
  });
  const merged = new KeyMap<Stratum>();
  for (const strata of runAction(found, "sampleByKeyExact", (maps) => maps).flat()) {
    for (const { key, value } of strata.cells) {
      const stratum = stratumOf(merged, key);
      stratum.items += value.items;
      stratum.accepted += value.accepted;
      stratum.waiting.push(...value.waiting);
      stratum.bounds = value.bounds;
    }
  }
  return merged;
}

function stratumOf(strata: KeyMap<Stratum>, key: unknown): Stratum {
  const known = strata.find(key)?.value;
  if (known !== undefined) return known;
  const stratum: Stratum = { items: 0, accepted: 0, waiting: [], bounds: null };
  strata.add(key, stratum);
  return stratum;
}

/** Draws below it make the sample as large as it is to be. */
function thresholdOf({ items, accepted, waiting, bounds }: Stratum, fraction: number): number {
  const size = Math.ceil(items * fraction);
  if (accepted > size) return bounds?.accept ?? 0;
  const sorted = waiting.toSorted((a, b) => a - b);
  return sorted[size - accepted] ?? bounds?.wait ?? 0;
}

/** Uniform draws, and Poisson draws with a generator of its own for each mean. */
class KeyRandom {
  readonly #seed: bigint;
  readonly #uniform: XORShiftRandom;
  readonly #poisson = new Map<number, { never: number; random: Well19937c }>();

  constructor(seed: bigint) {
    this.#seed = seed;
    this.#uniform = new XORShiftRandom(seed);
  }

  uniform(): number {
    return this.#uniform.nextDouble();
  }

  /** Throws: PipelineError OUT_OF_RANGE for a mean that is not above 0. */
  poisson(mean: number): number {
    if (mean <= 0) {
      throw new PipelineError(
        "OUT_OF_RANGE",
        `org.apache.commons.math3.exception.NotStrictlyPositiveException: mean (${mean})`,
      );
    }
    let drawn = this.#poisson.get(mean);
    if (drawn === undefined) {
      drawn = { never: strictExp(-mean), random: new Well19937c(this.#seed) };
      this.#poisson.set(mean, drawn);
    }
    return poisson(mean, drawn.never, drawn.random);
  }
}

function finder(values: ReadonlyMap<unknown, number>): Draw {
  const byKey = new KeyMap<number>();
  for (const [key, value] of values) byKey.add(key, value);
  return (key) => {
    const cell = byKey.find(key);
    if (cell !== undefined) return cell.value;
    throw new PipelineError(
      "OUT_OF_RANGE",
      `java.util.NoSuchElementException: key not found: ${scalaText(key)}`,
    );
  };
}
