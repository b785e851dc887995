// Deliberate bugs: the engine with a few words changed. An audit has to find each; `seed` is one at
// which it does, and at which the engine as it is keeps every promise.

/** `find` stands once in the file. */
export interface Patch {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutation {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** `npm run mutations` looks for the first. */
  readonly seed: number;
  /** The audit that finds it there. */
  readonly foundBy: string;
}

const one = (file: string, find: string, replace: string): readonly Patch[] => [
  { file, find, replace },
];

export const mutations: readonly Mutation[] = [
  {
    name: "the high watermark does not wait for followers",
    patches: one(
      "broker/leader.ts",
      "if (this.#inSync.isAwaited(broker)) to = follower.logEndOffset;",
      "",
    ),
    seed: 2,
    foundBy: "the high watermark keeps its word",
  },
  {
    name: "a fetch counts as if it had already copied everything",
    patches: one(
      "broker/follower-progress.ts",
      "this.#logEndOffset = offset;",
      "this.#logEndOffset = leaderEndOffset;",
    ),
    seed: 2,
    foundBy: "the high watermark keeps its word",
  },
  {
    name: "min.insync.replicas is not looked at",
    patches: one(
      "broker/in-sync-set.ts",
      "return this.#state.isr.length < this.#options.host.minInsync(this.#state);",
      "return false;",
    ),
    seed: 2,
    foundBy: "the high watermark keeps its word",
  },
  {
    name: "a leader that is replaced says that what waits is written",
    patches: one(
      "broker/pending-acks.ts",
      "for (const { reply } of waiting) reply(error);",
      "for (const { reply } of waiting) reply(null);",
    ),
    seed: 34,
    foundBy: "acknowledged records stay",
  },
  {
    name: "read_committed shows aborted records",
    patches: one(
      "log/partition-log.ts",
      "const filter = aborted.length === 0 ? null : new AbortedFilter(aborted);",
      "const filter = aborted.length === 0 ? null : new AbortedFilter([]);",
    ),
    seed: 26,
    foundBy: "a reader of committed records sees whole transactions",
  },
  {
    name: "a leader does not look whether a follower's log diverges",
    patches: one(
      "broker/leader.ts",
      "return end.epoch < lastEpoch || end.endOffset < fetchOffset ? end : null;",
      "return null;",
    ),
    seed: 34,
    foundBy: "acknowledged records stay",
  },
  {
    name: "a new leader has the old epoch",
    patches: one(
      "broker/election.ts",
      "leaderEpoch: partition.leaderEpoch + (isNewLeader ? 1 : 0),",
      "leaderEpoch: partition.leaderEpoch + (isNewLeader ? 0 : 0),",
    ),
    seed: 1,
    foundBy: "one leader in an epoch",
  },
  {
    name: "a leader is elected outside the in-sync set",
    patches: one(
      "broker/election.ts",
      "isr.includes(broker) && isActive(broker);",
      "isr.length > 0 && isActive(broker);",
    ),
    seed: 30,
    foundBy: "one leader in an epoch",
  },
  {
    name: "elections are unclean though the topic does not allow it",
    patches: one(
      "broker/election.ts",
      "if (leader === -1 && input.allowsUnclean) {",
      "if (leader === -1) {",
    ),
    seed: 67,
    foundBy: "one leader in an epoch",
  },
  {
    name: "a batch that comes again is appended again",
    patches: [
      {
        file: "log/producer-entry.ts",
        find:
          "if (entry.producerEpoch !== batch.producerEpoch || batch.baseSequence === -1) " +
          "return undefined;",
        replace: "return undefined;",
      },
      {
        file: "log/producer-entry.ts",
        find: 'if (batch.baseSequence !== expected) return "OUT_OF_ORDER_SEQUENCE_NUMBER";',
        replace: 'if (batch.baseSequence > expected) return "OUT_OF_ORDER_SEQUENCE_NUMBER";',
      },
    ],
    seed: 26,
    foundBy: "idempotent records come once, in order",
  },
  {
    name: "the duplicate window is zero",
    patches: one(
      "log/producer-entry.ts",
      "if (entry.producerEpoch !== batch.producerEpoch || batch.baseSequence === -1) " +
        "return undefined;",
      "return undefined;",
    ),
    seed: 87,
    foundBy: "a record is written once",
  },
  {
    name: "an older epoch of a producer is not fenced",
    patches: [
      {
        file: "log/producer-entry.ts",
        find: 'if (batch.producerEpoch < entry.producerEpoch) return "INVALID_PRODUCER_EPOCH";',
        replace: "",
      },
      {
        file: "log/producer-entry.ts",
        find: "const isNewEpoch = batch.producerEpoch !== entry.producerEpoch;",
        replace:
          "if (batch.producerEpoch < entry.producerEpoch) return null;\n" +
          "const isNewEpoch = batch.producerEpoch !== entry.producerEpoch;",
      },
      {
        file: "broker/transaction-coordinator.ts",
        find: 'if (data.producerEpoch !== request.producerEpoch) return "PRODUCER_FENCED";',
        replace: "",
      },
      {
        file: "broker/transaction-coordinator.ts",
        find: "} else if (transaction.data.producerEpoch !== request.producerEpoch) answer(",
        replace: "} else if (transaction.data.producerEpoch < request.producerEpoch) answer(",
      },
      {
        file: "broker/transaction-coordinator.ts",
        find: "} else if (transaction.data.producerEpoch !== producerEpoch) answer(",
        replace: "} else if (transaction.data.producerEpoch < producerEpoch) answer(",
      },
    ],
    seed: 364,
    foundBy: "the run ends",
  },
  {
    name: "gaps in sequences are taken",
    patches: one(
      "log/producer-entry.ts",
      'if (batch.baseSequence !== expected) return "OUT_OF_ORDER_SEQUENCE_NUMBER";',
      "",
    ),
    seed: 92,
    foundBy: "idempotent records come once, in order",
  },
  {
    name: "the last stable offset is the high watermark",
    patches: one(
      "log/partition-log.ts",
      "if (first === null || first >= this.#highWatermark) return this.#highWatermark;",
      "if (first !== -1) return this.#highWatermark;",
    ),
    seed: 43,
    foundBy: "counts are those of the input",
  },
  {
    name: "a marker says the opposite on one partition",
    patches: one(
      "broker/leader.ts",
      "const result = this.#log.appendMarker({ ...marker, leaderEpoch, nowMs });",
      'const said = this.#of.partition === 0 ? "ABORT" : marker.control;\n' +
        "const result = this.#log.appendMarker({" +
        " ...marker, control: said, leaderEpoch, nowMs });",
    ),
    seed: 13,
    foundBy: "a reader of committed records sees whole transactions",
  },
  {
    name: "one partition of a transaction gets no marker",
    patches: [
      {
        file: "broker/coordinators.ts",
        find: "let left = partitions.length;",
        replace: "let left = partitions.length - 1;",
      },
      {
        file: "broker/coordinators.ts",
        find: "for (const of of partitions) {\n      this.#writeMarker(",
        replace: "for (const of of partitions.slice(1)) {\n      this.#writeMarker(",
      },
    ],
    seed: 14,
    foundBy: "lag drains",
  },
  {
    name: "offsets are committed as their batch is planned",
    patches: one(
      "stream/kafka-input.ts",
      "return this.#commitAll();\n  }",
      "this.#options.source.commits.add(ranges, null);\n    return this.#commitAll();\n  }",
    ),
    seed: 7,
    foundBy: "commits follow outputs",
  },
  {
    name: "an assignor gives the first partition to everybody",
    patches: one(
      "client/assignors/range.ts",
      "const until = next + share",
      "given.get(member)?.push({ topic, partition: 0 });\n        const until = next + share",
    ),
    seed: 13,
    foundBy: "a partition has one member",
  },
  {
    name: "consumers see beyond the high watermark",
    patches: one(
      "log/partition-log.ts",
      "const bound = isCommitted ? this.lastStableOffset : this.#highWatermark;",
      "const bound = isCommitted ? this.lastStableOffset : this.#logEnd;",
    ),
    seed: 71,
    foundBy: "a consumer goes forward",
  },
  {
    name: "what a crash took is still acknowledged: acks of all wait for nobody",
    patches: one(
      "broker/leader.ts",
      "if (acks === -1 && this.#log.highWatermark < endOffset) {",
      "if (acks === -1 && this.#log.highWatermark < -1) {",
    ),
    seed: 34,
    foundBy: "acknowledged records stay",
  },
];
