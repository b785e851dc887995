// Draws a program from a seed. A program of a seed stays what it is only as long as nothing here
// changes: the answers say which generator they belong to (answers.ts).
import { randomStream } from "../../../core/base/random.ts";
import { Draft } from "./draft.ts";
import { draws } from "./operators.ts";
import type { Datum, Input, Look, RandomProgram, Step } from "./program.ts";
import { pairOf, scalar, type Shape } from "./shape.ts";

interface InputKind {
  readonly shape: Shape;
  readonly record: (draft: Draft) => Datum;
}

const words = ["to", "be", "or", "not", "a", "it", "", "nine", "Spark", "zebra", "BB", "Aa"];

const drawWord = (draft: Draft): Datum => draft.oneOf(words);
const drawNumber = (draft: Draft): Datum => draft.between(-9, 30);
const drawHalf = (draft: Draft): Datum => draft.between(-4, 9) + draft.oneOf([0.5, 0.25]);

const inputKinds: readonly InputKind[] = [
  { shape: scalar, record: drawWord },
  { shape: scalar, record: drawNumber },
  { shape: scalar, record: drawHalf },
  // Skewed: most records are the same.
  { shape: scalar, record: (draft) => (draft.random.ratio(3, 4) ? "hot" : drawWord(draft)) },
  { shape: scalar, record: (draft) => draft.between(-2147483648, 2147483647) },
  { shape: pairOf(scalar, scalar), record: (draft) => [drawWord(draft), drawNumber(draft)] },
  { shape: pairOf(scalar, scalar), record: (draft) => [draft.between(0, 6), drawWord(draft)] },
  {
    shape: pairOf(scalar, scalar),
    record: (draft) => [draft.random.ratio(1, 4) ? null : drawHalf(draft), drawNumber(draft)],
  },
  {
    shape: pairOf(pairOf(scalar, scalar), scalar),
    record: (draft) => [[draft.between(0, 2), drawWord(draft)], drawNumber(draft)],
  },
  {
    shape: scalar,
    record: (draft) => draft.oneOf([drawWord, drawNumber, drawHalf, () => null])(draft),
  },
];

function drawInput(draft: Draft, batches: number): Input {
  const kind = draft.oneOf(inputKinds);
  const most = draft.oneOf([4, 8, 12]);
  const isPair = kind.shape.pair !== undefined;
  draft.streams.push({ shape: isPair ? kind.shape : scalar, slide: 1, most });
  return {
    slices: draft.between(1, 4),
    batches: Array.from({ length: batches }, () => {
      if (draft.random.ratio(1, 12)) return null;
      const length = draft.random.ratio(1, 6) ? 0 : draft.between(1, most);
      return Array.from({ length }, () => kind.record(draft));
    }),
  };
}

function drawLook(draft: Draft, stream: number): Look {
  const actions: readonly Omit<Look, "stream">[] = [
    { how: "count" },
    { how: "isEmpty" },
    { how: "collect" },
    { how: "take", n: draft.between(0, 5) },
    { how: "takeOrdered", n: draft.between(1, 4) },
    { how: "top", n: draft.between(1, 4) },
    // Spark merges the partitions' results as its tasks end, in any order.
    { how: "reduce", f: "add" },
    { how: "fold", f: "add" },
  ];
  return { stream, ...draft.oneOf(actions) };
}

/** The last stream whole, streams that nothing is made of, and at times another way to look. */
function drawLooks(draft: Draft, inputs: number): Look[] {
  const last = draft.streams.length - 1;
  const used = new Set(draft.steps.flatMap((step) => step.of));
  const loose = [...draft.streams.keys()]
    .filter((stream) => stream >= inputs && stream < last && !used.has(stream))
    .slice(-2);
  const looks: Look[] = [...loose, last].map((stream) => ({ stream, how: "partitions" }));
  const printable = draft.stream(last).shape.printable;
  if (printable && draft.random.ratio(1, 3)) {
    looks.push({ stream: last, how: "print", n: draft.oneOf([10, 10, 2]) });
  }
  if (draft.random.ratio(1, 3)) looks.push(drawLook(draft, draft.random.below(last + 1)));
  return looks;
}

const needing = new Set([
  "updateStateByKey",
  "mapWithState",
  "checkpoint",
  "countByWindow",
  "countByValueAndWindow",
]);

function needsCheckpoints({ op, inverse }: Step): boolean {
  return inverse !== undefined || needing.has(op);
}

/** The program of a seed: always the same. */
export function programOf(seed: number): RandomProgram {
  const draft = new Draft(randomStream(seed, "program"));
  const batches = draft.between(4, 10);
  const inputs = Array.from({ length: draft.oneOf([1, 1, 2, 3]) }, () => drawInput(draft, batches));
  const steps = inputs.length + draft.between(2, 8);
  for (let tries = 0; tries < 40 && draft.streams.length < steps; tries += 1) {
    draft.oneOf(draws)(draft, draft.recent());
  }
  return {
    seed,
    parallelism: draft.between(1, 4),
    batches,
    checkpoints: draft.steps.some(needsCheckpoints),
    inputs,
    steps: draft.steps,
    looks: drawLooks(draft, inputs.length),
  };
}
