import type { Check, JudgedBatch, Sentence, Verdict } from "streamscope/lesson";
import { readBatches } from "streamscope/lesson";
import { world } from "./world.ts";

type Counts = ReadonlyMap<string, number>;

export const check: Check = {
  task: {
    en:
      "Count words whatever their case and punctuation, so that “Spark,” and “spark” are one " +
      "word and no word is empty.",
    zh: "统计单词时忽略大小写和标点：“Spark,”与“spark”算作同一个词，空词不计。",
  },
  judge: (run) => {
    const { batches, isWhole } = readBatches(run, world, "sentences");
    const earlier = new Map<string, number>();
    for (const batch of batches) {
      if (batch.output === null) continue;
      const expected = countWords(batch.input);
      for (const [word, count] of expected) earlier.set(word, (earlier.get(word) ?? 0) + count);
      const because = findMistake(batch, batch.output, expected, earlier);
      if (because !== null) return { verdict: "fail", because, batchTimeMs: batch.timeMs };
    }
    return isWhole ? { verdict: "pass" } : notProved;
  },
};

const notProved: Verdict = {
  verdict: "not proved",
  because: {
    en:
      "Some sentences never went through a batch that printed its words, so this run proves " +
      "nothing about them.",
    zh: "有些句子从未经过一个打印了结果的批次，因此这次运行证明不了它们的统计是否正确。",
  },
};

/** The oracle: the sentences of a batch, counted by hand. */
function countWords(input: JudgedBatch["input"]): Counts {
  const counts = new Map<string, number>();
  for (const { value } of input) {
    for (const word of (value ?? "").toLowerCase().match(/[a-z0-9]+/g) ?? []) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

function findMistake(
  { number }: JudgedBatch,
  output: readonly unknown[],
  expected: Counts,
  sinceStart: Counts,
): Sentence | null {
  const found = new Map<string, number>();
  for (const record of output) {
    const [word, count] = Array.isArray(record) ? record : [];
    if (typeof word !== "string" || typeof count !== "number") return notPairs(number, record);
    const mistake = wordMistake(number, word) ?? (found.has(word) ? twice(number, word) : null);
    if (mistake !== null) return mistake;
    found.set(word, count);
  }
  const words = [...new Set([...expected.keys(), ...found.keys()])];
  const wrong = words
    .toSorted((a, b) => (a < b ? -1 : 1))
    .find((word) => expected.get(word) !== found.get(word));
  if (wrong === undefined) return null;
  return isSame(found, sinceStart)
    ? addsUp(number, wrong, { found, expected })
    : miscounted(number, wrong, { found, expected });
}

function isSame(a: Counts, b: Counts): boolean {
  return a.size === b.size && [...a].every(([word, count]) => b.get(word) === count);
}

function notPairs(number: number, record: unknown): Sentence {
  const text = JSON.stringify(record) ?? String(record);
  return {
    en: `Batch ${number} wrote ${text}; it should write pairs of a word and its count.`,
    zh: `批次 ${number} 输出了 ${text}；输出应当是“单词与次数”的二元组。`,
  };
}

function wordMistake(number: number, word: string): Sentence | null {
  if (word === "") {
    return {
      en:
        `Batch ${number} counted an empty word: two spaces, or a mark standing alone, leave ` +
        "nothing between two splits, so filter what is empty last.",
      zh: `批次 ${number} 统计了一个空词：连续两个空格或单独的标点切分后什么也不剩，请在最后一步过滤掉空词。`,
    };
  }
  const plain = word.toLowerCase();
  if (/[^a-z0-9]/.test(plain)) {
    return {
      en:
        `Batch ${number} counted “${word}” with its punctuation; split on everything that is ` +
        "no letter or digit.",
      zh: `批次 ${number} 把标点也算进了“${word}”；请在所有非字母、非数字处切分。`,
    };
  }
  if (plain === word) return null;
  return {
    en:
      `Batch ${number} counted “${word}” apart from “${plain}”; make words lower case before ` +
      "they become keys.",
    zh: `批次 ${number} 把“${word}”与“${plain}”分开统计；请在单词成为键之前转为小写。`,
  };
}

function twice(number: number, word: string): Sentence {
  return {
    en:
      `Batch ${number} wrote “${word}” twice: words were made equal after reduceByKey, when ` +
      "their counts could no longer meet.",
    zh: `批次 ${number} 输出了两次“${word}”：单词在 reduceByKey 之后才变得相同，它们的次数已无法汇合。`,
  };
}

interface Both {
  readonly found: Counts;
  readonly expected: Counts;
}

function addsUp(number: number, word: string, { found, expected }: Both): Sentence {
  const [said, due] = [found.get(word) ?? 0, expected.get(word) ?? 0];
  return {
    en:
      `Batch ${number} says ${said} for “${word}” and holds it ${due} times: these are totals ` +
      "since the start, and a batch should count itself alone.",
    zh: `批次 ${number} 给出“${word}”${said} 次，而该批次中只有 ${due} 次：这是从头累计的总数，每个批次应当只统计自己。`,
  };
}

function miscounted(number: number, word: string, { found, expected }: Both): Sentence {
  const [said, due] = [found.get(word) ?? 0, expected.get(word) ?? 0];
  return {
    en: `Batch ${number} says ${said} for “${word}”; its sentences hold the word ${due} times.`,
    zh: `批次 ${number} 给出“${word}”${said} 次；它的句子里该词出现了 ${due} 次。`,
  };
}
