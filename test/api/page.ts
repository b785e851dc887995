// The API page: every public method of Spark's classes with its counterpart here, or why there is
// none. Spark's side is what its own reflection told (../vectors/spark/api.json).
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { absent } from "./absent.ts";
import { type Method, methodsOf, readClasses } from "./source.ts";

interface ApiVector {
  readonly name: string;
  readonly spark: string;
  readonly methods: readonly (readonly [name: string, signature: string])[];
}

/** Where a person finds the methods of a class of Spark's. */
const ours = new Map([
  ["RDD", "RDD"],
  ["PairRDDFunctions", "RDD"],
  ["OrderedRDDFunctions", "RDD"],
  ["DoubleRDDFunctions", "RDD"],
  ["DStream", "DStream"],
  ["PairDStreamFunctions", "DStream"],
  ["StreamingContext", "StreamingContext"],
  ["SparkContext", "SparkContext"],
  ["State", "State"],
  ["StateSpec", "StateSpec"],
  ["Receiver", "Receiver"],
]);

export interface Entry {
  readonly sparkClass: string;
  readonly name: string;
  readonly sparkSignatures: readonly string[];
  readonly method: Method | null;
  readonly reason: string | null;
}

// The generator's own output, in the shape above.
const file = fileURLToPath(new URL("../vectors/spark/api.json", import.meta.url));
const vectors = JSON.parse(readFileSync(file, "utf8")) as ApiVector[];

/** Every method of every class, by Spark's name. */
export function readEntries(): Entry[] {
  const classes = readClasses();
  return vectors.flatMap(({ name, methods }) => {
    const sparkClass = name.replace("api/", "");
    const here = methodsOf(classes, ours.get(sparkClass) ?? "");
    const names = [...new Set(methods.map(([method]) => method))];
    return names.map((method) => ({
      sparkClass,
      name: method,
      sparkSignatures: methods.flatMap(([of, signature]) => (of === method ? [signature] : [])),
      method: here.get(method) ?? null,
      reason: absent.get(`${sparkClass}.${method}`) ?? null,
    }));
  });
}

/** The page as Markdown. */
export function apiPage(): string {
  const entries = readEntries();
  const count = entries.filter(({ method }) => method !== null).length;
  return [
    "# The Spark API, and what of it is here",
    "",
    `Made by \`npm run api\` from the reflection of Spark ${vectors[0]?.spark} and the sources`,
    `beside this file: ${count} of ${entries.length} methods are here. Scala's implicit parameters`,
    "are left out; `Option` arguments are optional arguments.",
    ...[...ours.keys()].flatMap((sparkClass) => [
      "",
      `## ${sparkClass}`,
      "",
      ...entries.filter((entry) => entry.sparkClass === sparkClass).map(line),
    ]),
    "",
  ].join("\n");
}

function line({ name, sparkSignatures, method, reason }: Entry): string {
  const spark = sparkSignatures.map((signature) => `\n  - Spark: \`${signature}\``).join("");
  if (method === null) return `- **${name}**: not here (${reason ?? "missing"})${spark}`;
  const here = method.signatures.map((signature) => `\n  - here: \`${signature}\``).join("");
  return `- **${name}**${method.doc === "" ? "" : `: ${method.doc}`}${here}${spark}`;
}
