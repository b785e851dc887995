/** A world that cannot be is refused before anything runs in it, in one sentence that says what to
 *  do. Worlds may be plain JavaScript; these are parsed, so that no type is in the way. What Kafka
 *  itself says of settings is in test/vectors/kafka-settings.test.ts. */

import { describe, expect, it } from "vitest";
import { Run, StreamscopeError, type WorldSpec } from "streamscope";

/** `f` stands for a function of records or lines. */
function parsed(world: string): WorldSpec {
  return JSON.parse(world, (_, value: unknown) => (value === "f" ? () => [] : value));
}

function refusal(world: string): string {
  try {
    const run = new Run({ program: () => {}, world: parsed(world) });
    return `not refused, at ${run.nowMs}`;
  } catch (thrown) {
    if (!(thrown instanceof StreamscopeError)) throw thrown;
    return `${thrown.code} ${thrown.message}`;
  }
}

type Row = readonly [world: string, message: string];

function refuses(rows: readonly Row[]): void {
  it.each(rows)("is refused: %s", (world, message) => {
    expect(refusal(world)).toMatch(/^(?:BAD_WORLD|BAD_OPTION|FAULT_SCRIPT) /);
    expect(refusal(world)).toContain(message);
  });
}

function takes(worlds: readonly string[]): void {
  it.each(worlds)("is taken: %s", (world) => {
    expect(refusal(world)).toBe("not refused, at 0");
  });
}

describe("a world", () => {
  refuses([
    ["5", "a world must be an object such as { topics: {} }, not 5"],
    ["null", "a world must be an object such as { topics: {} }, not null"],
    ["[]", "a world must be an object"],
    ['{"topic":{}}', "topic is no field of the world; did you mean topics?"],
    ['{"batchIntervallMs":5}', "did you mean batchIntervalMs?"],
    ['{"zzz":5}', "zzz is no field of the world; it has seed, batchIntervalMs, defaultParall"],
    ['{"seed":-1}', "seed must be a whole number of at least 0, not -1"],
    ['{"seed":"7"}', 'seed must be a whole number of at least 0, not "7"'],
    ['{"seed":9007199254740992}', "seed must be a whole number"],
    ['{"untilMs":9007199254740991}', "of at least 0 and at most 1000000000000000, not 9007"],
    ['{"batchIntervalMs":0}', "batchIntervalMs must be a whole number of at least 1, not 0"],
    ['{"batchIntervalMs":null}', "batchIntervalMs must be a whole number of at least 1, not null"],
    ['{"defaultParallelism":0}', "defaultParallelism must be a whole number of at least 1"],
    ['{"brokers":0}', "brokers must be a whole number of at least 1"],
    ['{"brokers":2.5}', "brokers must be a whole number of at least 1, not 2.5"],
    ['{"batches":0}', "batches must be a whole number of at least 1"],
    ['{"untilMs":-1}', "untilMs must be a whole number of at least 0"],
    ['{"settleMs":"soon"}', 'settleMs must be a whole number of at least 0, not "soon"'],
    ['{"conf":"spark"}', 'conf must be an object, such as { name: value }, not "spark"'],
    [
      '{"conf":{"spark.task.maxFailures":4}}',
      'spark.task.maxFailures of conf must be a text, as SparkConf takes it, not 4; give "4"',
    ],
    ['{"conf":{"spark.task.maxFailures":{}}}', "must be a text, as SparkConf takes it, not {}"],
    ['{"executors":{}}', "executors must be a list, such as [...], not {}"],
    ['{"executors":[]}', "executors is empty; give at least one, or leave it out"],
    ['{"executors":[2]}', "executors[0] must be an object, not 2"],
    ['{"executors":[{}]}', "executors[0].cores is missing; give a whole number of at least 1"],
    ['{"executors":[{"cores":0}]}', "executors[0].cores must be a whole number of at least 1"],
    ['{"executors":[{"core":1}]}', "core is no field of executors[0]; did you mean cores?"],
    ['{"executors":[{"cores":1,"speedPercent":0}]}', "executors[0].speedPercent must be"],
    ['{"executors":[{"cores":1,"memoryRecords":-1}]}', "executors[0].memoryRecords must be"],
    ['{"cost":7}', "cost must be an object"],
    ['{"cost":{"task":7}}', "task is no field of cost; it has generateBatchMs, taskMs"],
    ['{"cost":{"tasksMs":7}}', "did you mean taskMs?"],
    ['{"cost":{"taskMs":-7}}', "cost.taskMs must be a whole number of at least 0, not -7"],
    ['{"cost":{"recordUs":0.5}}', "cost.recordUs must be a whole number of at least 0, not 0.5"],
    ['{"files":{}}', "files must be a list"],
    ['{"files":["a.txt"]}', 'files[0] must be an object, not "a.txt"'],
    ['{"files":[{"text":"a"}]}', "files[0].path is missing; give a text"],
    ['{"files":[{"path":"","text":"a"}]}', "files[0].path is empty"],
    ['{"files":[{"path":"a"}]}', "files[0].text is missing; give a text"],
    ['{"files":[{"path":"a","text":["b"]}]}', "files[0].text must be a text, not [b]"],
    ['{"files":[{"path":"a","text":"","atMs":-1}]}', "files[0].atMs must be a whole number"],
    ['{"files":[{"path":"a","text":"","at":1}]}', "at is no field of files[0]"],
    ['{"sockets":[]}', "sockets must be an object"],
    ['{"sockets":{"localhost":{"lines":"f"}}}', 'no port; name it as "localhost:9999"'],
    ['{"sockets":{"localhost:99999":{"lines":"f"}}}', "has port 99999; give one up to 65535"],
    ['{"sockets":{"a:1":5}}', "must be an object, such as linesSocket makes, not 5"],
    ['{"sockets":{"a:1":{}}}', 'lines of socket "a:1" of the world must be a function'],
    ['{"sockets":{"a:1":{"lines":"f","listensFrom":1}}}', "did you mean listensFromMs?"],
    ['{"sockets":{"a:1":{"lines":"f","listensFromMs":-1}}}', "listensFromMs of socket"],
    ['{"faults":5}', "faults must be a list, such as [...], not 5"],
    ['{"faults":[null]}', "faults[0] must be an object, not null"],
    ['{"faults":["at 5 crash driver"]}', "faults[0] must be an object"],
    ['{"faults":[{"kind":"crashDrivr","atMs":1}]}', "did you mean"],
    ['{"faults":"at 5 crash the moon"}', "FAULT_SCRIPT"],
  ]);
  takes([
    "{}",
    '{"seed":0,"batchIntervalMs":1,"defaultParallelism":1,"brokers":1,"batches":1,"untilMs":0}',
    '{"conf":{"spark.task.maxFailures":"4"},"cost":{"taskMs":0},"settleMs":0,"faults":""}',
    '{"executors":[{"cores":1,"speedPercent":1,"memoryRecords":0}]}',
    '{"files":[{"path":"a","text":""}],"sockets":{"a:1":{"lines":"f","listensFromMs":5}}}',
  ]);
});

const topics = (config: string, more = ""): string => `{"topics":{"t":{${config}}}${more}}`;
const named = (name: string, other = "x"): string =>
  `{"topics":{"${other}":{"partitions":1},"${name}":{"partitions":1}}}`;

describe("a topic", () => {
  refuses([
    ['{"topics":[]}', "topics must be an object"],
    ['{"topics":{"t":3}}', "topic t must be an object, such as { partitions: 2 }, not 3"],
    [topics(""), "partitions of topic t is missing; give a whole number of at least 1"],
    [
      topics('"partitions":-2'),
      "InvalidPartitionsException: Number of partitions was set to an invalid non-positive " +
        "value.; partitions of topic t must be at least 1, not -2",
    ],
    [topics('"partitions":0'), "Number of partitions was set to an invalid non-positive value."],
    [topics('"partitions":1.5'), "partitions of topic t must be a whole number of at least 1"],
    [topics('"partitions":"2"'), 'a whole number of at least 1, not "2"'],
    [
      named("a b"),
      "org.apache.kafka.common.errors.InvalidTopicException: Topic name is invalid: 'a b' " +
        "contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'; " +
        'rename topic "a b"',
    ],
    [named(""), "Topic name is invalid: the empty string is not allowed"],
    [named(".."), "Topic name is invalid: '..' is not allowed"],
    [named("x".repeat(250)), "is longer than the max allowed length 249"],
    [named("a.b", "a_b"), "Topic 'a.b' collides with existing topic: a_b"],
    [
      topics('"partitions":1,"replicationFactor":3', ',"brokers":2'),
      "The target replication factor of 3 cannot be reached because only 2 broker(s)",
    ],
    [
      topics('"partitions":1,"replicationFactor":0'),
      "Replication factor must be larger than 0, or -1 to use the default value.; " +
        "replicationFactor of topic t is 0",
    ],
    [topics('"partitions":1,"replicationFactor":1.5'), "of at least 1, not 1.5"],
    [
      topics('"partitions":1,"minInsyncReplicas":-1'),
      "Invalid value -1 for configuration min.insync.replicas: Value must be at least 1; " +
        "correct minInsyncReplicas of topic t",
    ],
    [topics('"partitions":1,"replicationfactor":1'), "did you mean replicationFactor?"],
    [
      topics('"partitions":1,"retention.ms":5'),
      "retention.ms is no setting of topic t; did you mean retentionMs?",
    ],
    [topics('"partitions":1,"minCleanableDirtyRatio":5'), "called minCleanableDirtyPercent here"],
    [topics('"partitions":1,"compression":5'), "no setting of topic t; give partitions, repl"],
    [
      topics('"partitions":1,"cleanupPolicy":"compac"'),
      "Invalid value compac for configuration cleanup.policy: String must be one of: compact, " +
        "delete; correct cleanupPolicy of topic t",
    ],
    [topics('"partitions":1,"cleanupPolicy":"delete, compact"'), 'give "delete,compact"'],
    [topics('"partitions":1,"uncleanLeaderElection":"yes"'), "be either true or false; correct"],
    [topics('"partitions":1,"uncleanLeaderElection":"true"'), 'is the text "true"; give true'],
    [topics('"partitions":1,"retentionMs":"1000"'), 'text "1000"; give the number 1000'],
    [topics('"partitions":1,"minCleanableDirtyPercent":101'), "must be no more than 1; correct"],
    [topics('"partitions":1,"minCleanableDirtyPercent":2.5'), "is 2.5; give a whole number"],
    [
      topics('"partitions":1,"minCompactionLagMs":9,"maxCompactionLagMs":5'),
      "conflict topic config setting min.compaction.lag.ms (9) > max.compaction.lag.ms (5); " +
        "correct minCompactionLagMs of topic t",
    ],
    [topics('"partitions":2,"replicas":[[1]]'), "are for 1 partitions, and it has 2"],
    [topics('"partitions":1,"replicas":{}'), "replicas of topic t must be a list"],
    [topics('"partitions":1,"replicas":[1]'), "partition 0, must be a list, such as [...], not 1"],
    [topics('"partitions":1,"replicas":[[9]]'), "broker 9, but no such broker is registered"],
    [topics('"partitions":1,"replicas":[["1"]]'), "broker 1, but no such broker is registered"],
    [topics('"partitions":1,"replicas":[[1,1]]'), "the broker 1 more than once"],
    [topics('"partitions":1,"replicas":[[]]'), "an empty replica list"],
    [
      topics('"partitions":2,"replicas":[[1,2],[1]]', ',"brokers":2'),
      "The manual partition assignment includes a partition with 1 replica(s), but this is not " +
        "consistent with previous partitions, which have 2 replica(s)",
    ],
    ['{"readBack":{}}', "readBack must be a list"],
    ['{"readBack":[{"topic":"nope"}]}', 'readBack "nope", which the world does not have'],
    [topics('"partitions":1', ',"readBack":[{"topic":"t"}]'), "readBack[0].isolation is missing"],
    [
      topics('"partitions":1', ',"readBack":[{"topic":"t","isolation":"read_commited"}]'),
      'not "read_commited"; did you mean read_committed?',
    ],
  ]);
  takes([
    // Kafka takes it, and producers of acks=all are told NOT_ENOUGH_REPLICAS.
    topics('"partitions":1,"minInsyncReplicas":3'),
    topics('"partitions":1,"retentionMs":-1,"retentionBytes":-1'),
    topics('"partitions":1,"cleanupPolicy":"delete,compact"'),
    topics('"partitions":2,"replicas":[[1,2],[2,1]]', ',"brokers":2'),
    named("A-b_c.9"),
  ]);
});

describe("a cluster", () => {
  refuses([
    ['{"cluster":[]}', "cluster must be an object"],
    ['{"cluster":{"zzz":5}}', "zzz is no setting of the cluster; give replicaLagTimeMaxMs, rep"],
    ['{"cluster":{"flushms":5}}', "did you mean flushMs?"],
    ['{"cluster":{"group.max.size":5}}', "did you mean groupMaxSize?"],
    [
      '{"cluster":{"logCleanerBackoffMs":5}}',
      "logCleanerBackoffMs is no setting of the cluster; it is called cleanerBackoffMs here",
    ],
    ['{"cluster":{"flushMs":-5}}', "Value must be at least 0; correct flushMs of the cluster"],
    ['{"cluster":{"brokerHeartbeatIntervalMs":0}}', "of the cluster is 0; give at least 1"],
    ['{"cluster":{"replicaLagTimeMaxMs":1,"replicaFetchWaitMaxMs":0}}', "give at least 2"],
    ['{"cluster":{"replicaLagTimeMaxMs":100}}', "prevent frequent changes in ISR; correct repl"],
    ['{"cluster":{"cleanerBackoffMs":0}}', "of the cluster is 0; give at least 1"],
    [
      '{"cluster":{"brokerSessionTimeoutMs":2000}}',
      "is 2000 and brokerHeartbeatIntervalMs 2000, so that every broker is fenced between two",
    ],
    [
      '{"cluster":{"replicaFetchBackoffMs":0},"cost":{"requestMs":0}}',
      "replicaFetchBackoffMs of the cluster is 0 and so is cost.requestMs, so that time would",
    ],
    ['{"cluster":{"autoLeaderRebalance":5}}', "Expected value to be either true or false"],
    ['{"cluster":{"leaderImbalanceCheckMs":0}}', "interval.seconds: Value must be at least 1"],
    ['{"cluster":{"groupMaxSize":2147483648}}', "Not a number of type INT"],
  ]);
  takes(['{"cluster":{"leaderImbalanceCheckMs":500,"groupMaxSize":1,"flushMs":0}}']);
});

describe("a workload", () => {
  const writes = (more: string): string =>
    topics('"partitions":1', `,"workload":[{"topic":"t","records":"f"${more}}]`);
  const by = (settings: string, more = ""): string => writes(`,"producer":{${settings}}${more}`);

  refuses([
    ['{"workload":{}}', "workload must be a list"],
    ['{"workload":[7]}', "workload[0] must be an object, not 7"],
    ['{"workload":[{}]}', "topic of workload[0] is missing; give a text"],
    [
      topics('"partitions":1', ',"workload":[{"topic":"u"}]'),
      'writes to topic "u", which the world does not have; known topics: t',
    ],
    [
      '{"topics":{"orders":{"partitions":1}},"workload":[{"topic":"order"}]}',
      "did you mean orders?",
    ],
    [
      topics('"partitions":1', ',"workload":[{"topic":"t","records":[]}]'),
      "records of the workload of topic t must be a function",
    ],
    [writes(',"linger":5'), "linger is no field of the workload of topic t; did you mean linger"],
    [writes(',"partitioner":"random"'), 'must be default or RoundRobinPartitioner, not "random"'],
    [writes(',"continuesAfterError":1'), "must be true or false, not 1"],
    [writes(',"name":""'), "name of the workload of topic t is empty"],
    [writes(',"name":"2"'), "is 2, which is taken: others of the world go by it"],
    [writes(',"lingerMs":-1'), "Invalid value -1 for configuration linger.ms: Value must be at"],
    [writes(',"producer":5'), "producer of the workload of topic t must be an object"],
    [by('"lingerMs":5'), "lingerMs of the workload of topic t belongs beside its producer"],
    [
      by('"retries":-1'),
      "BAD_OPTION org.apache.kafka.common.config.ConfigException: Invalid value -1 for " +
        "configuration retries: Value must be at least 0; correct retries of the producer of " +
        "topic t",
    ],
    [by('"acks":2'), "String must be one of: all, -1, 0, 1"],
    [by('"acks":"all"'), 'is the text "all"; give the number -1, which is all'],
    [by('"batchBytes":"big"'), "Not a number of type INT"],
    [by('"transactionalid":"x"'), "did you mean transactionalId?"],
    [by('"enableIdempotence":true'), "it is called idempotence here"],
    [by('"max.in.flight.requests.per.connection":1'), "it is called maxInFlight here"],
    [by('"transactionalId":""'), "transactional.id: String must be non-empty"],
    [by('"transactionalId":7'), "transactionalId of the producer of topic t is 7; give a text"],
    [
      by('"transactionalId":"x","acks":1'),
      "Cannot set a transactional.id without also enabling idempotence. (acks switches it off); " +
        "correct acks of the producer of topic t",
    ],
    [
      by('"deliveryTimeoutMs":30004', ',"lingerMs":5'),
      "larger than linger.ms + request.timeout.ms; give deliveryTimeoutMs of the producer of " +
        "topic t at least 30005, or lower its lingerMs (5) or requestTimeoutMs (30000)",
    ],
    [
      by('"transactionalId":"x","transactionTimeoutMs":900001'),
      "The transaction timeout is larger than the maximum value allowed by the broker (as " +
        "configured by transaction.max.timeout.ms).; transactionTimeoutMs of the producer of " +
        "topic t is 900001, give 1 to 900000",
    ],
    [by('"transactionalId":"x","transactionTimeoutMs":0'), "is 0, give 1 to 900000"],
    [writes(',"transactions":{"everyMs":5}'), 'give producer: { transactionalId: "..." }'],
    [writes(',"transactions":5'), "transactions of the workload of topic t must be an object"],
    [
      by('"transactionalId":"x"', ',"transactions":{"recordsPerTransaction":0}'),
      "transactions.recordsPerTransaction of the workload of topic t must be",
    ],
    [
      by('"transactionalId":"x"', ',"transactions":{"everMs":5}'),
      "everMs is no field of transactions of the workload of topic t; did you mean everyMs?",
    ],
  ]);
  takes([
    by('"retries":3,"acks":-1'),
    by('"maxInFlight":6'),
    by('"acks":0,"idempotence":false'),
    by('"transactionalId":"x","transactionTimeoutMs":900000'),
    by('"transactionalId":null'),
    writes(',"lingerMs":200000'),
    topics('"partitions":1', ',"workload":[]'),
  ]);
});

describe("consumers", () => {
  const reads = (more: string, cluster = ""): string =>
    topics('"partitions":1', `${cluster},"consumers":[{"group":"g","topics":["t"]${more}}]`);
  const by = (settings: string, cluster = ""): string =>
    reads(`,"settings":{${settings}}`, cluster);

  refuses([
    ['{"consumers":{}}', "consumers must be a list"],
    ['{"consumers":[{}]}', "group of consumers[0] is missing; give a text"],
    ['{"consumers":[{"group":""}]}', "consumers without a group"],
    ['{"consumers":[{"group":"g"}]}', "topics of the consumers of group g is missing"],
    ['{"consumers":[{"group":"g","topics":"t"}]}', 'must be a list, such as [...], not "t"'],
    ['{"consumers":[{"group":"g","topics":[7]}]}', "topics of the consumers of group g[0] must"],
    ['{"consumers":[{"group":"g","topics":[]}]}', "subscribe to no topic"],
    ['{"consumers":[{"group":"g","topics":["t"]}]}', "which the world does not have; known top"],
    [reads(',"groupId":"g"'), "groupId is no field of the consumers of group g"],
    [reads(',"setings":{}'), "did you mean settings?"],
    [reads(',"count":0'), "count of the consumers of group g must be a whole number of at least"],
    [reads(',"names":[]'), "names of the consumers of group g is empty"],
    [reads(',"names":["a"],"count":2'), "group g has 2 consumers and 1 names"],
    [reads(',"names":["a","a"]'), "two consumers are called a"],
    [
      reads(',"names":["controller"]'),
      "is controller, which is taken: others of the world go by it",
    ],
    [reads(',"names":[5]'), "must be a text, not 5"],
    [reads(',"instanceIds":["a","b"]'), "group g has 1 consumers and 2 instanceIds"],
    [
      reads(',"instanceIds":[""]'),
      "Invalid value  for configuration group.instance.id: String must be non-empty; correct " +
        "instanceIds of the consumers of group g",
    ],
    [reads(',"instanceIds":["a b"]'), "Group instance id is invalid: 'a b' contains one or more"],
    [reads(',"startMs":-1'), "startMs of the consumers of group g must be"],
    [reads(',"stopMs":0.5'), "stopMs of the consumers of group g must be"],
    [reads(',"processMs":"1"'), 'processMs of the consumers of group g is "1"; give 0 or more'],
    [reads(',"commits":"always"'), 'must be never or async or sync, not "always"'],
    [
      by('"autoOffsetReset":"smallest"'),
      "BAD_WORLD org.apache.kafka.common.config.ConfigException: Invalid value smallest for " +
        "configuration auto.offset.reset: String must be one of: latest, earliest, none; correct " +
        "autoOffsetReset of the consumers of group g",
    ],
    [
      by('"sessionTimeoutMs":100,"heartbeatIntervalMs":30'),
      "InvalidSessionTimeoutException: The session timeout is not within the range allowed by " +
        "the broker (as configured by group.min.session.timeout.ms and " +
        "group.max.session.timeout.ms).; sessionTimeoutMs of the consumers of group g is 100, " +
        "give 6000 to 1800000",
    ],
    [by('"sessionTimeoutMs":1800001'), "give 6000 to 1800000"],
    [by('"sessionTimeoutMs":100'), "Heartbeat must be set lower than the session timeout"],
    [by('"heartbeatIntervalMs":-1'), "Invalid negative timeout -1; correct heartbeatIntervalMs"],
    [by('"autoOfsetReset":"latest"'), "did you mean autoOffsetReset?"],
    [by('"auto.offset.reset":"latest"'), "did you mean autoOffsetReset?"],
    [by('"isolation":"read_committed"'), "isolation is no setting of the consumers of group g"],
    [by('"enableAutoCommit":"no"'), "Expected value to be either true or false"],
    [by('"enableAutoCommit":"false"'), 'is the text "false"; give false'],
    [by('"enableAutoCommit":null'), "Invalid value null for configuration enable.auto.commit"],
    [by('"maxPollRecords":0'), "max.poll.records: Value must be at least 1; correct maxPollReco"],
    [by('"metadataMaxAgeMs":1e16'), "is 10000000000000000; give at most 1000000000000000"],
    [by('"fetchMaxWaitMs":0', ',"cost":{"requestMs":0}'), "fetchMaxWaitMs of the consumers of gro"],
    [by('"fetchMaxWaitMs":-1'), "fetch.max.wait.ms: Value must be at least 0"],
    [by('"partitionAssignmentStrategy":"range"'), 'is range; give a list such as ["range"]'],
    [by('"partitionAssignmentStrategy":[]'), "is empty; choose from range, roundrobin, sticky"],
    [by('"partitionAssignmentStrategy":["sticki"]'), "is no assignor; did you mean sticky?"],
    [
      by('"partitionAssignmentStrategy":["sticky","sticky"]'),
      "The assignor name: 'sticky' is used in more than one assignor",
    ],
  ]);
  takes([
    by(
      '"sessionTimeoutMs":100,"heartbeatIntervalMs":30',
      ',"cluster":{"groupMinSessionTimeoutMs":9}',
    ),
    by('"maxPollIntervalMs":1,"maxPartitionFetchBytes":0,"defaultApiTimeoutMs":0'),
    by('"retryBackoffMs":5000,"retryBackoffMaxMs":1000'),
    reads(',"count":2,"instanceIds":["a","b"],"commits":"sync","processMs":0.5'),
  ]);
});
