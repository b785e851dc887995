import type { RandomStream, ProducerRecord, WorldSpec } from "streamscope";

/** The pages of a cookery site, the most popular first. */
export const pages: readonly string[] = [
  "home",
  "pancakes",
  "tomato-soup",
  "sourdough",
  "fried-rice",
  "apple-pie",
  "mapo-tofu",
  "lentil-dal",
  "carbonara",
  "dumplings",
  "ratatouille",
  "ramen",
  "pad-thai",
  "falafel",
  "brownies",
  "risotto",
  "paella",
  "bibimbap",
  "goulash",
  "cheesecake",
  "tacos",
  "borscht",
  "scones",
  "kimchi",
  "tempura",
  "moussaka",
  "pierogi",
  "baklava",
  "gazpacho",
  "rye-bread",
  "plum-jam",
  "oat-porridge",
  "leek-quiche",
  "beet-salad",
  "corn-chowder",
  "pickled-eggs",
  "rhubarb-fool",
  "fig-chutney",
  "nettle-tea",
  "salsify",
];

const clicksPerSecond = 20;
const seconds = 12;
const users = 24;

/** People come and go: each visit is one person on one page. Most begin at a popular page and read
 *  on from there; the tail of the list is seen once in a while. */
function* visits(random: RandomStream): Generator<ProducerRecord> {
  const weights = pages.map((_, rank) => Math.floor(1200 / (rank + 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const drawPage = (): number => {
    let rest = random.below(total);
    const found = weights.findIndex((weight) => (rest -= weight) < 0);
    return found;
  };
  const isReading = new Map<number, number>();
  for (let visit = 0; visit < clicksPerSecond * seconds; visit += 1) {
    const user = random.below(users);
    const last = isReading.get(user);
    // A session goes on to one of the next pages, or ends and the person starts anew.
    const page =
      last === undefined || random.ratio(2, 3)
        ? drawPage()
        : Math.min(last + 1 + random.below(3), pages.length - 1);
    isReading.set(user, page);
    const jitterMs = random.below(40);
    const clicks = 1 + random.below(3);
    const dwellSeconds = 2 + random.below(random.ratio(1, 4) ? 120 : 30);
    const like = random.ratio(1, 5) ? 1 : random.ratio(1, 12) ? -1 : 0;
    yield {
      atMs: Math.floor((visit * 1000) / clicksPerSecond) + jitterMs,
      key: `user-${user}`,
      value: `${pages[page]},${clicks},${dwellSeconds},${like}`,
    };
  }
}

export const world: WorldSpec = {
  seed: 42,
  brokers: 2,
  defaultParallelism: 3,
  executors: [{ cores: 1 }, { cores: 1 }, { cores: 1 }],
  topics: { clicks: { partitions: 3 } },
  workload: [{ topic: "clicks", records: visits }],
  // Slow enough for tasks to be seen beside each other, and still below the interval.
  cost: { taskMs: 12, recordUs: 3_000, shuffleRecordUs: 500 },
};
