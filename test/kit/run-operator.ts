/** Batches in, batches out: the shortest way to say what an operator does.
 *  Like Spark: TestSuiteBase.testOperation, without its sleeps. */

import {
  type BatchOutput,
  type DStream,
  Run,
  type StreamingContext,
  type WorldSpec,
} from "streamscope";

export interface OperatorRun {
  /** Records of the first output, per batch, as they came. */
  readonly batches: readonly (readonly unknown[])[];
  readonly outputs: readonly BatchOutput[];
  readonly run: Run;
}

/** Deals each batch over two partitions, applies the operator, and collects what it gives. */
export function runOperator<T>(
  input: readonly (readonly T[])[],
  operator: (stream: DStream<T>, ssc: StreamingContext) => DStream<unknown>,
  world: WorldSpec = {},
): OperatorRun {
  const outputs: BatchOutput[] = [];
  const run = new Run({
    program: (ssc) => {
      ssc.checkpoint("checkpoints");
      operator(ssc.queueStream(input), ssc).print();
    },
    world: { batches: input.length, ...world },
    collectOutputs: true,
    onOutput: (output) => outputs.push(output),
  });
  run.runToEnd();
  if (run.failure !== null) throw run.failure;
  return { batches: outputs.map((output) => output.records ?? []), outputs, run };
}

/** A multiset in a fixed order: what may be compared where Spark promises no order. */
export function sorted(records: readonly unknown[]): unknown[] {
  return [...records].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
