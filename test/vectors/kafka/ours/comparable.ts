// Of what Kafka's steps saw, what our cluster's port can say, too.
import type { Step } from "../scenarios/step.ts";
import type { Saw } from "./saw.ts";

/** Ours gives a client records, not batches, and no time stamps of offsets. */
const unsaid = new Set(["batches", "aborted", "timestamp"]);

export function comparable(step: Step, kafka: Saw): Saw {
  if (step.op === "addPartitions" && kafka["error"] === undefined) return oneError(kafka);
  if (step.op === "read" && step.shows !== undefined) return withoutTypes(kafka);
  return Object.fromEntries(Object.entries(kafka).filter(([name]) => !unsaid.has(name)));
}

/** Of errors by partition, the one that kept the others from being tried: ours names it alone. */
function oneError(byPartition: Saw): Saw {
  const error = Object.values(byPartition).find((name) => name !== "OPERATION_NOT_ATTEMPTED");
  return error === undefined ? {} : { error };
}

/** Records of ours do not say whose clock their time is of. */
function withoutTypes({ records, ...rest }: Saw): Saw {
  const isType = (value: unknown): boolean =>
    value === "CREATE_TIME" || value === "LOG_APPEND_TIME";
  const typeless = (record: unknown): unknown =>
    Array.isArray(record) ? record.filter((value) => !isType(value)) : record;
  return { ...rest, records: Array.isArray(records) ? records.map(typeless) : records };
}
