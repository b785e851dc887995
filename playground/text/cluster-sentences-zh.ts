/** What each fact about the Kafka cluster, its producers and its groups says, in simplified
 *  Chinese. */

import type { PartitionChangeReason, TopicPartition } from "streamscope";
import type { ClusterSentences } from "../describe.ts";

/** Why a partition changed. */
const transactionReasonsZh = {
  "timed out": "超时",
  fenced: "被隔离",
  loaded: "由新的协调器读出",
} as const;

export const partitionReasonsZh: Readonly<Record<PartitionChangeReason, string>> = {
  created: "创建",
  "leader failed": "leader 失效",
  "controlled shutdown": "有序停机",
  "broker returned": "broker 回来",
  "unclean election": "不干净选举（unclean）",
  "preferred election": "首选副本选举",
  "isr shrank": "同步副本集缩小",
  "isr expanded": "同步副本集扩大",
};

export const clusterSentencesZh: ClusterSentences = {
  "broker.crashed": ({ broker, loses }) =>
    `broker ${broker} 崩溃，${
      { nothing: "没有丢失数据", unflushed: "丢失尚未落盘的数据", disk: "磁盘一同丢失" }[loses]
    }。`,
  "broker.slowed": ({ broker, byMs }) =>
    byMs === 0
      ? `broker ${broker} 恢复正常速度。`
      : `broker ${broker} 处理每个请求多用 ${byMs} ms。`,
  "broker.fenced": ({ broker }) =>
    `控制器没有收到 broker ${broker} 的心跳，将其隔离：它不再领导任何分区，也不在任何同步副本集中。`,
  "broker.unfenced": ({ broker, brokerEpoch }) =>
    `控制器重新接纳 broker ${broker}，broker 纪元 ${brokerEpoch}。`,
  "controller.changed": ({ controller, epoch }) =>
    controller === null
      ? `集群没有控制器（上一纪元 ${epoch}）：无法选举 leader。`
      : `控制器 ${controller} 接管，纪元 ${epoch}。`,
  "link.changed": ({ between, state, latencyMs, lossPercent }) =>
    `${between.map(node).join(" 与 ")} 之间的链路${
      {
        up: "恢复正常",
        cut: "断开：经过它的请求会超时",
        slow: `多花 ${latencyMs} ms`,
        lossy: `丢失 ${lossPercent}% 的消息${latencyMs > 0 ? `，并多花 ${latencyMs} ms` : ""}`,
      }[state]
    }。`,
  "partition.changed": (event) => {
    const { leader, leaderEpoch, replicas, isr, reason } = event;
    const who = leader === -1 ? "没有 leader" : `broker ${leader} 领导，纪元 ${leaderEpoch}`;
    const inSync = `同步副本：${replicas.join("、")} 中的 ${isr.join("、") || "无"}`;
    return `${place(event)}（${partitionReasonsZh[reason]}）：${who}；${inSync}。`;
  },
  "replica.appended": (event) =>
    `broker ${event.broker} 从 leader 复制 ${place(event)} 的 ` +
    `[${event.baseOffset}, ${event.logEndOffset})。`,
  "highWatermark.advanced": (event) =>
    `${place(event)} 在 broker ${event.broker} 上的高水位为 ${event.highWatermark}` +
    (event.lastStableOffset < event.highWatermark
      ? `；未结束的事务使最后稳定偏移量停在 ${event.lastStableOffset}。`
      : "。"),
  "log.truncated": (event) =>
    `broker ${event.broker} 丢弃 ${place(event)} 的 [${event.toOffset}, ${event.fromOffset})：${
      {
        diverged: "leader 没有这些记录",
        unflushed: "它们尚未落盘",
        disk: "磁盘已丢失",
      }[event.reason]
    }。`,
  "log.compacted": (event) =>
    `broker ${event.broker} 压缩 ${place(event)} 至偏移量 ${event.untilOffset}：` +
    `删除 ${event.recordsRemoved} 条已有新值的记录。`,
  "topic.deleted": ({ topic }) => `主题 ${topic} 被删除。`,
  "topic.altered": ({ topic, changed }) => `主题 ${topic} 改变：${changed}。`,
  "contents.read": ({ topic, isolation, records }) =>
    `以 ${isolation} 读取，主题 ${topic} 有 ${records.length} 条记录。`,
  "produce.acknowledged": (event) => {
    const { client, acks, baseOffset, count } = event;
    return acks === 0
      ? `${client} 不等答复：它认为 ${count} 条记录已写入 ${place(event)}。`
      : `${client} 得知 ${place(event)} 已有它的记录 [${baseOffset}, ${baseOffset + count})，` +
          `acks ${acks === -1 ? "all" : acks}。`;
  },
  "client.throttled": ({ client, broker, throttleMs }) =>
    `${client} 超出配额：broker ${broker} 在 ${throttleMs} ms 内不再处理它的请求。`,
  "duplicate.refused": (event) =>
    `生产者 ${event.producerId} 的一批记录再次到达 ${place(event)}：序号 ${event.baseSequence} ` +
    `已在偏移量 ${event.baseOffset}，不会写两次。`,
  "producer.initialised": ({ client, transactionalId, producerId, producerEpoch }) =>
    `${client} 成为生产者 ${producerId}，纪元 ${producerEpoch}` +
    (transactionalId === null ? "。" : `，事务 ID ${transactionalId}：更旧的实例被隔离。`),
  "transaction.changed": ({ transactionalId, state, partitions, groups, reason }) =>
    `${transactionalId} 的事务进入 ${state}` +
    (reason === null ? "" : `（${transactionReasonsZh[reason]}）`) +
    (partitions.length + groups.length === 0
      ? "。"
      : `：${[...partitions.map(place), ...groups.map((group) => `${group} 的偏移量`)].join("、")}。`),
  "marker.written": (event) =>
    `生产者 ${event.producerId} 的 ${event.control} 标记占用 ${place(event)} 的偏移量 ` +
    `${event.offset}。`,
  "group.changed": ({ group, state, generation, members, reason }) =>
    `消费者组 ${group} 为 ${state}，第 ${generation} 代，${members.length} 个成员：${reason}。`,
  "offsets.expired": ({ group, partitions }) =>
    `消费者组 ${group} 的偏移量过期：${partitions.map(place).join("、")}。`,
  "records.polled": (event) =>
    event.count === 0
      ? `${event.client} 越过 ${place(event)} 的 [${event.fromOffset}, ${event.untilOffset})：` +
        "其中没有它能看到的记录。"
      : `${event.client} 得到 ${place(event)} 的 ${event.count} 条记录 ` +
        `[${event.fromOffset}, ${event.untilOffset})。`,
  "position.reset": (event) =>
    `${event.client} 在 ${place(event)} 没有有效位置` +
    (event.fromOffset === null ? "" : `（原为 ${event.fromOffset}）`) +
    `；auto.offset.reset=${event.policy} 使它移到 ${event.toOffset}。`,
};

function place({ topic, partition }: TopicPartition): string {
  return `${topic} 分区 ${partition}`;
}

function node(name: string): string {
  return /^\d+$/u.test(name) ? `broker ${name}` : name === "controller" ? "控制器" : name;
}
