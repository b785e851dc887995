/** Workloads: what applications write in a simulated world. */

import { ScenarioError } from "../base/errors.ts";
import { compareNumbers } from "../base/order.ts";
import type { ProducerRecord } from "../record/record.ts";
import type { WorkloadSpec } from "./scenario.ts";

/** The lines of a text as records without a key, dealt over the partitions one by one; line i is
 *  handed over at `floor(i * 1000 / ratePerSecond)` ms. Lines are drawn only as time passes.
 *  Throws: ScenarioError BAD_WORLD for a rate that is not above 0. */
export function linesWorkload(options: {
  readonly topic: string;
  readonly lines: Iterable<string>;
  readonly ratePerSecond: number;
}): WorkloadSpec {
  const { topic, lines, ratePerSecond } = options;
  if (!(ratePerSecond > 0 && Number.isFinite(ratePerSecond))) {
    throw new ScenarioError(
      "BAD_WORLD",
      `ratePerSecond of the workload of topic ${topic} must be above 0, not ${ratePerSecond}`,
    );
  }
  return {
    topic,
    partitioner: "RoundRobinPartitioner",
    records: function* () {
      let index = 0;
      for (const value of lines) {
        yield { atMs: Math.floor((index * 1000) / ratePerSecond), value };
        index += 1;
      }
    },
  };
}

/** Given records, in the order of their times. */
export function recordsWorkload(topic: string, records: readonly ProducerRecord[]): WorkloadSpec {
  const ordered = [...records].sort((a, b) => compareNumbers(a.atMs, b.atMs));
  return { topic, records: () => ordered };
}
