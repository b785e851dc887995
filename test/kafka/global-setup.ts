// One broker for all files of the `kafka` project, started when the first of them is going to run.
import type { TestProject } from "vitest/node";
import { kafkaAvailable, startKafka } from "./kafka.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** `host:port` of the broker that the whole run shares, or null where there is none. */
    kafka: string | null;
  }
}

/** KAFKA_BROKERS names a broker of yours to use instead of one of ours. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  const yours = process.env["KAFKA_BROKERS"];
  if (yours !== undefined && yours !== "") {
    project.provide("kafka", yours);
    return;
  }
  const available = kafkaAvailable();
  if (!available.ok) {
    console.log(available.why);
    project.provide("kafka", null);
    return;
  }
  const kafka = await startKafka();
  project.provide("kafka", kafka.bootstrap);
  return () => kafka.remove();
}
