// The programs of RDDs of any records and of numbers, together.
import type { RddPrograms } from "./given.ts";
import { rddActions } from "./rdd-actions.ts";
import { rddDistinctCounts } from "./rdd-distinct-counts.ts";
import { rddDoubles } from "./rdd-doubles.ts";
import { rddElements } from "./rdd-elements.ts";
import { rddFailures } from "./rdd-failures.ts";
import { rddSampling } from "./rdd-sampling.ts";
import { rddSets } from "./rdd-sets.ts";

export const rddPlain: RddPrograms = [
  rddActions,
  rddDistinctCounts,
  rddDoubles,
  rddElements,
  rddFailures,
  rddSampling,
  rddSets,
].flat();
