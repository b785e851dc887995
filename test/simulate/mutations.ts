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
  /** Null until one was found: `npm run mutations` looks for it. */
  readonly seed: number | null;
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
    seed: null,
    foundBy: "",
  },
  {
    name: "a fetch counts as if it had already copied everything",
    patches: one(
      "broker/follower-progress.ts",
      "this.#logEndOffset = offset;",
      "this.#logEndOffset = leaderEndOffset;",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "a follower that lags joins the in-sync set",
    patches: one(
      "broker/in-sync-set.ts",
      "if (logEndOffset < log.highWatermark || logEndOffset < begin) return;",
      "if (logEndOffset < 0) return;",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "a leader does not look whether a follower's log diverges",
    patches: one(
      "broker/leader.ts",
      "return end.epoch < lastEpoch || end.endOffset < fetchOffset ? end : null;",
      "return null;",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "a new leader has the old epoch",
    patches: one(
      "broker/election.ts",
      "leaderEpoch: partition.leaderEpoch + (isNewLeader ? 1 : 0),",
      "leaderEpoch: partition.leaderEpoch + (isNewLeader ? 0 : 0),",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "a leader is elected outside the in-sync set",
    patches: one(
      "broker/election.ts",
      "isr.includes(broker) && isActive(broker);",
      "isr.length > 0 && isActive(broker);",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "elections are unclean though the topic does not allow it",
    patches: one(
      "broker/election.ts",
      "if (leader === -1 && input.allowsUnclean) {",
      "if (leader === -1) {",
    ),
    seed: null,
    foundBy: "",
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
    seed: null,
    foundBy: "",
  },
  {
    name: "gaps in sequences are taken",
    patches: one(
      "log/producer-entry.ts",
      'if (batch.baseSequence !== expected) return "OUT_OF_ORDER_SEQUENCE_NUMBER";',
      "",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "the last stable offset is the high watermark",
    patches: one(
      "log/partition-log.ts",
      "if (first === null || first >= this.#highWatermark) return this.#highWatermark;",
      "if (first !== -1) return this.#highWatermark;",
    ),
    seed: null,
    foundBy: "",
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
    seed: null,
    foundBy: "",
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
    seed: null,
    foundBy: "",
  },
  {
    name: "offsets are committed as their batch is planned",
    patches: one(
      "stream/kafka-input.ts",
      "return this.#commitAll();\n  }",
      "this.#options.source.commits.add(ranges, null);\n    return this.#commitAll();\n  }",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "a batch begins one record before the end of the last",
    patches: one(
      "stream/kafka-input.ts",
      "for (const range of ranges) this.#setCurrent(range, range.untilOffset);",
      "for (const range of ranges) {\n" +
        "this.#setCurrent(range, Math.max(range.fromOffset, range.untilOffset - 1));\n}",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "pending batches of a checkpoint are forgotten",
    patches: one(
      "stream/recovery.ts",
      "const times = new Set(pendingMs);\n" +
        "  for (let timeMs = checkpointTimeMs; timeMs < firstMs; timeMs += batchIntervalMs) {",
      "const times = new Set(pendingMs.slice(pendingMs.length));\n" +
        "  for (let timeMs = firstMs; timeMs < firstMs; timeMs += batchIntervalMs) {",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "state is not restored from the checkpoint",
    patches: one(
      "stream/recovery.ts",
      "of options.checkpoint.rdds) {",
      "of options.checkpoint.rdds.slice(options.checkpoint.rdds.length)) {",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "an assignor gives the first partition to everybody",
    patches: one(
      "client/assignors/range.ts",
      "const until = next + share",
      "given.get(member)?.push({ topic, partition: 0 });\n        const until = next + share",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "commits of an older generation count",
    patches: one(
      "broker/group.ts",
      'return generation === this.generation ? null : "ILLEGAL_GENERATION";',
      "return null;",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "consumers see beyond the high watermark",
    patches: one(
      "log/partition-log.ts",
      "const bound = isCommitted ? this.lastStableOffset : this.#highWatermark;",
      "const bound = isCommitted ? this.lastStableOffset : this.#logEnd;",
    ),
    seed: null,
    foundBy: "",
  },
  {
    name: "what a crash took is still acknowledged: acks of all wait for nobody",
    patches: one(
      "broker/leader.ts",
      "if (acks === -1 && this.#log.highWatermark < endOffset) {",
      "if (acks === -1 && this.#log.highWatermark < -1) {",
    ),
    seed: null,
    foundBy: "",
  },
];
