// Vectors in which ours does not do what Kafka does, and how. Each must go on to differ, or else
// leave this list.

export const differences: ReadonlyMap<string, string> = new Map([
  [
    "partitioning/round robin leaves out every other partition, since each batch turns it twice",
    "round robin goes to every partition (Kafka's bug KAFKA-9965)",
  ],
  [
    "partitioning/round robin takes no notice of keys",
    "round robin goes to every partition (Kafka's bug KAFKA-9965)",
  ],
]);
