import {
  KafkaUtils,
  PreferConsistent,
  Seconds,
  type StreamingContext,
  Subscribe,
} from "streamscope";

type PageScore = readonly [page: string, score: number];

export default function clickstream(ssc: StreamingContext): void {
  ssc.checkpoint("checkpoints/clickstream");
  const kafkaParams = {
    "bootstrap.servers": "localhost:9092",
    "group.id": "clickstream",
    "auto.offset.reset": "earliest",
    "enable.auto.commit": false,
  };

  // page,clicks,dwellSeconds,like: anything else is skipped.
  const visits = KafkaUtils.createDirectStream(
    ssc,
    PreferConsistent,
    Subscribe(["clicks"], kafkaParams),
  )
    .map((record) => record.value)
    .filter((line) => /^[^,]+,\d+,\d+,(?:-1|0|1)$/.test(line))
    .map((line) => {
      const [page = "", clicks, dwellSeconds, like] = line.split(",");
      return {
        page,
        clicks: Number(clicks),
        dwellSeconds: Number(dwellSeconds),
        like: Number(like),
      };
    });

  // In tenths of a point, so that sums stay whole: a click 1.0, a second 0.1, a like 2.0.
  visits
    .map(({ page, clicks, dwellSeconds, like }): PageScore => {
      return [page, 10 * clicks + dwellSeconds + 20 * like];
    })
    .updateStateByKey<number>((scores, total) =>
      scores.reduce((sum, score) => sum + score, total ?? 0),
    )
    .transform((rdd) => ssc.sparkContext.parallelize(rdd.top(10, byScore), 1))
    .print();

  // Clicks of the last three seconds, kept up to date: what leaves the window is subtracted.
  visits
    .map(({ page, clicks }) => [page, clicks] as const)
    .reduceByKeyAndWindow(
      (a, b) => a + b,
      (a, b) => a - b,
      Seconds(3),
      Seconds(1),
      3,
      ([, clicks]) => clicks > 0,
    )
    .print();
}

/** By score; of two equal ones the page whose name comes first in the alphabet is the greater. */
function byScore([pageA, scoreA]: PageScore, [pageB, scoreB]: PageScore): number {
  if (scoreA !== scoreB) return scoreA - scoreB;
  return pageA < pageB ? 1 : -1;
}
