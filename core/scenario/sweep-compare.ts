/** What a run delivered, and how that differs from what another did. */

import type { FactOf } from "../trace/event.ts";
import type { BatchOutput, WorldSpec } from "./scenario.ts";

/** How many, and one of them in words; null for none. */
export interface Difference {
  readonly count: number;
  readonly example: string | null;
}

/** A thing that can be delivered, as often and in the order it was. */
interface Lane {
  /** Output 0, or topic results. */
  readonly of: string;
  /** What was delivered, in order: offsets of a partition, or records of a key. */
  readonly items: string[];
}

/** Records without a key may go to any partition: nobody promises their order. */
const UNKEYED = "records without a key";

/** The topics that nobody's workload feeds: what the pipeline writes. */
export function sinkTopics({ topics = {}, workload = [] }: WorldSpec): readonly string[] {
  const fed = new Set(workload.map(({ topic }) => topic));
  return Object.keys(topics).filter((topic) => !fed.has(topic));
}

/** What a run delivers, while it runs. */
export class Delivered {
  readonly #world: WorldSpec;
  readonly #lanes = new Map<string, Lane>();

  constructor(world: WorldSpec) {
    this.#world = world;
  }

  /** An output operation is through. */
  take({ output, ranges }: BatchOutput): void {
    for (const { topic, partition, fromOffset, untilOffset } of ranges) {
      const lane = this.#lane(`output ${output}`, `${topic}-${partition}`);
      for (let offset = fromOffset; offset < untilOffset; offset += 1) {
        lane.items.push(`${topic}-${partition}@${offset}`);
      }
    }
  }

  /** The run is over: what readers of committed records find in a topic it wrote. */
  found({ topic, records }: FactOf<"contents.read">): void {
    const { cleanupPolicy = "delete" } = this.#world.topics?.[topic] ?? {};
    const lanes = new Map<string, string[]>();
    for (const { key, value } of records) {
      const name = key ?? UNKEYED;
      const text = `${key === null ? "" : `${key}=`}${value}`;
      const items = lanes.get(name);
      if (items === undefined || cleanupPolicy !== "delete") lanes.set(name, [text]);
      else items.push(text);
    }
    for (const [name, items] of lanes) {
      const of = name === UNKEYED ? `topic ${topic}, ${UNKEYED}` : `topic ${topic}`;
      const lane = this.#lane(of, name);
      for (const item of items) lane.items.push(item);
    }
  }

  #lane(of: string, name: string): Lane {
    const key = JSON.stringify([of, name]);
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = { of, items: [] };
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  get lanes(): ReadonlyMap<string, Lane> {
    return this.#lanes;
  }
}

class Counter {
  #count = 0;
  #example: string | null = null;

  add(example: string, count = 1): void {
    this.#count += count;
    this.#example ??= example;
  }

  get difference(): Difference {
    return { count: this.#count, example: this.#example };
  }
}

/** What the second run lost, delivered twice, and delivered in another order than the first. What
 *  only the second had time for does not count, unless the first knew it. */
export function compareRuns(
  calm: Delivered,
  crashed: Delivered,
): Readonly<Record<"lost" | "duplicated" | "reordered", Difference>> {
  const counters = { lost: new Counter(), duplicated: new Counter(), reordered: new Counter() };
  for (const [key, { of, items }] of calm.lanes) {
    compareLanes(of, items, crashed.lanes.get(key)?.items ?? [], counters);
  }
  return {
    lost: counters.lost.difference,
    duplicated: counters.duplicated.difference,
    reordered: counters.reordered.difference,
  };
}

function compareLanes(
  of: string,
  expected: readonly string[],
  found: readonly string[],
  counters: Readonly<Record<"lost" | "duplicated" | "reordered", Counter>>,
): void {
  const wanted = countOf(expected);
  const had = countOf(found);
  for (const [item, times] of wanted) {
    const got = had.get(item) ?? 0;
    if (got < times) counters.lost.add(`${item} is missing in ${of}`, times - got);
    if (got > times) counters.duplicated.add(`${item} is ${got} times in ${of}`, got - times);
  }
  if (expected.length === 0 || of.endsWith(UNKEYED)) return;
  // By first delivery: what is delivered again later is duplicated, not reordered.
  const firsts = [...new Set(found)].filter((item) => wanted.has(item));
  const order = [...new Set(expected)].filter((item) => had.has(item));
  const places = new Map(order.map((item, index) => [item, index]));
  let latest = -1;
  for (const item of firsts) {
    const place = places.get(item) ?? -1;
    if (place < latest) {
      counters.reordered.add(`${item} came after ${order[latest] ?? ""} in ${of}`);
    }
    latest = Math.max(latest, place);
  }
}

function countOf(items: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
