/** What facts about data files change in a snapshot. */

import { unreachable } from "../base/assert.ts";
import type { EventOf } from "./event.ts";
import {
  type Change,
  type FileSnapshot,
  newest,
  type Snapshot,
  SNAPSHOT_LIMITS,
} from "./snapshot.ts";

export function fileChanged(
  at: Snapshot,
  event: EventOf<"file.written" | "files.selected">,
): Change {
  switch (event.kind) {
    case "file.written": {
      const { path, sizeBytes, atMs } = event;
      const others = at.files.filter((file) => file.path !== path);
      const file = { path, sizeBytes, writtenMs: atMs, batchTimeMs: null, ignored: null };
      return { files: newest(others, file, SNAPSHOT_LIMITS.files) };
    }
    case "files.selected": {
      const { batchTimeMs, paths } = event;
      const reasons = new Map(event.ignored.map(({ path, reason }) => [path, reason]));
      const change = (file: FileSnapshot): FileSnapshot => {
        if (paths.includes(file.path)) return { ...file, batchTimeMs, ignored: null };
        const ignored = reasons.get(file.path);
        return ignored === undefined ? file : { ...file, ignored };
      };
      return { files: at.files.map(change) };
    }
    default:
      return unreachable(event);
  }
}
