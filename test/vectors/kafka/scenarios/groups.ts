// Every scenario there is, by the file its vectors go to: a new file of scenarios is added here.
import { assignors } from "./assignors.ts";
import { consumerGroups } from "./consumer-groups.ts";
import { idempotence } from "./idempotence.ts";
import { offsets } from "./offsets.ts";
import { partitioning } from "./partitioning.ts";
import { topics } from "./topics.ts";
import { transactions } from "./transactions.ts";
import { replication } from "./replication.ts";
import { settings } from "./settings.ts";
import type { Scenario } from "./scenario.ts";

export const groups: ReadonlyMap<string, readonly Scenario[]> = new Map<
  string,
  readonly Scenario[]
>([
  ["assignors", assignors],
  ["partitioning", partitioning],
  ["offsets", offsets],
  ["idempotence", idempotence],
  ["transactions", transactions],
  ["groups", consumerGroups],
  ["topics", topics],
  ["replication", replication],
  ["settings", settings],
]);
