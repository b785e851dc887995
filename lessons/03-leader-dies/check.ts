import { durability, type TraceEvent, unprotectedDurability } from "streamscope";
import { type Check, readBatches, type Sentence, type Verdict } from "streamscope/lesson";
import { orders, world } from "./world.ts";

const topic = "orders";

export const check: Check = {
  task: {
    en:
      "Change the settings so that every order the shop was told is safe is counted, although " +
      "the leader dies.",
    zh: "修改 settings，使 shop 得到确认的每一个订单都被统计到，即使 leader 崩溃。",
  },
  judge: ({ events, outputs }) => {
    const { batches, isWhole, hasGap } = readBatches({ events, outputs }, world, topic);
    const last = batches.findLast(({ output }) => output !== null);
    if (last === undefined || hasGap) return notProved(notShown);
    const totals = readTotals(last.output ?? []);
    const isLost = unprotectedDurability.check(events).kind === "broken";
    if (isLost || isUnasked(events)) {
      const because = isLost ? lostOrders(events, totals) : nobodyAsked(totals);
      return { verdict: "fail", because, batchTimeMs: last.timeMs };
    }
    if (!isWhole) return notProved(notShown);
    // Kafka promises it on two conditions; a run in which it held without them was lucky.
    if (durability.check(events).kind !== "holds") return notProved(unpromised);
    if (totals.get("orders") === orders && totals.get("sum") === sum) return { verdict: "pass" };
    return { verdict: "fail", because: miscounted(totals), batchTimeMs: last.timeMs };
  },
};

type Totals = ReadonlyMap<unknown, unknown>;

const sum = (orders * (orders + 1)) / 2;

function readTotals(output: readonly unknown[]): Totals {
  return new Map(output.flatMap((pair) => (Array.isArray(pair) ? [[pair[0], pair[1]]] : [])));
}

/** Whether the shop has not waited for any answer. */
function isUnasked(events: readonly TraceEvent[]): boolean {
  return events.some((event) => event.kind === "produce.acknowledged" && event.acks === 0);
}

function lostOrders(events: readonly TraceEvent[], totals: Totals): Sentence {
  const counted = String(totals.get("orders") ?? 0);
  const acknowledged = events.reduce(
    (all, event) => all + (event.kind === "produce.acknowledged" ? event.count : 0),
    0,
  );
  const cut = events.find((event) => event.kind === "log.truncated" && event.topic === topic);
  const range = cut?.kind === "log.truncated" ? `[${cut.toOffset}, ${cut.fromOffset})` : null;
  return {
    en:
      `The shop was told that ${acknowledged} orders are safe, and ${counted} are counted: ` +
      (range === null
        ? "the rest were on the dead leader alone."
        : `the old leader alone had offsets ${range}, and dropped them to follow the new one.`),
    zh:
      `shop 得到了 ${acknowledged} 个订单的确认，却只统计到 ${counted} 个：` +
      (range === null
        ? "其余的只在已崩溃的 leader 上有。"
        : `偏移量 ${range} 只有旧 leader 有，它跟随新 leader 时把它们丢弃了。`),
  };
}

function nobodyAsked(totals: Totals): Sentence {
  const counted = String(totals.get("orders") ?? 0);
  return {
    en:
      `${counted} of ${orders} orders are counted: with acks=0 the shop waits for no answer, so ` +
      "it cannot even know that an order was not written.",
    zh: `${orders} 个订单只统计到 ${counted} 个：acks=0 时 shop 不等任何答复，连订单没有写入都无从知道。`,
  };
}

function miscounted(totals: Totals): Sentence {
  const [counted, added] = [totals.get("orders"), totals.get("sum")].map(String);
  return {
    en:
      `All ${orders} orders are in the log, and the last batch prints ${counted} orders with sum ` +
      `${added}; it should print ("orders", ${orders}) and ("sum", ${sum}).`,
    zh:
      `${orders} 个订单都在日志里，最后一个批次却打印出 ${counted} 个订单、总和 ${added}；` +
      `应当打印 ("orders", ${orders}) 和 ("sum", ${sum})。`,
  };
}

function notProved(because: Sentence): Verdict {
  return { verdict: "not proved", because };
}

const notShown: Sentence = {
  en: "Some orders never went through a batch that printed its totals, so nothing is proved.",
  zh: "有些订单从未经过一个打印了总数的批次，因此什么也没有得到证明。",
};

const unpromised: Sentence = {
  en:
    "Nothing was lost this time, but Kafka promises that only with acks=all and " +
    "min.insync.replicas of at least 2, and while no disk is lost: one copy may still have been " +
    "enough for an acknowledgement.",
  zh:
    "这一次没有丢失，但 Kafka 只在 acks=all、min.insync.replicas 至少为 2、" +
    "且没有磁盘丢失时才保证如此：现在一份副本仍可能就足以换来确认。",
};
