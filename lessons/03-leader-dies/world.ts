import type { ProducerRecord, WorldSpec } from "streamscope";

/** The orders are numbered from 1, ten a second: what they add up to is known beforehand. */
export const orders = 60;

function* numberedOrders(): Generator<ProducerRecord> {
  for (let order = 1; order <= orders; order += 1) {
    yield { atMs: 100 * order - 50, value: String(order) };
  }
}

export const world: WorldSpec = {
  brokers: 3,
  defaultParallelism: 1,
  executors: [{ cores: 1 }, { cores: 1 }],
  // The leader first, and two that follow it.
  topics: { orders: { partitions: 1, replicas: [[1, 2, 3]], minInsyncReplicas: 1 } },
  workload: [{ topic: "orders", name: "shop", producer: { acks: 1 }, records: numberedOrders }],
  // The leader still hears the shop and no other broker any more. Half a second later its process
  // dies; nothing on its disk is lost.
  faults: `
    from 3000 to 3600 drop link 1-2
    from 3000 to 3600 drop link 1-3
    at 3500 for 2000 crash broker 1
  `,
  // Kafka waits nine seconds for a silent broker; here that would be most of the run.
  cluster: { brokerSessionTimeoutMs: 1000, brokerHeartbeatIntervalMs: 250 },
  cost: { taskMs: 12, recordUs: 3_000, shuffleRecordUs: 500 },
};
