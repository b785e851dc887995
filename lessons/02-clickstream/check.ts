import type { Check, CheckInput, JudgedBatch, Sentence, Verdict } from "streamscope/lesson";
import { readBatches } from "streamscope/lesson";
import { world } from "./world.ts";

type Scores = ReadonlyMap<string, number>;

/** What one way of forgetting leaves behind a batch. */
type Forget = (batches: readonly JudgedBatch[]) => readonly Scores[];

export const check: Check = {
  task: {
    en:
      "Forget a page in its third batch in a row without a visit; if it is visited later, its " +
      "score starts from zero.",
    zh: "页面连续第三个批次没有访问时，就把它忘掉；之后若再有访问，得分从零开始。",
  },
  judge: (run) => {
    const { batches: all, isWhole, hasGap } = readBatches(run, world, "clicks");
    // A running score cannot be followed through a batch that did not show it.
    if (hasGap) return notProved;
    const batches = all.filter(({ output }) => output !== null);
    const expected = keepScores({ quietMax: 3 })(batches);
    const kept = readKept(run);
    const wrong = batches.findIndex((batch, index) => {
      const scores = expected[index] ?? new Map();
      return kept.get(batch.timeMs) !== scores.size || !isTopTen(batch.output ?? [], scores);
    });
    const batch = batches[wrong];
    if (batch !== undefined) {
      const because =
        findKnownMistake(batches, kept) ??
        (kept.get(batch.timeMs) === expected[wrong]?.size
          ? wrongScore(batch, expected[wrong] ?? new Map())
          : wrongSize(batch, kept.get(batch.timeMs) ?? 0, expected[wrong]?.size ?? 0));
      return { verdict: "fail", because, batchTimeMs: batch.timeMs };
    }
    return isWhole ? { verdict: "pass" } : notProved;
  },
};

const notProved: Verdict = {
  verdict: "not proved",
  because: {
    en:
      "Some visits never went through a batch that printed its ranking, so this run proves " +
      "nothing about forgetting.",
    zh: "有些访问从未经过一个打印了排名的批次，因此这次运行证明不了遗忘是否正确。",
  },
};

/** The oracle: running scores, with a page dropped after so many quiet batches. */
function keepScores(rule: { quietMax: number; isResetByVisit?: boolean }): Forget {
  const { quietMax, isResetByVisit = true } = rule;
  return (batches) => {
    const scores = new Map<string, number>();
    const quiet = new Map<string, number>();
    return batches.map(({ input }) => {
      const visited = new Set<string>();
      for (const { value } of input) {
        const [page = "", clicks, dwellSeconds, like] = (value ?? "").split(",");
        const score = 10 * Number(clicks) + Number(dwellSeconds) + 20 * Number(like);
        visited.add(page);
        scores.set(page, (scores.get(page) ?? 0) + score);
      }
      for (const page of scores.keys()) {
        if (!visited.has(page)) quiet.set(page, (quiet.get(page) ?? 0) + 1);
        else if (isResetByVisit) quiet.delete(page);
        if ((quiet.get(page) ?? 0) < quietMax) continue;
        scores.delete(page);
        quiet.delete(page);
      }
      return new Map(scores);
    });
  };
}

/** How many pages the state held after each batch, from the trace. A batch that ran again tells its
 *  partitions again. */
function readKept(run: CheckInput): ReadonlyMap<number, number> {
  const partitions = new Map<string, { readonly timeMs: number; readonly keys: number }>();
  let first: number | null = null;
  for (const event of run.events) {
    if (event.kind !== "state.updated") continue;
    first ??= event.node;
    if (event.node !== first) continue;
    const { batchTimeMs: timeMs, partition, keysKept: keys } = event;
    partitions.set(`${timeMs}/${partition}`, { timeMs, keys });
  }
  const kept = new Map<number, number>();
  for (const { timeMs, keys } of partitions.values()) {
    kept.set(timeMs, (kept.get(timeMs) ?? 0) + keys);
  }
  return kept;
}

/** The greatest scores, descending, each of the page that has it; equal scores in any order. */
function isTopTen(output: readonly unknown[], scores: Scores): boolean {
  const best = [...scores.values()].toSorted((a, b) => b - a).slice(0, 10);
  const pages = new Set<unknown>();
  const isRight = output.every((record, rank) => {
    if (!Array.isArray(record)) return false;
    const [page, score] = record;
    pages.add(page);
    return score === best[rank] && scores.get(page) === score;
  });
  return isRight && output.length === best.length && pages.size === output.length;
}

/** Ways to be wrong that people find, each with a name of its own. */
const mistakes: readonly { readonly forget: Forget; readonly because: Sentence }[] = [
  {
    forget: keepScores({ quietMax: Infinity }),
    because: {
      en:
        "No page ever leaves the state: the update function is called for every page in every " +
        "batch, and only the page for which it returns null is forgotten; hiding a page or " +
        "setting its score to zero keeps it.",
      zh: "没有任何页面离开状态：每个批次都会为每个页面调用更新函数，只有返回 null 的页面才会被忘掉；隐藏页面或把得分清零，页面仍然留在状态里。",
    },
  },
  {
    forget: keepScores({ quietMax: 1 }),
    because: {
      en:
        "Pages are forgotten in their first quiet batch: no values in this batch does not mean " +
        "no more values; carry a number of quiet batches in the state.",
      zh: "页面在第一个没有访问的批次就被忘掉了：这个批次没有值，不等于以后也没有；请在状态里记下连续安静的批次数。",
    },
  },
  {
    forget: keepScores({ quietMax: 2 }),
    because: {
      en: "Pages are forgotten one batch early: in the second quiet batch instead of the third.",
      zh: "页面早了一个批次被忘掉：在第二个安静的批次，而不是第三个。",
    },
  },
  {
    forget: keepScores({ quietMax: 4 }),
    because: {
      en: "Pages are forgotten one batch late: in the fourth quiet batch instead of the third.",
      zh: "页面晚了一个批次才被忘掉：在第四个安静的批次，而不是第三个。",
    },
  },
  {
    forget: keepScores({ quietMax: 3, isResetByVisit: false }),
    because: {
      en:
        "Quiet batches are added up over the whole life of a page: a visit must set the number " +
        "back to zero.",
      zh: "安静的批次数在页面的整个生命周期里一直累加：一次访问应当把它归零。",
    },
  },
];

function findKnownMistake(
  batches: readonly JudgedBatch[],
  kept: ReadonlyMap<number, number>,
): Sentence | null {
  const found = mistakes.find(({ forget }) => {
    const sizes = forget(batches).map((scores) => scores.size);
    return batches.every(({ timeMs }, index) => kept.get(timeMs) === sizes[index]);
  });
  return found?.because ?? null;
}

function wrongSize({ number }: JudgedBatch, kept: number, expected: number): Sentence {
  return {
    en:
      `After batch ${number} the state holds ${kept} pages; ${expected} were visited in that ` +
      "batch or the two before it.",
    zh: `批次 ${number} 之后状态里有 ${kept} 个页面；在该批次及其前两个批次中有过访问的是 ${expected} 个。`,
  };
}

function wrongScore({ number, output }: JudgedBatch, expected: Scores): Sentence {
  const best = [...expected].toSorted((a, b) => b[1] - a[1]).slice(0, 10);
  const rank = best.findIndex(([, score], at) => {
    const record: unknown = output?.[at];
    return !Array.isArray(record) || record[1] !== score || expected.get(record[0]) !== score;
  });
  const [page, score] = best[rank] ?? ["", 0];
  const said = JSON.stringify(output?.[rank] ?? null);
  return {
    en:
      `Rank ${rank + 1} of batch ${number} is ${said}; by the visits it is ${page} with ` +
      `${score}.`,
    zh: `批次 ${number} 的第 ${rank + 1} 名是 ${said}；按访问记录应为 ${page}，得分 ${score}。`,
  };
}
