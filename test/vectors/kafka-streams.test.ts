// Goal: a direct stream starts, plans, commits and slows down as Spark's does on a real Kafka.
// Method: Spark 3.5.1 ran the scripts of spark/KafkaStreams.scala on Kafka 3.9 (see make.ts); the
// same scripts, step by step, drive the stream of our driver on the simulated Kafka.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KafkaScript, type Script } from "./kafka-script.ts";

const file = new URL("spark/kafkaStreams.json", import.meta.url);
// The generator's own output.
const scripts = JSON.parse(readFileSync(file, "utf8")) as Script[];

for (const script of scripts) {
  test(script.name, () => expect(new KafkaScript(script).outcomes()).toEqual(script.outcomes));
}
