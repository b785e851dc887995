/** A stream of RDDs, one per batch, and the operations on it. Names and argument order are those of
 *  Spark's Scala API. Like Spark: DStream and PairDStreamFunctions.
 *
 *  The methods are in the classes this one extends, each a layer: what every stream can do
 *  (`dstream-base`), counts and reductions (`reduced-dstream`), pairs (`pair-dstream`), joins
 *  (`joined-dstream`) and state (`stateful-dstream`). They all give DStreams, and know the class
 *  only as a type. */

import type { StreamNode } from "../stream/node.ts";
import { StatefulDStream } from "./stateful-dstream.ts";

export class DStream<T> extends StatefulDStream<T> {
  protected derive<U>(node: StreamNode<U>): DStream<U> {
    return new DStream(node);
  }
}
