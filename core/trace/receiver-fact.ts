/** What the engine says about receivers and the blocks they store. */

export type ReceiverFact =
  | {
      readonly kind: "receiver.started";
      /** Its stream's number among the inputs. */
      readonly stream: number;
      /** Its class: `SocketReceiver`. */
      readonly receiver: string;
      readonly executor: number;
    }
  | {
      readonly kind: "receiver.stopped" | "receiver.error";
      readonly stream: number;
      readonly message: string;
      readonly error: string | null;
    }
  | { readonly kind: "receiver.rateUpdated"; readonly stream: number; readonly rate: number }
  | {
      readonly kind: "receiver.blockStored";
      readonly stream: number;
      /** `input-0-1000`, as Spark's BlockId prints. */
      readonly block: string;
      /** The executors that hold it. */
      readonly executors: readonly number[];
      readonly records: number;
      /** Where the write-ahead log keeps its records; null without one. */
      readonly logFile: string | null;
    }
  | {
      readonly kind: "receiver.blocksAllocated";
      readonly batchTimeMs: number;
      /** False when an earlier driver had allocated them. */
      readonly isNew: boolean;
      readonly blocks: readonly {
        readonly stream: number;
        readonly block: string;
        readonly records: number;
      }[];
    }
  | {
      /** A batch lacks blocks that were allocated to it. */
      readonly kind: "receiver.blocksLost";
      readonly stream: number;
      readonly batchTimeMs: number;
      readonly blocks: readonly string[];
    }
  | {
      readonly kind: "receiver.blocksRemoved";
      readonly batchTimeMs: number;
      readonly blocks: number;
    };
