/** What the producers of a world must be before anything runs in it. */

import { defaultClusterSettings } from "../broker/cluster-settings.ts";
import { type ProducerSettings, readProducerSettings } from "../client/producer-settings.ts";
import type { TransactionPlan } from "../client/transaction-writer.ts";
import {
  bad,
  checkChoice,
  checkClientName,
  checkFields,
  checkFlag,
  checkFunction,
  checkObject,
  checkObjects,
  checkText,
  checkWhole,
  type FieldsOf,
} from "./check-fields.ts";
import { checkKnown } from "./check-topics.ts";
import type { WorkloadSpec, WorldSpec } from "./scenario.ts";

const workloadFields: FieldsOf<WorkloadSpec> = {
  topic: true,
  partitioner: true,
  lingerMs: true,
  name: true,
  producer: true,
  transactions: true,
  continuesAfterError: true,
  records: true,
};

const planFields: FieldsOf<TransactionPlan> = {
  recordsPerTransaction: true,
  everyMs: true,
  abortEvery: true,
};

/** Throws: ScenarioError for the first thing that cannot be. */
export function checkWorkload(world: WorldSpec): void {
  checkObjects("workload", world.workload);
  for (const [index, workload] of (world.workload ?? []).entries()) {
    const { topic, name, producer = {}, transactions, lingerMs } = workload;
    checkText(`topic of workload[${index}]`, topic);
    checkKnown("workload writes to topic", topic, world);
    const of = `the workload of topic ${topic}`;
    checkFields(of, workload, workloadFields);
    if (name !== undefined) checkClientName(`name of ${of}`, name);
    checkChoice(`partitioner of ${of}`, workload.partitioner, ["default", "RoundRobinPartitioner"]);
    checkFlag(`continuesAfterError of ${of}`, workload.continuesAfterError);
    const remedy = "that gives records, such as recordsWorkload makes";
    checkFunction(`records of ${of}`, workload.records, remedy);
    checkObject(`producer of ${of}`, producer);
    if ("lingerMs" in producer) bad(`lingerMs of ${of} belongs beside its producer, not in it`);
    const given = lingerMs === undefined ? producer : { ...producer, lingerMs };
    const settings = readProducerSettings(given, `the producer of topic ${topic}`);
    checkTransactionTimeout(`the producer of topic ${topic}`, settings, world);
    if (transactions !== undefined) checkPlan(of, transactions, settings);
  }
}

/** Like Kafka: TransactionCoordinator.handleInitProducerId, which looks at it first of all. */
function checkTransactionTimeout(
  of: string,
  { transactionalId, transactionTimeoutMs }: ProducerSettings,
  { cluster = {} }: WorldSpec,
): void {
  const { transactionMaxTimeoutMs: most } = { ...defaultClusterSettings, ...cluster };
  if (transactionalId === null) return;
  if (transactionTimeoutMs > 0 && transactionTimeoutMs <= most) return;
  bad(
    "org.apache.kafka.common.errors.InvalidTxnTimeoutException: The transaction timeout is " +
      "larger than the maximum value allowed by the broker (as configured by " +
      `transaction.max.timeout.ms).; transactionTimeoutMs of ${of} is ${transactionTimeoutMs}, ` +
      `give 1 to ${most}, or raise transactionMaxTimeoutMs of the cluster`,
  );
}

function checkPlan(of: string, plan: TransactionPlan, { transactionalId }: ProducerSettings): void {
  const what = `transactions of ${of}`;
  checkObject(what, plan);
  checkFields(what, plan, planFields);
  if (transactionalId === null) {
    bad(`${what} need a name; give producer: { transactionalId: "..." } beside them`);
  }
  checkWhole(`transactions.recordsPerTransaction of ${of}`, plan.recordsPerTransaction, 1);
  checkWhole(`transactions.everyMs of ${of}`, plan.everyMs, 0);
  checkWhole(`transactions.abortEvery of ${of}`, plan.abortEvery, 1);
}
