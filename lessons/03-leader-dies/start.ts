import { KafkaUtils, PreferConsistent, type StreamingContext, Subscribe } from "streamscope";

/** The shop that writes the orders, and the topic it writes them to. */
export const settings = {
  producers: {
    shop: { acks: "1" },
  },
  topics: {
    orders: { "min.insync.replicas": 1 },
  },
};

export default function addUp(ssc: StreamingContext): void {
  ssc.checkpoint("checkpoints/orders");
  const kafkaParams = {
    "group.id": "add-up",
    "auto.offset.reset": "earliest",
    "enable.auto.commit": false,
  };
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["orders"], kafkaParams))
    // Each record is the number of an order: count it, and add the number up.
    .flatMap((record): [string, number][] => [
      ["orders", 1],
      ["sum", Number(record.value)],
    ])
    .updateStateByKey<number>((values, total) => values.reduce((a, b) => a + b, total ?? 0))
    .print();
}
