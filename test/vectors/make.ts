// Makes the vectors anew: runs spark/*.scala on Spark itself and writes spark/*.json.
// Groups may be named (`npm run vectors -- windows state`); the others stay as they are. The group
// `random`, of the programs drawn from seeds (random/), takes ten minutes and is made only when
// named; with seeds after it, it writes nothing and shows those programs, Spark's answers, and
// ours where they differ: `npm run vectors -- random 17`.
// `kafka` makes those of Kafka, kafka/*.json; `kafka-assignors` only that file.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startKafka } from "../kafka/kafka.ts";
import { makeKafkaVectors } from "./kafka/make-kafka.ts";
import { makeAnswers } from "./random/make-answers.ts";
import { compileScala, runOnSpark } from "./spark-process.ts";

const folder = fileURLToPath(new URL("spark/", import.meta.url));
const randomFolder = fileURLToPath(new URL("random/", import.meta.url));

/** One file for the vectors before each slash, a line for each batch. */
function write(vectors: string): void {
  const byGroup = new Map<string, string[]>();
  for (const line of vectors.trim().split("\n")) {
    const group = /^\{"name": "(\w+)\//.exec(line)?.[1] ?? "others";
    const broken = line.replaceAll(/("batches": \[|, )(?=\{"timeMs": )/g, "$1\n    ");
    byGroup.set(group, [...(byGroup.get(group) ?? []), `  ${broken}`]);
  }
  for (const [group, lines] of byGroup) {
    const text = lines.join(",\n").replaceAll(/ +\n/g, "\n");
    writeFileSync(join(folder, `${group}.json`), `[\n${text}\n]\n`);
  }
}

/** The scripts of direct streams have a Kafka of their own. */
async function makeGroups(work: string, classes: string, groups: readonly string[]): Promise<void> {
  const lines = join(work, "vectors.jsonl");
  const needsKafka = groups.length === 0 || groups.includes("kafkaStreams");
  const kafka = needsKafka ? await startKafka() : null;
  try {
    const main = "org.apache.spark.streaming.vectors.Vectors";
    const properties = kafka === null ? [] : [`vectors.kafka=${kafka.bootstrap}`];
    runOnSpark(classes, main, [lines, ...groups], properties);
  } finally {
    await kafka?.remove();
  }
  write(readFileSync(lines, "utf8"));
}

const ofKafka = /^kafka(?:-|$)/;
const named = process.argv.slice(2);
const names = named.filter((name) => !ofKafka.test(name));
const kafkaNames = named.filter((name) => ofKafka.test(name));
const seeds = names.filter((name) => /^\d+$/.test(name)).map(Number);
const groups = names.filter((name) => name !== "random" && !/^\d+$/.test(name));
const work = mkdtempSync(join(tmpdir(), "vectors-"));
try {
  if (kafkaNames.length > 0) {
    const kafkaGroups = kafkaNames.map((name) => name.replace(ofKafka, ""));
    await makeKafkaVectors(work, kafkaGroups.includes("") ? [] : kafkaGroups);
  }
  if (named.length === 0 || names.length > 0) await makeForSpark();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function makeForSpark(): Promise<void> {
  const classes = compileScala([folder, randomFolder], join(work, "classes"));
  if (seeds.length > 0) {
    // Only this needs our engine: Spark's answers can be made while ours is being changed.
    const { showAnswers } = await import("./random/show-answers.ts");
    showAnswers(work, classes, seeds);
  } else {
    if (names.length === 0 || groups.length > 0) await makeGroups(work, classes, groups);
    if (names.includes("random")) makeAnswers(work, classes);
  }
}
