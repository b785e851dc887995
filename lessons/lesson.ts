/** What a lesson folder holds, by file name:
 *    en.md, zh.md   prose; front matter `title`, `minutes`, `summary`; a line `@cell` pulls the
 *                   code cell in, `@exercise` the exercise, so code is never translated twice
 *    pipeline.ts    the program, default export `(ssc: StreamingContext) => void`
 *    world.ts       `export const world: WorldSpec`
 *    start.ts       where the exercise starts; differs from the solution
 *    solution.ts    one accepted answer
 *    check.ts       `export const check: Check`, which judges the trace, never the text */

import type { TraceEvent } from "streamscope";

/** What a check may look at: the whole trace of a run of the learner's program in the world. */
export interface CheckInput {
  readonly events: readonly TraceEvent[];
  /** Every record of the RDD of each output operation of each batch. */
  readonly outputs: readonly CheckOutput[];
}

export interface CheckOutput {
  readonly timeMs: number;
  readonly output: number;
  readonly operator: string;
  readonly records: readonly unknown[];
}

/** Three values: a check that had nothing to judge says so. */
export type Verdict =
  | { readonly verdict: "pass" }
  | {
      readonly verdict: "fail";
      /** The smallest counter-example, in one sentence of each language. */
      readonly because: { readonly en: string; readonly zh: string };
      /** Where to look. */
      readonly batchTimeMs: number | null;
    }
  | {
      readonly verdict: "not proved";
      readonly because: { readonly en: string; readonly zh: string };
    };

export interface Check {
  /** What is to be done, in one sentence of each language. */
  readonly task: { readonly en: string; readonly zh: string };
  judge(run: CheckInput): Verdict;
}
