// What is known of a stream's records while a program is drawn: only what may be used as a key, or
// printed, is used so.

export interface Shape {
  /** Of key and value; undefined for what need not be a pair. */
  readonly pair?: readonly [Shape, Shape];
  /** Equal alike in Scala and here: no sequence, no Long beside an Int. */
  readonly keyable: boolean;
  /** With a text of its own: Java's arrays have an address instead. */
  readonly printable: boolean;
}

export const scalar: Shape = { keyable: true, printable: true };
/** A count, which is a Long in Spark. */
export const long: Shape = { keyable: false, printable: true };

export function pairOf(key: Shape, value: Shape): Shape {
  return {
    pair: [key, value],
    keyable: key.keyable && value.keyable,
    printable: key.printable && value.printable,
  };
}

/** A group of values. */
export function groupOf(shape: Shape): Shape {
  return { keyable: false, printable: shape.printable };
}

/** A record that is one or the other. */
export function either(a: Shape, b: Shape): Shape {
  if (a.pair !== undefined && b.pair !== undefined) {
    return pairOf(either(a.pair[0], b.pair[0]), either(a.pair[1], b.pair[1]));
  }
  return { keyable: a.keyable && b.keyable, printable: a.printable && b.printable };
}

/** Whether it can be grouped by key. */
export function isKeyed(shape: Shape): boolean {
  return shape.pair?.[0].keyable ?? false;
}

/** A value that may be missing. */
function optionOf(shape: Shape): Shape {
  return { keyable: false, printable: shape.printable };
}

/** Operations on two RDDs of pairs, and what they make of two values. */
export const joins: ReadonlyMap<string, (ours: Shape, theirs: Shape) => Shape> = new Map([
  ["join", pairOf],
  ["cogroup", (ours: Shape, theirs: Shape) => pairOf(groupOf(ours), groupOf(theirs))],
  ["leftOuterJoin", (ours: Shape, theirs: Shape) => pairOf(ours, optionOf(theirs))],
  ["rightOuterJoin", (ours: Shape, theirs: Shape) => pairOf(optionOf(ours), theirs)],
  ["fullOuterJoin", (ours: Shape, theirs: Shape) => pairOf(optionOf(ours), optionOf(theirs))],
]);

/** The shape of two streams of pairs side by side. */
export function joinedShape(op: string, left: Shape, right: Shape): Shape {
  const join = joins.get(op);
  if (left.pair === undefined || right.pair === undefined) return either(left, right);
  if (join === undefined) return op === "subtractByKey" ? left : either(left, right);
  return pairOf(either(left.pair[0], right.pair[0]), join(left.pair[1], right.pair[1]));
}

const pairMakers: ReadonlyMap<string, Shape> = new Map([
  ["byMod5", scalar],
  ["byText", scalar],
  ["byHalf", scalar],
  ["byParity", scalar],
  ["byNullable", scalar],
  ["byPair", pairOf(scalar, scalar)],
]);

/** Functions that make a pair of any record of that shape. */
export function pairMakersFor(shape: Shape): readonly string[] {
  return [...pairMakers.keys(), ...(shape.keyable ? ["withOne", "withOne", "twin"] : [])];
}

/** Functions of one record that may be applied to that shape. */
export function unaryFor(shape: Shape): readonly string[] {
  const any = ["same", "measure", "text", "one", "half", "mod3", "isEven", "negate", "nullOdd"];
  if (shape.pair === undefined) return any;
  return [...any, "first", "second", ...(shape.pair[1].keyable ? ["swap", "swap"] : [])];
}

/** The shape of what such a function gives. */
export function afterUnary(f: string, shape: Shape): Shape {
  const key = pairMakers.get(f);
  if (key !== undefined) return pairOf(key, shape);
  switch (f) {
    case "same":
    case "negate":
      return shape;
    case "nullOdd":
      return { keyable: shape.keyable, printable: shape.printable };
    case "withOne":
      return pairOf(shape, scalar);
    case "twin":
      return pairOf(shape, shape);
    case "swap":
      return shape.pair === undefined ? shape : pairOf(shape.pair[1], shape.pair[0]);
    case "first":
      return shape.pair?.[0] ?? shape;
    case "second":
      return shape.pair?.[1] ?? shape;
    default:
      return scalar;
  }
}

/** The shape of what a function of two values leaves: a lone value stays as it is. */
export function afterBinary(f: string, shape: Shape): Shape {
  switch (f) {
    case "max":
    case "min":
    case "left":
    case "right":
      return shape;
    case "both":
      return either(pairOf(scalar, scalar), shape);
    default:
      return either(scalar, shape);
  }
}

/** The shape of what a function of one record expands to. */
export function afterExpanding(f: string, shape: Shape): Shape {
  return f === "repeat" ? shape : scalar;
}

/** The shape of what a function of a whole partition gives. */
export function afterPartition(f: string, shape: Shape): Shape {
  return f === "backwards" || f === "firstOnly" ? shape : scalar;
}
