/** How Hadoop cuts text files into splits, and which lines each split holds. */

import { utf8Length } from "../record/record.ts";
import type { FileStatus } from "./file-system.ts";

/** Bytes [start, end) of a file. */
export interface TextSplit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Of the local file system: 32 MB. */
const BLOCK_BYTES = 33_554_432;
/** The last split may be this much longer than the others. */
const SLOP = 1.1;

/** Cuts files so that there are about `minSplits`; empty files have none.
 *  Like Hadoop: org.apache.hadoop.mapred.FileInputFormat.getSplits. */
export function splitsOf(files: readonly FileStatus[], minSplits: number): TextSplit[] {
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const goal = Math.floor(total / Math.max(1, minSplits));
  return splitsOfSize(files, Math.max(1, Math.min(goal, BLOCK_BYTES)));
}

/** One split a block.
 *  Like Hadoop: org.apache.hadoop.mapreduce.lib.input.FileInputFormat.getSplits. */
export function blockSplitsOf(files: readonly FileStatus[]): TextSplit[] {
  return splitsOfSize(files, BLOCK_BYTES);
}

function splitsOfSize(files: readonly FileStatus[], size: number): TextSplit[] {
  const splits: TextSplit[] = [];
  for (const { path, sizeBytes } of files) {
    let start = 0;
    while ((sizeBytes - start) / size > SLOP) {
      splits.push({ path, start, end: start + size });
      start += size;
    }
    if (start < sizeBytes) splits.push({ path, start, end: sizeBytes });
  }
  return splits;
}

/** The lines of a split: those that begin after its first byte up to and including its end, since
 *  each reader but the first leaves out the line it begins in and reads one beyond its end.
 *  Like Hadoop: LineRecordReader. */
export function linesOf(text: string, split: TextSplit): string[] {
  const lines: string[] = [];
  let at = 0;
  let offset = 0;
  while (at < text.length && offset <= split.end) {
    const { end, next } = lineEnd(text, at);
    if (split.start === 0 || offset > split.start) lines.push(text.slice(at, end));
    offset += utf8Length(text.slice(at, next));
    at = next;
  }
  return lines;
}

/** Lines end with \n, \r\n or \r. */
function lineEnd(text: string, from: number): { readonly end: number; readonly next: number } {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10) return { end: at, next: at + 1 };
    if (code === 13) return { end: at, next: text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1 };
  }
  return { end: text.length, next: text.length };
}
