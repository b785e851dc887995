/** When members of a group are given up. A member has one timer that is set again as it rings,
 *  however often the member is heard of. Like Kafka: DelayedHeartbeat. */

import { assert } from "../base/assert.ts";
import type { Runtime } from "../sim/runtime.ts";
import type { Group, Member } from "./group.ts";

export class MemberTimers {
  readonly #runtime: Runtime;
  readonly #group: Group;
  readonly #giveUp: (member: Member) => void;

  constructor(runtime: Runtime, group: Group, giveUp: (member: Member) => void) {
    this.#runtime = runtime;
    this.#group = group;
    this.#giveUp = giveUp;
  }

  /** It is given up unless it is heard of within this time. */
  expect(member: Member, withinMs: number): void {
    const dueMs = this.#runtime.now() + withinMs;
    member.deadlineMs = dueMs;
    if (member.timerMs === null || member.timerMs > dueMs) this.#set(member, dueMs);
  }

  #set(member: Member, dueMs: number): void {
    member.timerMs = dueMs;
    this.#runtime.schedule(dueMs - this.#runtime.now(), () => this.#ring(member, dueMs));
  }

  #ring(member: Member, dueMs: number): void {
    const { state, members } = this.#group;
    if (state === "Dead" || members.get(member.member) !== member) return;
    if (member.timerMs !== dueMs) return;
    member.timerMs = null;
    const { deadlineMs } = member;
    if (deadlineMs === null) return;
    if (deadlineMs > dueMs) {
      this.#set(member, deadlineMs);
      return;
    }
    assert(deadlineMs === dueMs, "a timer must ring before its deadline", { deadlineMs, dueMs });
    member.deadlineMs = null;
    // Who waits for the group is not expected to say anything, unless it came only just now.
    const isWaiting = member.joining !== null || member.syncing !== null;
    if (member.isNew || !isWaiting) this.#giveUp(member);
  }

  /** An id that was given out is forgotten unless it joins within this time. */
  expectPending(id: string, withinMs: number, onForgotten: () => void): void {
    const { pending } = this.#group;
    const dueMs = this.#runtime.now() + withinMs;
    pending.set(id, dueMs);
    this.#runtime.schedule(withinMs, () => {
      if (this.#group.state === "Dead" || pending.get(id) !== dueMs) return;
      pending.delete(id);
      onForgotten();
    });
  }
}
