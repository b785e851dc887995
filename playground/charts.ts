/** The views of the stage, found by file: everything beside `charts/chart.ts` that exports one. */

import type { Chart } from "./charts/chart.ts";

/** The order on the stage: from what comes in, through what is done, to what comes out, and then
 *  how it went; a view not named here comes after these, by file name. */
const order = [
  "kafka",
  "cluster",
  "groups",
  "transactions",
  "sources",
  "lineage",
  "windows",
  "state",
  "output",
  "timeline",
  "executors",
  "checkpoint",
];

const modules = import.meta.glob<{ readonly chart?: Chart }>("./charts/*.ts", { eager: true });

export const charts: readonly Chart[] = Object.keys(modules)
  .toSorted()
  .flatMap((path) => modules[path]?.chart ?? [])
  .toSorted((a, b) => rank(a) - rank(b));

/** Styles the drawings bring with them. */
export const chartStyles: readonly string[] = Object.values(
  import.meta.glob<string>("./charts/*.css", { query: "?inline", import: "default", eager: true }),
);

function rank({ id }: Chart): number {
  const at = order.indexOf(id);
  return at === -1 ? order.length : at;
}
