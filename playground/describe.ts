/** One fact of the trace -> one sentence that says what the step did. */

import type { EventOf, TraceEvent, TraceKind } from "streamscope";
import type { Language } from "./lessons.ts";
import { sentencesEn } from "./text/sentences-en.ts";
import { sentencesZh } from "./text/sentences-zh.ts";

/** A sentence for each kind of fact: a kind without one does not compile. */
export type Sentences = { readonly [K in TraceKind]: (event: EventOf<K>) => string };

export function describe(event: TraceEvent, language: Language): string {
  const sentences = language === "zh" ? sentencesZh : sentencesEn;
  // The table pairs each kind with its own event; the look-up by `event.kind` loses that pairing.
  const sentence = sentences[event.kind] as (event: TraceEvent) => string;
  return sentence(event);
}
