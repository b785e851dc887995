import { KafkaUtils, PreferConsistent, type StreamingContext, Subscribe } from "streamscope";

export default function wordCount(ssc: StreamingContext): void {
  const kafkaParams = {
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
    .flatMap((record) => splitWords(record.value))
    .map((word) => [word, 1] as const)
    .reduceByKey((a, b) => a + b)
    .print();
}

/** Letters and digits make words, whatever else stands between them. */
function splitWords(sentence: string): string[] {
  return sentence
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}
