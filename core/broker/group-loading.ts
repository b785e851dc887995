/** Reads groups and their offsets back from a coordinator's log.
 *  Like Kafka: GroupMetadataManager.doLoadGroupsAndOffsets. */

import type { CoordinatorEntry } from "./coordinator.ts";
import { Group } from "./group.ts";
import { type CommittedOffset, GroupOffsets } from "./group-offsets.ts";
import { readGroup, readKey, readOffset } from "./group-records.ts";

export interface LoadedGroups {
  readonly groups: readonly { readonly group: Group; readonly offsets: GroupOffsets }[];
  /** Of the last offset that was read. */
  readonly order: number;
}

export function loadGroups(entries: readonly CoordinatorEntry[], nowMs: number): LoadedGroups {
  const groups = new Map<string, Group>();
  const offsets = new Map<string, GroupOffsets>();
  const offsetsOf = (group: string): GroupOffsets => {
    const known = offsets.get(group) ?? new GroupOffsets();
    offsets.set(group, known);
    return known;
  };
  let order = 0;
  for (const entry of entries) {
    if (entry.kind === "marker") {
      const { from, control } = entry;
      for (const some of offsets.values()) {
        some.endTransaction(from.producerId, control === "COMMIT");
      }
      continue;
    }
    order += 1;
    for (const { key, value } of entry.records) {
      const read = readKey(key);
      if (read.kind === "group") {
        if (value === null) groups.delete(read.group);
        else groups.set(read.group, readGroup(read.group, value));
      } else if (value === null) offsetsOf(read.group).forget(read.of);
      else {
        const one: CommittedOffset = { ...read.of, ...readOffset(value), order };
        if (entry.from === null) offsetsOf(read.group).load(one);
        else offsetsOf(read.group).startTransaction(entry.from.producerId, [one]);
      }
    }
  }
  // A group that only keeps offsets has written nothing about itself.
  for (const [id, some] of offsets) {
    if (!groups.has(id) && !some.isEmpty) groups.set(id, new Group(id, nowMs));
  }
  const loaded = [...groups].map(([id, group]) => ({ group, offsets: offsetsOf(id) }));
  return { groups: loaded, order };
}
