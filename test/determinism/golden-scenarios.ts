/** The scenarios whose traces must be equal byte for byte wherever they run: each exercises another
 *  part of the engine. No host may be touched here: the same file runs in Node and in Chromium. */

import type { FaultSpec, Program, WorldSpec } from "streamscope";
import { KafkaUtils, PreferConsistent, Seconds, Subscribe } from "streamscope";
import { chooseScenario, worldOf } from "../../core/simulate/choose.ts";
import { pipelineOf } from "../../core/simulate/pipelines.ts";
import { clicksWorld, runningCount } from "../kit/clicks.ts";

export interface GoldenScenario {
  readonly name: string;
  readonly program: Program;
  readonly world: WorldSpec;
  readonly faults?: readonly FaultSpec[];
}

const kafkaParams = { "group.id": "golden", "auto.offset.reset": "earliest" };

const skewedWorld: WorldSpec = {
  seed: 7,
  brokers: 2,
  topics: { words: { partitions: 3, retentionBytes: 2000, segmentBytes: 500 } },
  cluster: { retentionCheckMs: 1500 },
  workload: [
    {
      topic: "words",
      records: function* (random) {
        for (let n = 0; n < 120; n += 1) {
          const key = random.ratio(1, 3) ? null : `key-${random.below(9)}`;
          yield { atMs: n * 60, key, value: `w${random.below(6)} w${random.below(6)} 词` };
        }
      },
    },
  ],
};

export const goldenScenarios: readonly GoldenScenario[] = [
  {
    name: "queue-word-count",
    program: (ssc) => {
      ssc
        .queueStream([["to be or", "not to be"], [], ["be"]])
        .flatMap((line) => line.split(" "))
        .map((word) => [word, 1] as const)
        .reduceByKey((a, b) => a + b)
        .print();
    },
    world: {},
  },
  {
    name: "direct-stream-windows",
    program: (ssc) => {
      ssc.checkpoint("checkpoints/golden");
      const words = KafkaUtils.createDirectStream(
        ssc,
        PreferConsistent,
        Subscribe(["words"], kafkaParams),
      ).flatMap((record) => record.value.split(" "));
      words.countByValue().print();
      words
        .map((word) => [word, 1] as const)
        .reduceByKeyAndWindow(
          (a, b) => a + b,
          (a, b) => a - b,
          Seconds(3),
          Seconds(1),
        )
        .print();
      words.window(Seconds(4), Seconds(2)).count().print();
    },
    world: skewedWorld,
    faults: [{ kind: "stopBroker", broker: 2, atMs: 2500, forMs: 1200 }],
  },
  {
    name: "state-through-a-crash",
    program: runningCount,
    world: clicksWorld,
    faults: [
      { kind: "loseExecutor", executor: 2, atMs: 2050 },
      { kind: "crashDriver", atMs: 4100 },
    ],
  },
  simulated("transactions-and-readers", 14_723),
  simulated("leaders-and-coordinators", 6_334),
  simulated("exactly-once-sink", 1_761),
];

/** One of `streamscope simulate`: three brokers and more, groups, transactions, faults. */
function simulated(name: string, seed: number): GoldenScenario {
  const scenario = chooseScenario(seed);
  return { name, program: pipelineOf(scenario.pipeline), world: worldOf(scenario) };
}
