// A producer on a simulated broker, and what it did.
import type { StreamscopeError } from "../../core/base/errors.ts";
import type { TopicConfig } from "../../core/broker/broker.ts";
import { Producer, type ProducerOptions } from "../../core/client/producer.ts";
import type { ProducerSettings } from "../../core/client/producer-settings.ts";
import { makeCoordinators } from "../../core/broker/make-coordinators.ts";
import { SimulatedCluster } from "../../core/broker/simulated-cluster.ts";
import type { ProducerRecord } from "../../core/record/record.ts";
import { Simulation } from "../../core/sim/simulation.ts";
import type { EventOf, TraceEvent } from "../../core/trace/event.ts";
import { Trace } from "../../core/trace/trace.ts";
import { eventsOf } from "../kit/run-world.ts";

export interface Sending {
  readonly broker: SimulatedCluster;
  readonly simulation: Simulation;
  readonly events: readonly TraceEvent[];
  readonly trace: Trace;
  readonly errors: readonly StreamscopeError[];
  readonly done: readonly number[];
  readonly batches: () => EventOf<"records.appended">[];
  /** Up to a time, this one included. */
  readonly runTo: (endMs: number) => void;
}

type Settings = Partial<
  Pick<ProducerOptions, "lingerMs" | "partitioner" | "plan" | "continuesAfterError" | "client">
> &
  Partial<TopicConfig> & {
    readonly brokers?: number;
    readonly seed?: number;
    readonly requestMs?: number;
    readonly producer?: Partial<ProducerSettings>;
  };

/** Starts a producer on a topic "t" of a simulated broker. */
export function startSending(records: Iterable<ProducerRecord>, settings: Settings = {}): Sending {
  const { lingerMs = 5, partitioner = "default", producer = {}, ...others } = settings;
  const { plan, continuesAfterError = false, client = "producer", ...cluster } = others;
  const { brokers = 1, seed = 1, requestMs = 2, ...topic } = cluster;
  const trace = new Trace();
  const events: TraceEvent[] = [];
  trace.listen((event) => events.push(event));
  const simulation = new Simulation({ seed, trace });
  const retentionCheckMs = Number.MAX_SAFE_INTEGER;
  const broker = new SimulatedCluster({
    runtime: simulation,
    brokers,
    requestMs,
    settings: { retentionCheckMs },
    makeCoordinators,
  });
  const config = { partitions: 3, ...topic };
  broker.createTopic("t", config);
  const errors: StreamscopeError[] = [];
  const done: number[] = [];
  new Producer({
    runtime: simulation,
    broker: broker.client(client),
    kafka: broker.client(client),
    client,
    settings: producer,
    ...(plan === undefined ? {} : { plan }),
    continuesAfterError,
    topic: "t",
    partitions: config.partitions,
    partitioner,
    lingerMs,
    records: records[Symbol.iterator](),
    onDone: (sent) => done.push(sent),
    onError: (error) => errors.push(error),
  }).start();
  const runTo = (endMs: number): void => {
    while ((simulation.nextAtMs ?? Infinity) <= endMs) simulation.step();
  };
  const batches = () => eventsOf(events, "records.appended");
  return { broker, simulation, events, trace, errors, done, batches, runTo };
}

export function valuesIn(sending: Sending, partition: number): (string | null)[] {
  return sending.broker.readLog("t", partition).map(({ value }) => value);
}

/** Records "0", "1" and so on, one a millisecond. */
export function* everyMs(
  count: number,
  fields: Partial<ProducerRecord> = {},
): Generator<ProducerRecord> {
  for (let n = 0; n < count; n += 1) yield { atMs: n, value: `${n}`, ...fields };
}
