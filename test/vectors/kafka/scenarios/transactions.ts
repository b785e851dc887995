// Transactions as a leader and a coordinator see them, request by request, and as applications do
// with Kafka's own clients.
import type { StepsScenario } from "./scenario.ts";
import { transactionClients } from "./transaction-clients.ts";
import { transactionOffsets } from "./transaction-offsets.ts";
import { transactionRequests } from "./transaction-requests.ts";
import { transactionWatermarks } from "./transaction-watermarks.ts";

export const transactions: readonly StepsScenario[] = [
  ...transactionWatermarks,
  ...transactionRequests,
  ...transactionOffsets,
  ...transactionClients,
].map(([title, ...steps]) => ({
  name: `transactions/${title}`,
  kind: "steps",
  cluster: { brokers: 1 },
  steps,
}));
