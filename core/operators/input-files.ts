/** Text files that appear in a directory, each batch's new ones. The driver chooses them; this node
 *  only says what to read. Like Spark: FileInputDStream. */

import { newTextFile } from "../rdd/text-files.ts";
import { union } from "../rdd/union.ts";
import { type NodeOwner, StreamNode } from "../stream/node.ts";

export function inputFiles(
  owner: NodeOwner,
  source: { readonly directory: string; readonly newFilesOnly: boolean },
): StreamNode<string> {
  const operator = "textFileStream";
  return new StreamNode<string>(owner, {
    operator,
    className: "FileInputDStream",
    parents: [],
    slideMs: owner.batchIntervalMs,
    parameters: [source.directory, source.newFilesOnly],
    input: { kind: "files", ...source },
    compute: (timeMs, batch, self) => {
      const files = batch.filesOf(self, timeMs);
      return union(
        batch.rdds,
        files.map((file) => newTextFile(batch.rdds, file, operator)),
      );
    },
  });
}
