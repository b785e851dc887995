// Goal: what a sink sends on a real Kafka is there, each record in the partition of its key.
// Method: a pipeline from topic to topic as a process; the second topic as kafkajs tells it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { partitionForKey } from "../../core/record/partitioner.ts";
import { describeWithKafka } from "../kafka/describe-with-kafka.ts";
import { runTerminal } from "../terminal/terminal.ts";

const run = `${process.pid}-${Date.now()}`;
const lines = Array.from({ length: 600 }, (_, n) => `word-${n % 7}`);

function pipeline(from: string, to: string): string {
  return `import {
  kafkaSink, KafkaUtils, PreferConsistent, Subscribe, type StreamingContext,
} from "streamscope";

export default (ssc: StreamingContext) => {
  const strategy = Subscribe(["${from}"], {
    "group.id": "${from}",
    "auto.offset.reset": "earliest",
    "enable.auto.commit": false,
  });
  KafkaUtils.createDirectStream(ssc, PreferConsistent, strategy)
    .map((record) => record.value)
    .foreachRDD((rdd) =>
      rdd.foreachPartition(kafkaSink("${to}", (word) => ({ key: word, value: word }))),
    );
};
`;
}

describeWithKafka("the kafka sink", (bootstrap) => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "streamscope-sink-"));
    writeFileSync(join(folder, "lines.txt"), lines.join("\n"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("writes every record once, by its key", async () => {
    const from = `from-${run}`;
    const to = `to-${run}`;
    writeFileSync(join(folder, "copy.ts"), pipeline(from, to));
    const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: to, numPartitions: 3 }], waitForLeaders: true });
    const args = ["run", "copy.ts", "--input", `${from}=lines.txt`, "--rate", "2000"];
    const ended = await runTerminal([...args, "--broker", bootstrap], folder);
    expect(ended).toMatchObject({ code: 0, err: `topic ${from} was created with 2 partitions\n` });
    const offsets = await admin.fetchTopicOffsets(to);
    await admin.disconnect();
    const counts = new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
    const expected = new Map([0, 1, 2].map((partition) => [partition, 0]));
    for (const word of lines) {
      const partition = partitionForKey(word, 3);
      expected.set(partition, (expected.get(partition) ?? 0) + 1);
    }
    expect(counts).toEqual(expected);
  });
});
