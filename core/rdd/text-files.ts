/** Leaves over text files, and writing an RDD as text files.
 *  Like Spark: HadoopRDD, NewHadoopRDD, WholeTextFileRDD and SparkHadoopWriter. */

import { at } from "../base/assert.ts";
import { PipelineError } from "../base/errors.ts";
import { cleanPath, inputFiles, parentOf } from "../files/file-system.ts";
import { blockSplitsOf, linesOf, splitsOf, type TextSplit } from "../files/text-splits.ts";
import { scalaText } from "../record/scala-text.ts";
import { textToValue, valueToText } from "../record/value-text.ts";
import { map, mapPartitions } from "./map-partitions.ts";
import { type RDDContext, RDDNode } from "./rdd.ts";

/** The lines of the files of a path, as SparkContext.textFile gives them.
 *  Throws: PipelineError FILE_NOT_FOUND; Spark says so when the RDD is first used. */
export function textFile(
  context: RDDContext,
  path: string,
  minPartitions: number,
  operator = "textFile",
): RDDNode<string> {
  const splits = splitsOf(requireFiles(context, path), minPartitions);
  const leaf = splitRDD(context, "HadoopRDD", splits, operator);
  leaf.name = path;
  const lines = map(leaf, (line) => line, operator);
  lines.name = path;
  return lines;
}

/** One partition for a block of a file. Like Spark: SparkContext.newAPIHadoopFile. */
export function newTextFile(context: RDDContext, path: string, operator: string): RDDNode<string> {
  const leaf = splitRDD(
    context,
    "NewHadoopRDD",
    blockSplitsOf(requireFiles(context, path)),
    operator,
  );
  leaf.name = path;
  return leaf;
}

/** Each file as a pair of its path and its text. */
export function wholeTextFiles(
  context: RDDContext,
  path: string,
  minPartitions: number,
): RDDNode<[string, string]> {
  const operator = "wholeTextFiles";
  const files = requireFiles(context, path);
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const maxBytes = Math.ceil(total / Math.max(1, minPartitions));
  const groups = packed(files, maxBytes);
  const leaf = new RDDNode<[string, string]>({
    context,
    className: "WholeTextFileRDD",
    operator,
    numPartitions: groups.length,
    dependencies: [],
    compute: (rdd, partition, task, push) => {
      const group = at(groups, partition);
      for (const file of group) push([file.path, context.files.read(file.path) ?? ""]);
      task.count(rdd, group.length);
    },
  });
  leaf.name = path;
  const pairs = map(leaf, (pair) => pair, operator);
  pairs.name = path;
  return pairs;
}

/** Files side by side in one split until it holds that much.
 *  Like Hadoop: CombineFileInputFormat on one node and rack. */
function packed<F extends { readonly sizeBytes: number }>(
  files: readonly F[],
  maxBytes: number,
): F[][] {
  const groups: F[][] = [];
  let group: F[] = [];
  let bytes = 0;
  for (const file of files) {
    group.push(file);
    bytes += file.sizeBytes;
    if (bytes < maxBytes) continue;
    groups.push(group);
    group = [];
    bytes = 0;
  }
  return group.length === 0 ? groups : [...groups, group];
}

function splitRDD(
  context: RDDContext,
  className: string,
  splits: readonly TextSplit[],
  operator: string,
): RDDNode<string> {
  return new RDDNode<string>({
    context,
    className,
    operator,
    numPartitions: splits.length,
    dependencies: [],
    compute: (rdd, partition, task, push) => {
      const split = at(splits, partition);
      const lines = linesOf(context.files.read(split.path) ?? "", split);
      for (const line of lines) push(line);
      task.count(rdd, lines.length);
    },
  });
}

function requireFiles(
  context: RDDContext,
  path: string,
): NonNullable<ReturnType<typeof inputFiles>> {
  const files = inputFiles(context.files, path);
  if (files !== null) return files;
  throw new PipelineError(
    "FILE_NOT_FOUND",
    `org.apache.hadoop.mapred.InvalidInputException: Input path does not exist: ${path}`,
    { place: { file: path } },
  );
}

/** Writes a directory: `part-00000` and so on with a line a record as Scala prints it, and
 *  `_SUCCESS`; all of it once the job has succeeded, nothing when it fails.
 *  Throws: PipelineError FILE_EXISTS when the directory is there already. In an output operation of
 *  a stream it is written over, since a batch may run again after a crash.
 *  Like Spark: RDD.saveAsTextFile with Hadoop's FileOutputCommitter; JobScheduler's JobHandler. */
export function saveAsTextFile<T>(rdd: RDDNode<T>, path: string): void {
  const operator = "saveAsTextFile";
  save(
    mapPartitions(rdd, (records) => records.map(textLine), { operator }),
    path,
  );
}

function textLine(record: unknown): string {
  if (record !== null && record !== undefined) return scalaText(record);
  throw new PipelineError(
    "UNSUPPORTED_VALUE",
    "requirement failed: text output does not allow null",
  );
}

/** The same with a line of JSON a record; Spark writes Java's serialised objects. */
export function saveAsObjectFile<T>(rdd: RDDNode<T>, path: string): void {
  const operator = "saveAsObjectFile";
  save(
    mapPartitions(rdd, (records) => records.map(valueToText), { operator }),
    path,
  );
}

/** Reads what `saveAsObjectFile` wrote. */
export function objectFile<T>(
  context: RDDContext,
  path: string,
  minPartitions: number,
): RDDNode<T> {
  const lines = textFile(context, path, minPartitions, "objectFile");
  // Records of type T were written: as in Spark, the type parameter is the person's word for it.
  return map(lines, (line) => textToValue(line) as T, "objectFile");
}

function save(lines: RDDNode<string>, path: string): void {
  const { files } = lines.context;
  const directory = cleanPath(path);
  const isFile = files.list(parentOf(directory))?.some((file) => file.path === directory);
  const isThere = isFile === true || files.list(directory) !== null;
  if (isThere && !lines.context.isOutputRunning) {
    throw new PipelineError(
      "FILE_EXISTS",
      "org.apache.hadoop.mapred.FileAlreadyExistsException: " +
        `Output directory ${path} already exists`,
      { place: { file: path } },
    );
  }
  const partitions = Array.from({ length: lines.numPartitions }, (_, index) => index);
  const parts = lines.context.runJob(lines, partitions, {
    name: "runJob",
    run: (task, rdd, partition) => {
      const text: string[] = [];
      task.iterate(rdd, partition, (line) => text.push(`${line}\n`));
      return text.join("");
    },
  });
  for (const [partition, text] of parts.entries()) {
    files.write(`${directory}/part-${String(partition).padStart(5, "0")}`, text);
  }
  files.write(`${directory}/_SUCCESS`, "");
}

/** Where a stream writes the batch of a time: `prefix-1000.suffix`.
 *  Like Spark: StreamingContext.rddToFileName. */
export function batchPath(prefix: string, suffix: string, timeMs: number): string {
  const name = prefix === "" ? `${timeMs}` : `${prefix}-${timeMs}`;
  return suffix === "" ? name : `${name}.${suffix}`;
}
