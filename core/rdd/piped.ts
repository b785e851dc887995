/** Records written as lines to a program, and the lines it answers. The program is a function of
 *  the lines: there are no processes here.
 *  Like Spark: PipedRDD. */

import { scalaText } from "../record/scala-text.ts";
import { oneToOne, RDDNode } from "./rdd.ts";

export interface PipeOptions<T> {
  /** Writes lines before those of the records. */
  readonly printPipeContext?: (printLine: (line: string) => void) => void;
  /** Writes the lines of a record, in place of the one that `toString` gives. */
  readonly printRDDElement?: (record: T, printLine: (line: string) => void) => void;
}

/** Runs once per partition, also for an empty one. */
export function pipe<T>(
  parent: RDDNode<T>,
  command: (lines: readonly string[]) => Iterable<string>,
  options: PipeOptions<T>,
): RDDNode<string> {
  const { printPipeContext, printRDDElement } = options;
  return new RDDNode<string>({
    context: parent.context,
    className: "PipedRDD",
    operator: "pipe",
    numPartitions: parent.numPartitions,
    dependencies: [oneToOne(parent)],
    compute: (rdd, partition, task, push) => {
      const lines: string[] = [];
      const printLine = (line: string): void => {
        lines.push(...line.split("\n"));
      };
      let count = 0;
      const records: T[] = [];
      task.iterate(parent, partition, (record) => records.push(record));
      try {
        printPipeContext?.(printLine);
        for (const record of records) {
          if (printRDDElement === undefined) printLine(scalaText(record));
          else printRDDElement(record, printLine);
        }
        for (const line of command(lines)) {
          count += 1;
          push(line);
        }
      } catch (thrown) {
        throw task.userError(rdd, thrown, undefined);
      }
      task.count(rdd, count);
    },
  });
}
