/** What is wrong with clients, by name: with what they send, with what comes back, and with what
 *  they are told. */

import { ConditionsBy, type Release } from "../base/conditions.ts";
import { batchBytes, ClientQuota, quotaWindowBytes } from "./client-quota.ts";
import type { KafkaReply, KafkaRequest } from "./admin-request.ts";
import type { ClientControls } from "./cluster-controls.ts";

export class ClientConditions implements ClientControls {
  readonly #lostReplies = new Map<string, number>();
  readonly #broken = new Map<string, number>();
  readonly #duplicates = new Map<string, number>();
  readonly #overtaken = new Map<string, number>();
  readonly #delays = new Map<string, number[]>();
  readonly #quotas = new ConditionsBy<string, number>();
  readonly #oldMetadata = new ConditionsBy<string, null>();
  /** What was sent and fetched, by client, broker and way. */
  readonly #rates = new Map<string, ClientQuota>();

  dropReplies(client: string, count: number): void {
    more(this.#lostReplies, client, count);
  }

  breakConnections(client: string, count: number): void {
    more(this.#broken, client, count);
  }

  duplicateRequests(client: string, count: number): void {
    more(this.#duplicates, client, count);
  }

  delayRequests(client: string, count: number, byMs: number): void {
    const delays = this.#delays.get(client) ?? [];
    this.#delays.set(client, delays);
    for (let n = 0; n < count; n += 1) delays.push(byMs);
  }

  reorderRequests(client: string, count: number): void {
    more(this.#overtaken, client, count);
  }

  throttle(client: string, bytesPerSecond: number): Release {
    return this.#quotas.hold(client, bytesPerSecond);
  }

  holdMetadata(client: string): Release {
    return this.#oldMetadata.hold(client, null);
  }

  // What a client asks of each request; what is counted is then one less.

  losesReply(client: string): boolean {
    return takeOne(this.#lostReplies, client);
  }

  breaksConnection(client: string): boolean {
    return takeOne(this.#broken, client);
  }

  duplicates(client: string): boolean {
    return takeOne(this.#duplicates, client);
  }

  isOvertaken(client: string): boolean {
    return takeOne(this.#overtaken, client);
  }

  /** 0 for none. */
  takeDelayMs(client: string): number {
    return this.#delays.get(client)?.shift() ?? 0;
  }

  /** It is told what it knows already. */
  hasOldMetadata(client: string): boolean {
    return this.#oldMetadata.inForce(client).length > 0;
  }

  // Quotas: the smallest that is in force

  #bytesPerSecond(client: string): number {
    return Math.min(Infinity, ...this.#quotas.inForce(client));
  }

  /** What the broker makes of a request: no more is fetched than the quota allows at once. */
  limited(client: string, request: KafkaRequest): KafkaRequest {
    if (request.kind !== "fetch") return request;
    const maxBytes = quotaWindowBytes(this.#bytesPerSecond(client));
    return maxBytes < request.maxBytes ? { ...request, maxBytes } : request;
  }

  /** A broker answers. Shape: how long the client is not heard then, `throttle_time_ms`, and what
   *  it is told: of a fetch nothing, when it has to wait. */
  throttled(
    of: { readonly client: string; readonly broker: number; readonly nowMs: number },
    request: KafkaRequest,
    answer: KafkaReply,
  ): { readonly throttleMs: number; readonly answer: KafkaReply } {
    const { client, broker, nowMs } = of;
    const bytesPerSecond = this.#bytesPerSecond(client);
    const records =
      request.kind === "produce" ? request.records : answer.kind === "fetch" ? answer.records : [];
    if (bytesPerSecond === Infinity || records.length === 0) return { throttleMs: 0, answer };
    const name = `${client} ${broker} ${request.kind}`;
    const rate = this.#rates.get(name) ?? new ClientQuota();
    this.#rates.set(name, rate);
    const bytes = batchBytes(records);
    const throttleMs = rate.record(bytes, bytesPerSecond, nowMs);
    if (throttleMs === 0 || request.kind !== "fetch" || answer.kind !== "fetch") {
      return { throttleMs, answer };
    }
    rate.unrecord(bytes);
    return { throttleMs, answer: { ...answer, records: [], nextOffset: request.fromOffset } };
  }
}

function more(counts: Map<string, number>, client: string, count: number): void {
  counts.set(client, (counts.get(client) ?? 0) + count);
}

/** True, and one less, while some are left. */
function takeOne(counts: Map<string, number>, client: string): boolean {
  const left = counts.size === 0 ? 0 : (counts.get(client) ?? 0);
  if (left > 0) counts.set(client, left - 1);
  return left > 0;
}
