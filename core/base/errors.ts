/** The mistakes a person can make, each with a stable code and its facts as fields.
 *  Message form: the thing, the problem, the value, the remedy. Where Spark or Kafka has a message
 *  for the case, the message is theirs. */

export type ErrorCode =
  | "BAD_OPTION"
  | "BAD_WORLD"
  | "BROKER_UNREACHABLE"
  | "CHECKPOINT_CORRUPT"
  | "CHECKPOINT_MISMATCH"
  | "CONTEXT_STATE"
  | "FAULT_SCRIPT"
  | "FILE_EXISTS"
  | "FILE_NOT_FOUND"
  | "GRAPH_INVALID"
  | "JOB_ABORTED"
  | "KEY_NOT_COMPARABLE"
  | "NOT_A_PAIR"
  | "NO_PIPELINE"
  | "OUT_OF_RANGE"
  | "PIPELINE_SYNTAX"
  | "PIPELINE_TYPE"
  | "RUN_LIMIT"
  | "UNKNOWN_TOPIC"
  | "UNSUPPORTED_VALUE"
  | "USER_FUNCTION";

/** Where in a run something went wrong; each field only where it is known. */
export interface ErrorPlace {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly operator?: string;
  readonly batchTimeMs?: number;
  readonly partition?: number;
  readonly record?: string;
  readonly topic?: string;
  readonly offset?: number;
}

/** Any error a person is meant to read. */
export class StreamscopeError extends Error {
  override readonly name: string = "StreamscopeError";
  readonly code: ErrorCode;
  readonly place: ErrorPlace;
  readonly retriable: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    details: { place?: ErrorPlace; cause?: unknown; retriable?: boolean } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.place = details.place ?? {};
    this.retriable = details.retriable ?? false;
  }
}

/** A pipeline that is built wrongly: found before or while the graph is made, or at `start()`. */
export class PipelineError extends StreamscopeError {
  override readonly name = "PipelineError";
}

/** A function of the person's threw, or returned what the operator cannot take. */
export class UserFunctionError extends StreamscopeError {
  override readonly name = "UserFunctionError";
}

/** A world, workload, fault or option that cannot be. */
export class ScenarioError extends StreamscopeError {
  override readonly name = "ScenarioError";
}

/** The outside world (a broker, a file) refused, at the live edge. */
export class LiveError extends StreamscopeError {
  override readonly name = "LiveError";
}

/** The one-line text of anything thrown: `Name: message`, as the JVM prints an exception. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
  return `thrown: ${String(thrown)}`;
}

/** The place as one phrase: `reduceByKey, line 5, batch 3000 ms, partition 1, record ["a",1]`. */
export function describePlace(place: ErrorPlace): string {
  const parts: string[] = [];
  if (place.operator !== undefined) parts.push(place.operator);
  if (place.file !== undefined) {
    const line = place.line === undefined ? "" : `:${place.line}`;
    const column = place.line === undefined || place.column === undefined ? "" : `:${place.column}`;
    parts.push(`${place.file}${line}${column}`);
  } else if (place.line !== undefined) parts.push(`line ${place.line}`);
  if (place.batchTimeMs !== undefined) parts.push(`batch ${place.batchTimeMs} ms`);
  if (place.topic !== undefined) parts.push(`topic ${place.topic}`);
  if (place.partition !== undefined) parts.push(`partition ${place.partition}`);
  if (place.offset !== undefined) parts.push(`offset ${place.offset}`);
  if (place.record !== undefined) parts.push(`record ${place.record}`);
  return parts.join(", ");
}
