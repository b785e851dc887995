// A scenario on our cluster, step by step, beside what Kafka's steps saw.
import { compareNumbers } from "../../../../core/base/order.ts";
import type { StepsScenario } from "../scenarios/scenario.ts";
import type {
  AwaitStep,
  ClientStep,
  ConsumerStep,
  FaultStep,
  GroupStep,
  LogStep,
  Step,
} from "../scenarios/step.ts";
import type { ProducerStep, TopicStep, TransactionStep } from "../scenarios/step.ts";
import { Asking, partitionCalled } from "./asking.ts";
import { ConsumerSteps } from "./consumer-steps.ts";
import { GroupSteps } from "./group-steps.ts";
import { LogSteps } from "./log-steps.ts";
import { Members } from "./members.ts";
import { isKnown, ProducerSteps } from "./producer-steps.ts";
import { Producers } from "./producers.ts";
import type { Saw } from "./saw.ts";
import { TopicSteps } from "./topic-steps.ts";
import { TransactionSteps } from "./transaction-steps.ts";

type Ours =
  | LogStep
  | TopicStep
  | TransactionStep
  | GroupStep
  | ProducerStep
  | ConsumerStep
  | ClientStep
  | AwaitStep
  | FaultStep;
type OursOp = Ours["op"] | "answer";

/** Every step there is. */
const ours: Readonly<Record<OursOp, true>> = {
  produce: true,
  fetch: true,
  listOffsets: true,
  deleteRecords: true,
  createTopic: true,
  deleteTopic: true,
  createPartitions: true,
  alterTopic: true,
  electLeader: true,
  metadata: true,
  initProducerId: true,
  addPartitions: true,
  addOffsets: true,
  txnOffsetCommit: true,
  endTxn: true,
  joinGroup: true,
  syncGroup: true,
  heartbeat: true,
  leaveGroup: true,
  describeGroup: true,
  deleteGroup: true,
  commitOffsets: true,
  fetchCommitted: true,
  await: true,
  awaitRecords: true,
  awaitConfig: true,
  awaitStable: true,
  awaitGroup: true,
  crash: true,
  stop: true,
  start: true,
  freeze: true,
  thaw: true,
  read: true,
  producer: true,
  send: true,
  initTransactions: true,
  beginTransaction: true,
  commitTransaction: true,
  abortTransaction: true,
  sendOffsets: true,
  flush: true,
  closeProducer: true,
  killProducer: true,
  consumer: true,
  subscribe: true,
  rebalance: true,
  closeConsumer: true,
  assign: true,
  poll: true,
  seek: true,
  position: true,
  commit: true,
  answer: true,
};

/** Whether ours can do a step: not what no client of ours asks. */
export function isOfCluster(step: Step): step is Extract<Step, { op: OursOp }> {
  const isUnknown =
    step.op === "deleteGroup" ||
    "metadataLength" in step ||
    (step.op === "producer" && !isKnown(step));
  return step.op in ours && !isUnknown;
}

/** Whether ours can do all of it. Partitions are assigned to who has a group and does not subscribe
 *  to topics. */
export function isPlayed({ steps }: StepsScenario): boolean {
  const grouped = new Set<string>();
  for (const step of steps) {
    if (step.op === "consumer" && step.config?.["group.id"] !== undefined) grouped.add(step.as);
    if (step.op === "subscribe") grouped.delete(step.by);
    if (step.op === "assign" && !grouped.has(step.by)) return false;
  }
  return steps.every(isOfCluster);
}

const frozenMs = 400;
const lookAgainMs = 50;

export class ScenarioRun {
  readonly #asking: Asking;
  readonly #logs: LogSteps;
  readonly #topics: TopicSteps;
  readonly #transactions: TransactionSteps;
  readonly #groups: GroupSteps;
  readonly #consumers: ConsumerSteps;
  readonly #producers: ProducerSteps;
  readonly #later = new Map<string, () => Saw | null>();
  /** What ends the freezing of a broker. */
  readonly #frozen = new Map<number, readonly (() => void)[]>();

  constructor(scenario: StepsScenario) {
    this.#asking = new Asking(scenario.cluster);
    const producers = new Producers();
    const members = new Members();
    this.#logs = new LogSteps(this.#asking, producers);
    this.#topics = new TopicSteps(this.#asking);
    this.#transactions = new TransactionSteps(this.#asking, producers, members);
    this.#groups = new GroupSteps(this.#asking, members);
    this.#consumers = new ConsumerSteps(this.#asking);
    this.#producers = new ProducerSteps(this.#asking);
  }

  /** What the step saw; null where ours cannot be asked that. */
  run(step: Extract<Step, { op: OursOp }>): Saw | null {
    if (step.op === "answer") return this.#later.get(step.of)?.() ?? null;
    const result = this.#start(step);
    if (step.later === undefined) return typeof result === "function" ? result() : result;
    if (typeof result === "function") this.#later.set(step.later, result);
    return {};
  }

  #start(step: Exclude<Extract<Step, { op: OursOp }>, { op: "answer" }>) {
    switch (step.op) {
      case "produce":
      case "fetch":
      case "listOffsets":
      case "deleteRecords":
        return this.#logs.run(step);
      case "read":
        return this.#logs.read(step);
      case "createTopic":
      case "deleteTopic":
      case "createPartitions":
      case "alterTopic":
      case "electLeader":
      case "metadata":
        return this.#topics.run(step);
      case "initProducerId":
      case "addPartitions":
      case "addOffsets":
      case "txnOffsetCommit":
      case "endTxn":
        return this.#transactions.run(step);
      case "producer":
      case "send":
      case "initTransactions":
      case "beginTransaction":
      case "commitTransaction":
      case "abortTransaction":
      case "sendOffsets":
      case "flush":
      case "closeProducer":
      case "killProducer":
        return this.#producers.run(step);
      case "consumer":
      case "subscribe":
      case "rebalance":
      case "closeConsumer":
        return this.#consumers.run(step);
      case "assign":
      case "poll":
      case "seek":
      case "position":
      case "commit":
        return this.#consumers.read(step);
      case "crash":
      case "stop":
      case "start":
      case "freeze":
      case "thaw":
        return this.#befall(step);
      case "await":
      case "awaitRecords":
      case "awaitConfig":
      case "awaitStable":
      case "awaitGroup":
        this.#await(step);
        return {};
      default:
        return this.#groups.run(step);
    }
  }

  #befall({ op, broker: name }: FaultStep): Saw {
    const { cluster } = this.#asking;
    const broker = this.#asking.brokerCalled(name);
    if (op === "crash") cluster.crashBroker(broker, "nothing");
    else if (op === "stop") cluster.stopBroker(broker);
    else if (op === "start") cluster.startBroker(broker);
    else if (op === "freeze") this.#freeze(broker);
    else for (const release of this.#frozen.get(broker) ?? []) release();
    // Until what a frozen broker had asked for is over.
    this.#asking.pass(op === "freeze" ? frozenMs : 10);
    return String(name).startsWith("leader") ? { broker } : {};
  }

  /** Who is frozen is not reached, and reaches nobody. */
  #freeze(broker: number): void {
    const { brokers, cluster } = this.#asking;
    const others = brokers.filter((other) => other !== broker).map(String);
    const releases = [...others, "controller"].map((other) =>
      cluster.holdLink(String(broker), other, { state: "cut" }),
    );
    this.#frozen.set(broker, releases);
  }

  #await(step: AwaitStep): void {
    if (step.op === "awaitGroup") return this.#groups.awaitGroup(step);
    const what = JSON.stringify(step);
    for (let count = 0; !this.#holds(step); count += 1) {
      if (count > 5_000) throw new Error(`our cluster never came to ${what}`);
      this.#asking.pass(lookAgainMs);
    }
  }

  #holds(step: Exclude<AwaitStep, { op: "awaitGroup" }>): boolean {
    switch (step.op) {
      case "awaitConfig":
        return true;
      case "awaitRecords": {
        const { records } = this.#logs.read({ op: "read", partition: step.partition });
        return Array.isArray(records) && records.length === step.records;
      }
      case "awaitStable": {
        const asked = { ...step, op: "fetchCommitted" as const, requireStable: true };
        return !Object.values(this.#groups.fetchCommitted(asked)).includes(
          "UNSTABLE_OFFSET_COMMIT",
        );
      }
      case "await":
        return this.#isThere(step);
    }
  }

  #isThere(step: Extract<AwaitStep, { op: "await" }>): boolean {
    const { partition, leader, isr, highWatermark, lastStableOffset, logStart } = step;
    const known = this.#asking.partition(partitionCalled(partition));
    if (known === undefined) return false;
    if (leader !== undefined && known.leader !== leader) return false;
    const inSync = (known.isr ?? []).toSorted(compareNumbers);
    if (isr !== undefined && isr.toSorted(compareNumbers).join() !== inSync.join()) return false;
    const offset = (at: "earliest" | "latest", isolation?: "read_committed"): number =>
      this.#logs.offset(partition, at, isolation);
    return (
      // A leader that has just been elected may not have heard of it.
      (leader === undefined || leader < 0 || offset("latest") >= 0) &&
      (highWatermark === undefined || offset("latest") === highWatermark) &&
      (lastStableOffset === undefined || offset("latest", "read_committed") === lastStableOffset) &&
      (logStart === undefined || offset("earliest") === logStart)
    );
  }
}
