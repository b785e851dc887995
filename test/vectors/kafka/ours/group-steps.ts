// Requests of the members of groups, on our cluster.
import type { KafkaReplyOf, KafkaRequestOf } from "../../../../core/broker/admin-request.ts";
import { compareStrings } from "../../../../core/base/order.ts";
import type { GroupStep, Step } from "../scenarios/step.ts";
import { type Asking, partitionCalled } from "./asking.ts";
import type { Members } from "./members.ts";
import { type Saw, saw } from "./saw.ts";

type StepOf<K extends GroupStep["op"]> = Extract<GroupStep, { op: K }>;

const nameOf = ({ topic, partition }: { topic: string; partition: number }): string =>
  `${topic}-${partition}`;

export class GroupSteps {
  readonly #asking: Asking;
  readonly #members: Members;

  constructor(asking: Asking, members: Members) {
    this.#asking = asking;
    this.#members = members;
  }

  run(step: GroupStep): (() => Saw) | Saw | null {
    switch (step.op) {
      case "joinGroup":
        return step.protocolType === undefined ? this.#join(step) : null;
      case "syncGroup":
        return step.protocol === undefined && step.protocolType === undefined
          ? this.#sync(step)
          : null;
      case "heartbeat": {
        const request = { kind: step.op, group: step.group, ...this.#members.who(step) };
        return saw(this.#asking.again<"heartbeat">(request).error, {});
      }
      case "leaveGroup": {
        const { member, instance } = this.#members.who(step);
        const request = { kind: step.op, group: step.group, member, instance };
        return saw(this.#asking.again<"leaveGroup">(request).error, {});
      }
      case "commitOffsets":
        return this.#commit(step);
      case "fetchCommitted":
        return this.fetchCommitted(step);
      case "describeGroup":
        return this.#described(step.group);
      case "deleteGroup":
        return null;
    }
  }

  #joinRequest(step: StepOf<"joinGroup">): KafkaRequestOf<"joinGroup"> {
    const { member, instance } = this.#members.who(step);
    return {
      kind: "joinGroup",
      group: step.group,
      member,
      instance,
      clientId: step.member,
      sessionTimeoutMs: step.sessionTimeoutMs ?? 60_000,
      rebalanceTimeoutMs: step.rebalanceTimeoutMs ?? 60_000,
      protocols: step.protocols ?? ["range"],
      subscription: {
        topics: step.topics,
        ownedPartitions: (step.owned ?? []).map(partitionCalled),
        generation: -1,
        lastAssignment: null,
      },
    };
  }

  /** Who is given an id joins again with it. */
  #join(step: StepOf<"joinGroup">): () => Saw {
    const first = this.#asking.start<"joinGroup">(this.#joinRequest(step), step.member);
    const isAnswered = (): boolean => first.reply !== null;
    this.#asking.pass(10);
    let box = first;
    const joinsAgain = (reply: KafkaReplyOf<"joinGroup">): boolean =>
      reply.error === "MEMBER_ID_REQUIRED" && step.once !== true;
    if (isAnswered() && first.reply !== null && first.reply.member !== "") {
      this.#members.put(step.member, first.reply.member);
      if (joinsAgain(first.reply)) {
        box = this.#asking.start<"joinGroup">(this.#joinRequest(step), step.member);
      }
    }
    return () => {
      this.#asking.until(() => box.reply !== null, "a reply to joinGroup");
      if (box.reply === null) throw new Error("there is a reply");
      return this.#joined(step.member, box.reply);
    };
  }

  #joined(name: string, reply: KafkaReplyOf<"joinGroup">): Saw {
    if (reply.member !== "") this.#members.put(name, reply.member);
    if (reply.error !== null) return { error: reply.error };
    this.#members.joined(name, reply.generation);
    return {
      generation: reply.generation,
      protocol: reply.protocol,
      leader: this.#members.nameOf(reply.leader),
      ...(reply.skipsAssignment ? { skipsAssignment: true } : {}),
      members: reply.members.map(({ member }) => this.#members.nameOf(member)).sort(compareStrings),
    };
  }

  #sync(step: StepOf<"syncGroup">): () => Saw {
    const box = this.#asking.start<"syncGroup">(
      {
        kind: "syncGroup",
        group: step.group,
        ...this.#members.who(step),
        assignments: Object.entries(step.assignments ?? {}).map(([member, names]) => ({
          member: this.#members.idOf(member),
          partitions: names.map(partitionCalled),
        })),
      },
      step.member,
    );
    return () => {
      this.#asking.until(() => box.reply !== null, "a reply to syncGroup");
      const { error = null, partitions = [] } = box.reply ?? {};
      return saw(error, { partitions: partitions.map(nameOf).sort(compareStrings) });
    };
  }

  /** Each partition by itself: a broker of ours answers for all at once. */
  #commit(step: StepOf<"commitOffsets">): Saw {
    const from =
      "member" in step
        ? this.#members.who(step)
        : { member: "", generation: step.generation ?? -1, instance: null };
    const seen = Object.entries(step.offsets).map(([name, offset]) => {
      const offsets = [{ ...partitionCalled(name), offset }];
      const request = { kind: step.op, group: step.group, offsets, from };
      return [name, this.#asking.again<"commitOffsets">(request).error ?? "NONE"];
    });
    return Object.fromEntries(seen) as Saw;
  }

  fetchCommitted(step: StepOf<"fetchCommitted">): Saw {
    const seen = step.partitions.map((name) => {
      const { error, offsets } = this.#asking.again<"fetchCommitted">({
        kind: "fetchCommitted",
        group: step.group,
        requireStable: step.requireStable ?? false,
        partitions: [partitionCalled(name)],
      });
      return [name, error ?? offsets[0]?.offset ?? null];
    });
    return Object.fromEntries(seen) as Saw;
  }

  /** No client of ours asks; the trace tells, once there is a member. */
  #described(group: string): Saw | null {
    const event = this.#asking.lastEvent("group.changed", (one) => one.group === group);
    if (event === undefined) return null;
    const { state, protocol, members } = event;
    const names = members.map(({ member }) => this.#members.nameOf(member)).sort(compareStrings);
    const isAgreed = state === "Stable" && protocol !== null;
    return { state, ...(isAgreed ? { protocol } : {}), members: names };
  }

  awaitGroup({ group, state, members }: Extract<Step, { op: "awaitGroup" }>): void {
    this.#asking.until(
      () => {
        const seen = this.#described(group) ?? {};
        const count = Array.isArray(seen["members"]) ? seen["members"].length : 0;
        return seen["state"] === state && (members === undefined || members === count);
      },
      `${state} of ${members ?? "any"} members`,
    );
  }
}
