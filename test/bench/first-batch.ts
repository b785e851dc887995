/** A tiny word count, for how long a process takes from its start to its first batch. */

import { measure } from "./counts.ts";

measure({ partitions: 2, lines: 10, warmUp: 0, batches: 1, rounds: 1 });
