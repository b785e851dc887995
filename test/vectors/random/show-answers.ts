// Runs random programs on Spark and here, and shows both.
import { describe } from "./describe.ts";
import { programOf } from "./generate.ts";
import { askSpark } from "./make-answers.ts";
import { answerHere } from "./on-our-engine.ts";
import { toText } from "./program.ts";

/** Shows programs with Spark's answer to each batch, and ours where it is another. */
export function showAnswers(work: string, classes: string, seeds: readonly number[]): void {
  const programs = seeds.map(programOf);
  const answers = askSpark(work, classes, programs);
  for (const [index, program] of programs.entries()) {
    console.log(describe(program));
    const ours = answerHere(program);
    for (const [at, batch] of (answers[index]?.batches ?? []).entries()) {
      const [theirs, here] = [toText(batch), toText(ours[at])];
      console.log(theirs === here ? `both:  ${theirs}` : `Spark: ${theirs}\nours:  ${here}`);
    }
  }
}
