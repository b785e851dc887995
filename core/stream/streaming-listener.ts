/** Whom an application can have told what its batches do, and what they are told.
 *  Like Spark: StreamingListener, BatchInfo, OutputOperationInfo (S/scheduler/). */

import { describeThrown, PipelineError } from "../base/errors.ts";

/** One output operation of one batch. Like Spark: OutputOperationInfo. */
export interface OutputOperationInfo {
  readonly batchTime: number;
  /** Counts the jobs of the batch, from 0: outputs that are not due have none. */
  readonly id: number;
  /** `print`, with the line it stands in where it is known. */
  readonly name: string;
  readonly description: string;
  /** Null until it starts, ends, fails. */
  readonly startTime: number | null;
  readonly endTime: number | null;
  readonly failureReason: string | null;
}

/** What one input stream gave to a batch. Like Spark: StreamInputInfo. */
export interface StreamInputInfo {
  readonly inputStreamId: number;
  readonly numRecords: number;
  /** `topic: clicks\tpartition: 0\toffsets: 3 to 8` for a direct stream. */
  readonly description: string | null;
}

/** One batch, as far as it is through. Like Spark: BatchInfo; an Option that is None is null. */
export interface BatchInfo {
  readonly batchTime: number;
  readonly streamIdToInputInfo: ReadonlyMap<number, StreamInputInfo>;
  readonly submissionTime: number;
  readonly processingStartTime: number | null;
  readonly processingEndTime: number | null;
  readonly outputOperationInfos: ReadonlyMap<number, OutputOperationInfo>;
  /** From the submission to the start of the first job. */
  readonly schedulingDelay: number | null;
  /** From the start of the first job to the end of the last. */
  readonly processingDelay: number | null;
  /** Both together. */
  readonly totalDelay: number | null;
  readonly numRecords: number;
}

/** Like Spark: ReceiverInfo. */
export interface ReceiverInfo {
  readonly streamId: number;
  readonly name: string;
  readonly active: boolean;
  readonly location: string;
  readonly executorId: string;
  readonly lastErrorMessage: string;
  readonly lastError: string;
  /** -1 while there was none. */
  readonly lastErrorTime: number;
}

/** What the methods of a listener are given, by their name. */
export interface StreamingListenerEvents {
  readonly onStreamingStarted: { readonly time: number };
  readonly onReceiverStarted: { readonly receiverInfo: ReceiverInfo };
  readonly onReceiverError: { readonly receiverInfo: ReceiverInfo };
  readonly onReceiverStopped: { readonly receiverInfo: ReceiverInfo };
  readonly onBatchSubmitted: { readonly batchInfo: BatchInfo };
  readonly onBatchStarted: { readonly batchInfo: BatchInfo };
  readonly onBatchCompleted: { readonly batchInfo: BatchInfo };
  readonly onOutputOperationStarted: { readonly outputOperationInfo: OutputOperationInfo };
  readonly onOutputOperationCompleted: { readonly outputOperationInfo: OutputOperationInfo };
}

/** Each method may be left out. */
export type StreamingListener = {
  readonly [K in keyof StreamingListenerEvents]?: (event: StreamingListenerEvents[K]) => void;
};

/** Tells every listener, in the order they were added, at the moment of the event. Spark tells them
 *  later, on a thread of its own. */
export class ListenerBus {
  readonly #listeners: StreamingListener[] = [];
  readonly #onThrown: (message: string) => void;
  #isTelling = false;

  constructor(onThrown: (message: string) => void) {
    this.#onThrown = onThrown;
  }

  add(listener: StreamingListener): void {
    this.#listeners.push(listener);
  }

  remove(listener: StreamingListener): void {
    const index = this.#listeners.indexOf(listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }

  /** The event is only made when somebody listens. */
  post<K extends keyof StreamingListenerEvents>(
    method: K,
    event: () => StreamingListenerEvents[K],
  ): void {
    if (this.#listeners.length === 0) return;
    const told = event();
    const outer = this.#isTelling;
    this.#isTelling = true;
    for (const listener of this.#listeners.slice()) {
      try {
        listener[method]?.(told);
      } catch (thrown) {
        this.#onThrown(`Listener threw an exception: ${describeThrown(thrown)}`);
      }
    }
    this.#isTelling = outer;
  }

  /** Throws: PipelineError CONTEXT_STATE, in Spark's words, while a listener is told. */
  requireOutside(): void {
    if (!this.#isTelling) return;
    throw new PipelineError(
      "CONTEXT_STATE",
      "Cannot stop StreamingContext within listener bus thread.",
    );
  }
}
