/** All partitions of all topics dealt out one by one in a circle of the members, past those who do
 *  not subscribe to the topic. Like Kafka: RoundRobinAssignor. */

import { at } from "../../base/assert.ts";
import { compareStrings } from "../../base/order.ts";
import type { TopicPartition } from "../../record/topic-partition.ts";
import { type Assignor, compareMembers } from "./assignor.ts";

export const roundRobin: Assignor = {
  name: "roundrobin",
  isCooperative: false,
  assign(partitionCounts, members) {
    const given = new Map<string, TopicPartition[]>(members.map(({ member }) => [member, []]));
    const circle = members.toSorted(compareMembers).map(({ member, subscription }) => ({
      member,
      topics: new Set(subscription.topics),
    }));
    const topics = new Set(members.flatMap(({ subscription }) => subscription.topics));
    let turn = 0;
    for (const topic of [...topics].sort(compareStrings)) {
      const count = partitionCounts.get(topic) ?? 0;
      for (let partition = 0; partition < count; partition += 1) {
        while (!at(circle, turn).topics.has(topic)) turn = (turn + 1) % circle.length;
        given.get(at(circle, turn).member)?.push({ topic, partition });
        turn = (turn + 1) % circle.length;
      }
    }
    return given;
  },
};
