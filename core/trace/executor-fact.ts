/** Facts about executors and the blocks they keep. */

export type ExecutorFact =
  | {
      readonly kind: "executor.added";
      readonly executor: number;
      readonly cores: number;
      readonly speedPercent: number;
    }
  | {
      readonly kind: "executor.lost";
      readonly executor: number;
      /** Cached blocks and shuffle outputs that went with it. */
      readonly blocksLost: readonly string[];
      readonly shuffleOutputsLost: number;
    }
  | {
      readonly kind: "executor.speedChanged";
      readonly executor: number;
      readonly speedPercent: number;
    }
  | {
      readonly kind: "block.stored";
      /** `rdd_4_1`, as Spark's BlockId prints. */
      readonly block: string;
      readonly executor: number;
      readonly records: number;
      readonly storage: "memory" | "disk";
    }
  | {
      /** It had to leave the memory for another. */
      readonly kind: "block.dropped";
      readonly block: string;
      readonly executor: number;
      /** Null when it is gone. */
      readonly to: "disk" | null;
    }
  | {
      /** The first block of a persisted RDD is about to be stored. */
      readonly kind: "rdd.cached";
      readonly rdd: number;
      /** Its name, or its class. */
      readonly name: string;
      /** The storage level. */
      readonly level: string;
      readonly partitions: number;
    }
  | { readonly kind: "blocks.removed"; readonly rdd: number; readonly blocks: number };
