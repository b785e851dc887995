/** A whole run with everything it said. */

import {
  type BatchOutput,
  Run,
  type RunOptions,
  type TraceEvent,
  type TraceKind,
} from "streamscope";

export interface WorldRun {
  readonly run: Run;
  readonly events: readonly TraceEvent[];
  readonly lines: readonly string[];
  readonly outputs: readonly BatchOutput[];
}

export function runWorld(options: RunOptions): WorldRun {
  const events: TraceEvent[] = [];
  const lines: string[] = [];
  const outputs: BatchOutput[] = [];
  const run = new Run({
    ...options,
    onOutput: (output) => {
      outputs.push(output);
      options.onOutput?.(output);
    },
  });
  run.trace.listen((event, line) => {
    events.push(event);
    lines.push(line);
  });
  run.runToEnd();
  return { run, events, lines, outputs };
}

/** The events of one kind, in order. */
export function eventsOf<K extends TraceKind>(
  events: readonly TraceEvent[],
  kind: K,
): Extract<TraceEvent, { readonly kind: K }>[] {
  return events.filter(
    (event): event is Extract<TraceEvent, { readonly kind: K }> => event.kind === kind,
  );
}
