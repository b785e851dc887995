// Vectors of steps that ours cannot do, and why: what Kafka saw is kept, and compared with nothing.

export const recordedOnly: ReadonlyMap<string, string> = new Map([
  [
    "partitioning/a producer told a partition that is not there",
    "who waits max.block.ms for a partition is an application of ours, not its producer",
  ],
  ["groups/a group that does not exist", "no client of ours deletes groups"],
  ["groups/a group is deleted when it is empty", "no client of ours deletes groups"],
  ["groups/metadata of a commit that is too long", "our commits carry no metadata"],
  [
    "groups/an application that subscribes cannot assign",
    "our consumer has no call that assigns, which could be refused",
  ],
  [
    "groups/a consumer without a group commits nothing",
    "our consumers have a group, in the types already",
  ],
]);
