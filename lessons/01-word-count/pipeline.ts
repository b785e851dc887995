import { KafkaUtils, PreferConsistent, type StreamingContext, Subscribe } from "streamscope";

export default function wordCount(ssc: StreamingContext): void {
  const kafkaParams = {
    "bootstrap.servers": "localhost:9092",
    "group.id": "word-count",
    "auto.offset.reset": "earliest",
    "enable.auto.commit": false,
  };
  const sentences = KafkaUtils.createDirectStream(
    ssc,
    PreferConsistent,
    Subscribe(["sentences"], kafkaParams),
  );

  sentences
    .flatMap((record) => record.value.split(" "))
    .map((word) => [word, 1] as const)
    .reduceByKey((a, b) => a + b)
    .print();
}
