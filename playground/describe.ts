/** One fact of the trace -> one sentence that says what the step did. */

import type { ClusterFact, EventOf, TraceEvent, TraceKind } from "streamscope";
import type { BatchName } from "./batch-name.ts";
import type { Language } from "./lessons.ts";
import { sentencesEn } from "./text/sentences-en.ts";
import { sentencesZh } from "./text/sentences-zh.ts";

/** A sentence for each kind of fact: a kind without one does not compile. */
export type Sentences = {
  readonly [K in TraceKind]: (event: EventOf<K>, batch: BatchName) => string;
};

/** Those about the Kafka cluster, its producers and its groups. */
export type ClusterSentences = Pick<Sentences, ClusterFact["kind"]>;

export function describe(event: TraceEvent, language: Language, batch: BatchName): string {
  const sentences = language === "zh" ? sentencesZh : sentencesEn;
  // The table pairs each kind with its own event; the look-up by `event.kind` loses that pairing.
  const sentence = sentences[event.kind] as (event: TraceEvent, batch: BatchName) => string;
  return sentence(event, batch);
}
