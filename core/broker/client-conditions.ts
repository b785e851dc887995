/** What is wrong with clients, by name: with what they send, with what comes back, and with what
 *  they are told. */

import type { ClientControls } from "./cluster-controls.ts";

export class ClientConditions implements ClientControls {
  readonly #lostReplies = new Map<string, number>();
  readonly #broken = new Map<string, number>();
  readonly #duplicates = new Map<string, number>();

  dropReplies(client: string, count: number): void {
    more(this.#lostReplies, client, count);
  }

  breakConnections(client: string, count: number): void {
    more(this.#broken, client, count);
  }

  duplicateRequests(client: string, count: number): void {
    more(this.#duplicates, client, count);
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
