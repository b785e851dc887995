/** Runs a scenario once more with a lens on one batch, and tells what passed between its operators.
 *  Exact, because the same scenario runs the same way. */

import { jvmHash } from "../record/jvm-hash.ts";
import { scalaText } from "../record/scala-text.ts";
import { Run, type RunOptions } from "../scenario/run.ts";
import {
  type BatchInspection,
  INSPECTION_RECORDS_MAX,
  type OperatorFlow,
  type StateEntry,
} from "./inspection.ts";

interface Flow extends Omit<OperatorFlow, "records" | "total"> {
  readonly records: string[];
  total: number;
}

/** Shape: flows by stage, then partition, in the order operators first handed a record on.
 *  A batch that ran more than once (after a crash) is told as it ran last up to the event with
 *  `untilSeq`, the last that was seen: an endless run has no end to wait for. */
export function inspectBatch(
  options: Pick<RunOptions, "program" | "world" | "faults" | "collectOutputs">,
  batchTimeMs: number,
  untilSeq = Infinity,
): BatchInspection {
  const flows = new Map<string, Flow>();
  const states = new Map<string, StateEntry>();
  const run = new Run({
    ...options,
    lens: {
      batchTimeMs,
      record: (rdd, stage, partition, record) => {
        const name = `${stage}/${partition}/${rdd.id}`;
        let flow = flows.get(name);
        if (flow === undefined) {
          const operator = rdd.site.operator;
          const node = rdd.origin?.node ?? null;
          flow = { rdd: rdd.id, operator, node, stage, partition, records: [], total: 0 };
          flows.set(name, flow);
        }
        flow.total += 1;
        if (flow.records.length < INSPECTION_RECORDS_MAX) flow.records.push(recordText(record));
      },
      state: ({ node, batchTimeMs: timeMs, partition, entries }) => {
        if (timeMs !== batchTimeMs) return;
        for (const { key, before, after } of entries ?? []) {
          const text = scalaText(key);
          states.set(`${node}/${partition}/${jvmHash(key)}/${text}`, {
            node,
            partition,
            key: text,
            before: before === null ? null : scalaText(before),
            after: after === null ? null : scalaText(after),
          });
        }
      },
    },
  });
  let isDone = false;
  run.trace.listen((event) => {
    // A batch that comes again tells its story anew. Planned, not started: an action inside
    // `transform` runs its job before the batch starts.
    if (event.kind === "batch.planned" && event.batchTimeMs === batchTimeMs) flows.clear();
    isDone ||= event.seq >= untilSeq;
  });
  while (!isDone && run.step()) {
    // As far as the run was seen: a later driver may run the batch again.
  }
  return { batchTimeMs, flows: [...flows.values()], states: [...states.values()] };
}

/** A Kafka record by its value; anything else as Scala prints it. */
function recordText(record: unknown): string {
  if (typeof record === "object" && record !== null && "offset" in record && "value" in record) {
    return scalaText(record.value);
  }
  return scalaText(record);
}
