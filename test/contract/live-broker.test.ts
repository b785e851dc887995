// Goal: a real Kafka keeps the promises of the port, so that the simulated one may be trusted.
import { KafkajsBroker } from "../../core/live/kafkajs-broker.ts";
import { describeWithKafka } from "../kafka/describe-with-kafka.ts";
import type { BrokerUnderTest } from "./broker-client.ts";
import { brokerContract } from "./broker-contract.ts";

async function connect(bootstrap: string): Promise<BrokerUnderTest> {
  const waiting: (() => void)[] = [];
  let unanswered = 0;
  const broker = new KafkajsBroker({
    bootstrap,
    replyTo: () => {
      unanswered += 1;
      return (action) => {
        action();
        unanswered -= 1;
        if (unanswered === 0) for (const resume of waiting.splice(0)) resume();
      };
    },
    onError: (error) => {
      throw error;
    },
  });
  await broker.connect();
  const run = `contract-${process.pid}-${Date.now()}`;
  let topics = 0;
  return {
    broker,
    settle: () =>
      new Promise((resolve) => {
        if (unanswered === 0) resolve();
        else waiting.push(resolve);
      }),
    uniqueTopic: () => {
      topics += 1;
      return `${run}-${topics}`;
    },
    stop: () => broker.close(),
  };
}

describeWithKafka("Kafka", (bootstrap) => {
  brokerContract("through kafkajs", () => connect(bootstrap));
});
