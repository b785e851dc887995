/** Consumer groups: who is a member, what each reads, and how far the group has committed. */

import type { GroupSnapshot, MembershipSnapshot, TopicPartition } from "streamscope";
import { formatSeconds } from "../text/words.ts";
import { brokerState, silence } from "./broker-state.ts";
import type { Chart, ChartInput } from "./chart.ts";
import { emptyState, html, partitionColour, partitionGlyph, plural } from "./drawing.ts";

/** One partition of one group, and who reads it. */
export interface AssignmentRow {
  readonly group: string;
  /** Null for one that nobody reads. */
  readonly member: string | null;
  readonly topic: string;
  readonly partition: number;
  /** Null where the group has committed nothing. */
  readonly committed: number | null;
  /** Where the member is; null while it has not polled. */
  readonly position: number | null;
  /** From the committed offset to what may be read; null without a committed one. */
  readonly lag: number | null;
}

const words = {
  en: {
    none: "No group: nobody has joined or committed yet.",
    state: "state",
    generation: (number: number) => `generation ${number}`,
    protocol: (name: string) => `assignor ${name}`,
    coordinator: (broker: number, silent: string | null) =>
      `coordinator: broker ${broker}${silent === null ? "" : `, ${silent}`}`,
    members: (count: number) => plural(count, "member"),
    leader: "★ leader",
    instance: (id: string) => `static: ${id}`,
    idle: "nothing assigned",
    since: (ms: number) => `since ${formatSeconds(ms)}`,
    commitsOnly: "no members: it only commits",
    nobody: "read by nobody",
    committed: (offset: number | null) =>
      offset === null ? "no commit yet" : `committed ${offset}`,
    position: (offset: number | null) => (offset === null ? null : `at ${offset}`),
    lag: (records: number) => `lag ${records}`,
    columns: ["group", "member", "partition", "committed", "position", "lag"],
  },
  zh: {
    none: "没有消费者组：还没有成员加入，也没有提交。",
    state: "状态",
    generation: (number: number) => `第 ${number} 代`,
    protocol: (name: string) => `分配器 ${name}`,
    coordinator: (broker: number, silent: string | null) =>
      `协调者：broker ${broker}${silent === null ? "" : `，${silent}`}`,
    members: (count: number) => `${count} 个成员`,
    leader: "★ 组长",
    instance: (id: string) => `静态：${id}`,
    idle: "没有分到分区",
    since: (ms: number) => `自 ${formatSeconds(ms)} 起`,
    commitsOnly: "没有成员：只提交偏移量",
    nobody: "无人读取",
    committed: (offset: number | null) => (offset === null ? "尚未提交" : `已提交 ${offset}`),
    position: (offset: number | null) => (offset === null ? null : `读到 ${offset}`),
    lag: (records: number) => `积压 ${records}`,
    columns: ["消费者组", "成员", "分区", "已提交", "位置", "积压"],
  },
} as const;

export const chart: Chart<AssignmentRow> = {
  id: "groups",
  title: { en: "Groups", zh: "消费者组" },
  question: {
    en: "Who reads which partition, and how far has the group committed?",
    zh: "谁读哪个分区？组提交到了哪里？",
  },
  about: ["group.changed", "offsets.committed"],
  applies: ({ snapshot }) => snapshot.groups.length > 0,
  rows: assignmentRows,
  draw: (input) => {
    const { groups } = input.snapshot;
    if (groups.length === 0) return emptyState(words[input.language].none);
    const rows = assignmentRows(input);
    return html(
      "div",
      { class: "groups" },
      ...groups.map((group) =>
        drawGroup(
          input,
          group,
          rows.filter((row) => row.group === group.group),
        ),
      ),
    );
  },
  table: (input) => {
    const say = words[input.language];
    return {
      columns: say.columns,
      rows: assignmentRows(input).map((row) => [
        row.group,
        row.member ?? say.nobody,
        `${row.topic}-${row.partition}`,
        row.committed === null ? say.committed(null) : String(row.committed),
        row.position === null ? "" : String(row.position),
        row.lag === null ? "" : String(row.lag),
      ]),
    };
  },
};

/** By group; assigned ones in the order of their members, then what nobody reads. */
function assignmentRows(input: ChartInput): readonly AssignmentRow[] {
  return input.snapshot.groups.flatMap((group) => {
    const members = group.membership?.members ?? [];
    const assigned = members.flatMap(({ member, clientId, partitions }) =>
      partitions.map((of) => rowOf(input, group, { ...of, member, clientId })),
    );
    const left = group.offsets
      .filter((of) => !assigned.some((row) => isSame(row, of)))
      .map((of) => rowOf(input, group, { ...of, member: null, clientId: null }));
    return [...assigned, ...left];
  });
}

function rowOf(
  { snapshot }: ChartInput,
  { group, offsets }: GroupSnapshot,
  of: TopicPartition & { readonly member: string | null; readonly clientId: string | null },
): AssignmentRow {
  const { topic, partition, member, clientId } = of;
  const committed = offsets.find((one) => isSame(one, of))?.offset ?? null;
  const reader = snapshot.readers.find(({ client }) => client === clientId || client === member);
  const log = snapshot.topics.find((one) => one.topic === topic)?.partitions[partition];
  return {
    group,
    member,
    topic,
    partition,
    committed,
    position: reader?.positions.find((one) => isSame(one, of))?.offset ?? null,
    lag:
      committed === null || log === undefined ? null : Math.max(0, log.highWatermark - committed),
  };
}

function isSame(a: TopicPartition, b: TopicPartition): boolean {
  return a.topic === b.topic && a.partition === b.partition;
}

function drawGroup(
  input: ChartInput,
  { group, membership }: GroupSnapshot,
  rows: readonly AssignmentRow[],
): HTMLElement {
  const say = words[input.language];
  const unread = rows.filter(({ member }) => member === null);
  return html(
    "figure",
    { class: "chart-figure group" },
    html(
      "figcaption",
      {},
      html("b", {}, group),
      ...(membership === null ? [html("span", {}, say.commitsOnly)] : drawState(input, membership)),
    ),
    membership === null ? null : html("p", { class: "group-reason" }, `${membership.reason}`),
    html(
      "ul",
      { class: "members" },
      ...(membership?.members ?? []).map((member) =>
        drawMember(
          input,
          { ...member, isLeader: member.member === membership?.leader },
          rows.filter((row) => row.member === member.member),
        ),
      ),
      unread.length === 0
        ? null
        : html(
            "li",
            { class: "member nobody" },
            membership === null ? null : html("b", {}, say.nobody),
            drawAssignments(input, unread),
          ),
    ),
  );
}

function drawState(input: ChartInput, membership: MembershipSnapshot): readonly HTMLElement[] {
  const say = words[input.language];
  const { state, generation, protocol, coordinator, members, changedMs } = membership;
  const isCalm = state === "Stable" || state === "Empty";
  const facts = [
    say.generation(generation),
    say.members(members.length),
    ...(protocol === null ? [] : [say.protocol(protocol)]),
    ...(coordinator < 0
      ? []
      : [
          say.coordinator(
            coordinator,
            silence(brokerState(input.snapshot, coordinator), input.language),
          ),
        ]),
    say.since(changedMs),
  ];
  return [
    html("span", { class: isCalm ? "badge calm" : "badge" }, `${isCalm ? "●" : "◐"} ${state}`),
    html("span", {}, facts.join(" · ")),
  ];
}

type Member = MembershipSnapshot["members"][number] & { readonly isLeader: boolean };

function drawMember(
  input: ChartInput,
  { clientId, member, instance, isLeader }: Member,
  rows: readonly AssignmentRow[],
): HTMLElement {
  const say = words[input.language];
  const marks = [
    ...(isLeader ? [say.leader] : []),
    ...(instance === null ? [] : [say.instance(instance)]),
  ];
  return html(
    "li",
    { class: "member" },
    html(
      "div",
      { class: "member-name" },
      html("b", { title: member }, clientId),
      ...marks.map((mark) => html("small", {}, mark)),
    ),
    rows.length === 0 ? html("span", { class: "idle" }, say.idle) : drawAssignments(input, rows),
  );
}

function drawAssignments(input: ChartInput, rows: readonly AssignmentRow[]): HTMLElement {
  const say = words[input.language];
  return html(
    "ul",
    { class: "assignments" },
    ...rows.map(({ topic, partition, committed, position, lag }) => {
      const at = say.position(position);
      const facts = [say.committed(committed), ...(at === null ? [] : [at])];
      return html(
        "li",
        { style: `--own: ${partitionColour(partition)}` },
        html("b", {}, `${partitionGlyph(partition)} ${topic}-${partition}`),
        html("span", {}, facts.join(" · ")),
        lag === null ? null : html("span", { class: lag > 0 ? "behind" : "" }, say.lag(lag)),
      );
    }),
  );
}
