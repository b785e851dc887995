/** A world that cannot be is refused before anything runs in it, in one sentence that says what to
 *  do. Worlds may be plain JavaScript; these are parsed, so that no type is in the way. */

import { describe, expect, it } from "vitest";
import { Run, ScenarioError, type WorldSpec } from "streamscope";

function refusal(world: string, records = "function"): string {
  const given: WorldSpec = JSON.parse(world);
  const workload = given.workload?.map((one) => {
    return records === "function" ? { ...one, records: () => [] } : one;
  });
  try {
    const run = new Run({
      program: () => {},
      world: { ...given, ...(workload === undefined ? {} : { workload }) },
    });
    return `not refused, at ${run.nowMs}`;
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    return thrown.message;
  }
}

const topics = (config: string, more = ""): string => `{"topics":{"t":{${config}}}${more}}`;

describe("a cluster", () => {
  it.each([
    [topics('"partitions":-2'), "partitions of topic t must be a whole number of at least 1"],
    [
      topics('"partitions":1,"replicationFactor":3', ',"brokers":2'),
      "The target replication factor of 3 cannot be reached because only 2 broker(s)",
    ],
    [topics('"partitions":1,"replicationFactor":0'), "replicationFactor of topic t must be"],
    [topics('"partitions":1,"replicationFactor":1.5'), "of at least 1, not 1.5"],
    [topics('"partitions":1,"minInsyncReplicas":-1'), "minInsyncReplicas of topic t must be"],
    [topics('"partitions":1,"replicationfactor":1'), "did you mean replicationFactor?"],
    [topics('"partitions":1,"cleanupPolicy":"compac"'), "delete or compact or compact,delete"],
    [topics('"partitions":1,"uncleanLeaderElection":"yes"'), "must be true or false, not yes"],
    [
      topics('"partitions":1,"minCompactionLagMs":9,"maxCompactionLagMs":5'),
      "minCompactionLagMs of topic t must be at most maxCompactionLagMs (5), not 9",
    ],
    [topics('"partitions":2,"replicas":[[1]]'), "are for 1 partitions, and it has 2"],
    [topics('"partitions":1,"replicas":[[9]]'), "broker 9, but no such broker is registered"],
    [topics('"partitions":1,"replicas":[[1,1]]'), "the broker 1 more than once"],
    [topics('"partitions":1,"replicas":[[]]'), "an empty replica list"],
    [topics('"partitions":2,"replicas":[[1,2],[1]]', ',"brokers":2'), "1 replicas where 2 belong"],
    ['{"readBack":[{"topic":"nope"}]}', 'readBack "nope", which the world does not have'],
    ['{"cluster":{"replicaLagTime":5}}', "cluster has no setting replicaLagTime"],
    ['{"cluster":{"flushms":5}}', "did you mean flushMs?"],
    ['{"cluster":{"flushMs":-5}}', "cluster.flushMs must be a whole number of at least 0"],
    ['{"cluster":{"autoLeaderRebalance":5}}', "autoLeaderRebalance must be true or false"],
  ])("is refused: %s", (world, message) => {
    expect(refusal(world)).toContain(message);
  });
});

describe("a workload", () => {
  const writes = (more: string): string =>
    topics('"partitions":1', `,"workload":[{"topic":"t"${more}}]`);

  it.each([
    [
      topics('"partitions":1', ',"workload":[{"topic":"u"}]'),
      'writes to topic "u", which the world does not have; known topics: t',
    ],
    [
      writes(',"producer":{"retries":-1}'),
      "Invalid value -1 for configuration retries: Value must be at least 0",
    ],
    [writes(',"producer":{"acks":2}'), "String must be one of: all, -1, 0, 1"],
    [writes(',"producer":{"batchBytes":"big"}'), "Not a number of type INT"],
    [writes(',"producer":{"transactionalid":"x"}'), "give transactionalId"],
    [writes(',"transactions":{"everyMs":5}'), 'give producer: { transactionalId: "..." }'],
    [
      writes(',"producer":{"transactionalId":"x"},"transactions":{"recordsPerTransaction":0}'),
      "transactions.recordsPerTransaction of the workload of topic t must be",
    ],
  ])("is refused: %s", (world, message) => {
    expect(refusal(world)).toContain(message);
  });

  it("has a function that gives its records", () => {
    const message = "records of the workload of topic t must be a function";
    expect(refusal(writes(',"records":[]'), "as given")).toContain(message);
  });

  it("with nothing wrong is taken", () => {
    expect(refusal(writes(',"producer":{"retries":3,"acks":-1}'))).toBe("not refused, at 0");
  });
});
