// Goal: the broker under our tests is a real one and keeps what it acknowledged.
// Method: a broker of this file's own, since it is killed; and one look at the shared one.
import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeWithKafka } from "../kafka/describe-with-kafka.ts";
import { kafkaAvailable, startKafka, type TestKafka } from "../kafka/kafka.ts";

const topic = "three-records";

async function endOffset(bootstrap: string): Promise<string | undefined> {
  const admin = new Kafka({
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  }).admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return partition?.high;
}

describe.skipIf(!kafkaAvailable().ok)("startKafka", () => {
  let broker: TestKafka;

  beforeAll(async () => {
    broker = await startKafka();
    const kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
    await admin.disconnect();
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({
      topic,
      acks: -1,
      messages: ["a", "b", "c"].map((value) => ({ value, partition: 0 })),
    });
    await producer.disconnect();
  });

  afterAll(() => broker.remove());

  test("startKafka answers on loopback and appends what is produced", async () => {
    expect(broker.bootstrap).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await endOffset(broker.bootstrap)).toBe("3");
  });

  test("kill loses nothing that was acknowledged, and restart brings it back", async () => {
    await broker.kill();
    await expect(endOffset(broker.bootstrap)).rejects.toThrow();
    await broker.restart();
    expect(await endOffset(broker.bootstrap)).toBe("3");
  });

  test("stop ends it in order, and restart brings it back", async () => {
    await broker.stop();
    await broker.restart();
    expect(await endOffset(broker.bootstrap)).toBe("3");
  });
});

describeWithKafka("the broker of the whole run", (bootstrap) => {
  test("it answers with a controller", async () => {
    const [address] = bootstrap.split(",");
    const kafka = new Kafka({ brokers: [address ?? ""], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    expect((await admin.describeCluster()).controller).not.toBeNull();
    await admin.disconnect();
  });
});
