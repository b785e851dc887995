// Every program of keyed RDDs, as RddPairs.scala names them.
import type { RddPrograms } from "./given.ts";
import { rddOrdered } from "./rdd-ordered.ts";
import { rddOrderedPlaces } from "./rdd-ordered-places.ts";
import { rddPairAggregate } from "./rdd-pair-aggregate.ts";
import { rddPairColocated } from "./rdd-pair-colocated.ts";
import { rddPairCombine } from "./rdd-pair-combine.ts";
import { rddPairJoin } from "./rdd-pair-join.ts";
import { rddPairPlace } from "./rdd-pair-place.ts";
import { rddPairSample } from "./rdd-pair-sample.ts";

export const rddKeyed: RddPrograms = [
  ...rddOrdered,
  ...rddOrderedPlaces,
  ...rddPairAggregate,
  ...rddPairColocated,
  ...rddPairCombine,
  ...rddPairJoin,
  ...rddPairPlace,
  ...rddPairSample,
];
