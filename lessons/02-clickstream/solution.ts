import { KafkaUtils, PreferConsistent, type StreamingContext, Subscribe } from "streamscope";

interface PageState {
  readonly score: number;
  /** Batches in a row without a visit. */
  readonly quietBatches: number;
}

/** Called for every page in every batch; null forgets the page. */
function update(scores: readonly number[], state: PageState | null): PageState | null {
  const before = state ?? { score: 0, quietBatches: 0 };
  const quietBatches = scores.length > 0 ? 0 : before.quietBatches + 1;
  if (quietBatches === 3) return null;
  return { score: scores.reduce((sum, score) => sum + score, before.score), quietBatches };
}

export default function ranking(ssc: StreamingContext): void {
  ssc.checkpoint("checkpoints/ranking");
  const kafkaParams = {
    "group.id": "ranking",
    "auto.offset.reset": "earliest",
    "enable.auto.commit": false,
  };
  KafkaUtils.createDirectStream(ssc, PreferConsistent, Subscribe(["clicks"], kafkaParams))
    .map((record) => record.value.split(","))
    .map(([page = "", clicks, dwellSeconds, like]): PageScore => {
      return [page, 10 * Number(clicks) + Number(dwellSeconds) + 20 * Number(like)];
    })
    .updateStateByKey<PageState>(update)
    .mapValues(({ score }) => score)
    .transform((rdd) => ssc.sparkContext.parallelize(rdd.top(10, byScore), 1))
    .print();
}

type PageScore = readonly [page: string, score: number];

function byScore([pageA, scoreA]: PageScore, [pageB, scoreB]: PageScore): number {
  if (scoreA !== scoreB) return scoreA - scoreB;
  return pageA < pageB ? 1 : -1;
}
