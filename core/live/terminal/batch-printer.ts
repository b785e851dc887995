/** What a run says on standard output: the lines of Spark's print, or JSON objects. */

import type { BatchOutput } from "../../scenario/scenario.ts";
import type { TextSink } from "./text-sink.ts";

export interface RunSummary {
  readonly records: number;
  readonly batches: number;
  readonly virtualMs: number;
  readonly traceHash: string;
}

/** Text: what the output operation wrote, byte for byte as Spark does.
 *  JSON: `{"batch":1,"timeMs":1000,"output":0,"op":"print","records":[...],"ranges":[...]}`. */
export function printOutput(out: TextSink, output: BatchOutput, json: boolean): void {
  if (!json) {
    for (const line of output.lines) out.line(line);
    return;
  }
  const { batch, timeMs, output: number, operator: op, records, ranges } = output;
  out.line(
    JSON.stringify({ batch, timeMs, output: number, op, records: records ?? [], ranges }, plain),
  );
}

/** The last line of `--json`. */
export function printSummary(out: TextSink, summary: RunSummary): void {
  const { records, batches, virtualMs, traceHash } = summary;
  out.line(JSON.stringify({ summary: { records, batches, virtualMs, traceHash } }));
}

/** JSON has no word for some values; they are given as it has for others of their kind. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Map) return [...value];
  if (value instanceof Set) return [...value];
  return value;
}
