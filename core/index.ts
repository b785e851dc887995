/** Streamscope's engine, in the order data flows. What a pipeline imports comes first. */

// What a pipeline is written with
export { type Duration, Milliseconds, Minutes, Seconds } from "./base/time.ts";
export { DStream, type MapWithStateDStream } from "./dsl/dstream.ts";
export { Interval } from "./dsl/interval.ts";
export type { DirectKafkaInputDStream } from "./dsl/direct-stream.ts";
export type { KafkaParams } from "./dsl/kafka-params.ts";
export {
  Assign,
  ConsumerStrategies,
  type ConsumerStrategy,
  LocationStrategies,
  type LocationStrategy,
  PreferBrokers,
  PreferConsistent,
  PreferFixed,
  type StartOffset,
  type StartOffsets,
  Subscribe,
  SubscribePattern,
} from "./dsl/kafka-strategies.ts";
export { KafkaUtils } from "./dsl/kafka-utils.ts";
export { OffsetRange } from "./dsl/offset-range.ts";
export { RDD } from "./dsl/rdd.ts";
export { KafkaReceiver, type KafkaReceiverOptions } from "./dsl/kafka-receiver.ts";
export {
  type KafkaOutput,
  kafkaSink,
  type Sink,
  transactionalKafkaSink,
  type TransactionalSinkOptions,
} from "./dsl/sinks.ts";
export { Receiver } from "./dsl/receiver.ts";
export { type SocketConverter, socketLines } from "./dsl/socket-receiver.ts";
export type {
  ReceiverStorageLevel,
  SocketConnection,
  SocketListener,
} from "./stream/receiver-port.ts";
export { linesSocket, type SocketLine, type SocketSpec } from "./scenario/sockets.ts";
export type { RDDStorageInfo, SparkContext } from "./dsl/spark-context.ts";
export type {
  Accumulator,
  AccumulatorParam,
  CollectionAccumulator,
  NumberAccumulator,
} from "./dsl/accumulator.ts";
export type { Broadcast } from "./dsl/broadcast.ts";
export { StorageLevel } from "./rdd/storage-level.ts";
export { None, type Option, Some } from "./record/option.ts";
export { HashPartitioner, type Partitioner } from "./rdd/partitioner.ts";
export { RangePartitioner } from "./rdd/range-partitioner.ts";
export type { Ordering } from "./rdd/ordering.ts";
export type { BoundedDouble, PartialResult } from "./rdd/partial-result.ts";
export { StatCounter } from "./rdd/stat-counter.ts";
export { StateSpec } from "./dsl/state-spec.ts";
export { StreamingContext } from "./dsl/streaming-context.ts";
export type { StreamingContextState } from "./stream/context-lifecycle.ts";
export type {
  BatchInfo,
  OutputOperationInfo,
  ReceiverInfo,
  StreamingListener,
  StreamInputInfo,
} from "./stream/streaming-listener.ts";
export type { State } from "./rdd/state.ts";

// Records
export type { ConsumerRecord, Header, LogRecord, ProducerRecord } from "./record/record.ts";
export { describeRange } from "./record/offset-range.ts";
export type { TopicPartition } from "./record/topic-partition.ts";
export { partitionForKey } from "./record/partitioner.ts";
export { jvmHash } from "./record/jvm-hash.ts";
export { scalaText } from "./record/scala-text.ts";

// Errors
export {
  describePlace,
  type ErrorCode,
  type ErrorPlace,
  LiveError,
  PipelineError,
  ScenarioError,
  StreamscopeError,
  UserFunctionError,
} from "./base/errors.ts";
export { AssertionFailure } from "./base/assert.ts";

// The trace
export {
  type EventOf,
  type FactOf,
  type NodeDescription,
  type OperatorCount,
  type RunEnd,
  type StageOperator,
  TRACE_VERSION,
  type TraceEvent,
  type TraceFact,
  type TraceKind,
} from "./trace/event.ts";
export type {
  ClusterFact,
  GroupState,
  PartitionChangeReason,
  TransactionState,
} from "./trace/cluster-fact.ts";
export { type PageBatch, type StreamingPage, streamingPage } from "./trace/streaming-page.ts";
export { Trace } from "./trace/trace.ts";
export { applyEvent, emptySnapshot, type Snapshot } from "./trace/replay.ts";
export type {
  BrokerSnapshot,
  GroupSnapshot,
  LinkSnapshot,
  MembershipSnapshot,
  PartitionSnapshot,
  ReplicaSnapshot,
  TopicSnapshot,
  TransactionSnapshot,
} from "./trace/cluster-snapshot.ts";
export type {
  BatchSnapshot,
  BatchStatus,
  DriverSnapshot,
  JobSnapshot,
  StageSnapshot,
  TaskSnapshot,
} from "./trace/snapshot.ts";
export {
  checkpointedOffset,
  inputRate,
  lagRecords,
  processingRate,
  processingTimeMs,
  type RestartPlan,
  restartPlan,
  schedulingDelayMs,
  totalLagRecords,
} from "./trace/metrics.ts";
export { describeEvent } from "./trace/text.ts";
export { type StoredRDD, storedRDDs } from "./trace/storage.ts";

// What Kafka promises, judged by a trace
export { durability, unprotectedDurability } from "./audits/durability.ts";

// A world and what goes wrong in it
export type { RandomStream } from "./base/random.ts";
export { type CostModel, defaultCost } from "./scheduler/cost-model.ts";
export type { TopicConfig } from "./broker/broker.ts";
export {
  type FaultTargetGroup,
  faultTargetGroups,
  type Field as FaultField,
} from "./faults/fault.ts";
export {
  faults,
  type FaultKind,
  type FaultScript,
  type FaultSpec,
  type FaultTime,
} from "./scenario/faults.ts";
export {
  parseFaults,
  printAction,
  printFault,
  printFaults,
  readFaults,
} from "./scenario/fault-script.ts";
export { type MilestoneSpec, milestones } from "./scenario/milestones.ts";
export { consumerNames } from "./scenario/consumer-spec.ts";
export { producerName } from "./scenario/producers.ts";
export { type SweepTarget, sweepTargets } from "./scenario/sweep-target.ts";
export {
  runsWith,
  type Sweep,
  sweep,
  type SweepOptions,
  type SweepVerdict,
  type SweptRun,
  verdicts,
} from "./scenario/sweep.ts";
export { linesWorkload, recordsWorkload } from "./scenario/workload.ts";
export type {
  BatchOutput,
  ExecutorSpec,
  Program,
  WorkloadSpec,
  WorldSpec,
} from "./scenario/scenario.ts";
export type { ConsumerSpec } from "./scenario/consumer-spec.ts";
export type { ConsumerSettings } from "./client/consumer-settings.ts";

// Running it, and looking at it
export { Run, type RunOptions } from "./scenario/run.ts";
export type { RunSummary } from "./scenario/run-end.ts";
export { type StepGranularity, TraceCursor } from "./session/cursor.ts";
export { Session } from "./session/session.ts";
export { inspectBatch } from "./session/inspect.ts";
export type { BatchInspection, OperatorFlow, StateEntry } from "./session/inspection.ts";
