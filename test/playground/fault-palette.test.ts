// Goal: whatever fault the engine knows can be used from the palette, with values that make sense,
// and the line it makes is one the engine reads.
// Method: every fault of the engine's table against a world with two brokers and a group.
import { emptySnapshot, faults, milestones, parseFaults } from "streamscope";
import { expect, test } from "vitest";
import {
  type Breakable,
  breakableOf,
  choicesOf,
  defaultsOf,
  lackOf,
  mistakeIn,
  moments,
  paletteGroups,
  partsOf,
  scriptLine,
  settled,
} from "../../playground/fault-palette.ts";
import {
  breakageLine,
  idleLines,
  isSameScript,
  linesKept,
  linesOf,
  readProblem,
  withLine,
  withoutLine,
  worldScript,
} from "../../playground/fault-script.ts";
import { faultWordsOf } from "../../playground/text/fault-words.ts";

const world: Breakable = {
  brokers: 3,
  executors: 2,
  topics: [{ topic: "orders", partitions: 2 }],
  groups: ["billing"],
  clients: ["shop", "billing-1"],
  producers: ["shop"],
  consumers: ["billing-1"],
  transactionalIds: ["copier-1"],
  batch: 4,
};

const everything = paletteGroups.flatMap((group) => group.faults);

test("the palette has every fault of the engine, in the engine's groups", () => {
  expect(everything.map(({ kind }) => kind).toSorted()).toEqual(
    faults.map(({ kind }) => kind).toSorted(),
  );
  expect(paletteGroups.every((group) => group.faults.length > 0)).toBe(true);
});

test.each(everything)("$kind can be used as it stands, now and later", (fault) => {
  const values = defaultsOf(fault, world);
  for (const when of [
    { kind: "now", seq: 41 },
    { kind: "now", seq: -1 },
    { kind: "time", atMs: 3200 },
    { kind: "event", seq: 7 },
  ] as const) {
    const line = scriptLine(fault, values, when);
    expect(parseFaults(line)).toHaveLength(1);
    expect(parseFaults(line)[0]?.kind).toBe(fault.kind);
  }
  expect(scriptLine(fault, values, { kind: "now", seq: 41 })).toMatch(/^after event 41 /);
});

test.each(everything.filter(({ target }) => target === "link"))(
  "$kind begins with two ends that are not the same",
  (fault) => {
    const { a, b } = defaultsOf(fault, world);
    expect([a, b]).toEqual(["1", "2"]);
  },
);

function paletteFault(kind: string) {
  const found = everything.find((fault) => fault.kind === kind);
  if (found === undefined) throw new Error(`no fault ${kind}`);
  return found;
}

test.each([
  ["heatKey", { topic: "orders", key: "", percent: "80" }, "key", "“key” is empty: write one."],
  [
    "heatKey",
    { topic: "orders", key: "hot", percent: "101" },
    "percent",
    "“percent” takes a whole number, 1 to 100.",
  ],
  [
    "stopBroker",
    { broker: "1", forMs: "soon" },
    "forMs",
    "“for ms” takes a whole number, 0 or more.",
  ],
  ["stopBroker", { broker: "1", forMs: "-5" }, "forMs", "takes a whole number, 0 or more."],
  ["stopBroker", { broker: "1", forMs: "1.5" }, "forMs", "takes a whole number, 0 or more."],
  ["crashDriver", { conf: "fast" }, "conf", "“conf” takes settings such as spark.cores.max=2"],
] as const)("a value of %s that cannot be is refused by name: %o", (kind, values, name, text) => {
  const mistake = mistakeIn(paletteFault(kind), values);
  expect(mistake?.name).toBe(name);
  if (mistake === null) return;
  expect(faultWordsOf("en").mistake(mistake)).toContain(text);
  expect(faultWordsOf("zh").mistake(mistake)).toMatch(/\p{Script=Han}/u);
});

test.each(everything)("the values that $kind starts with are no mistake", (fault) => {
  const values = defaultsOf(fault, world);
  expect(mistakeIn(fault, values)).toBe(null);
  expect(settled(fault, values, world)).toEqual(values);
  expect(lackOf(fault, world)).toBe(null);
});

test("a field offers what is there, and a choice that is gone is put right", () => {
  const offered = (kind: string, name: string, values = {}) =>
    choicesOf(name, paletteFault(kind), values, world)?.map(([value]) => value) ?? null;
  expect(offered("stopBroker", "broker")).toEqual(["1", "2", "3"]);
  expect(offered("stopBroker", "forMs")).toBe(null);
  expect(offered("deleteRecords", "partition", { topic: "orders" })).toEqual(["0", "1"]);
  expect(offered("dropLink", "b")).toEqual(
    ["1", "2", "3", "controller", "clients"].concat(world.clients),
  );
  expect(offered("crashCoordinator", "name", { of: "group" })).toEqual(["billing"]);
  expect(offered("crashCoordinator", "name", { of: "transaction" })).toEqual(["copier-1"]);
  const changed = { of: "transaction", name: "billing", forMs: "" };
  expect(settled(paletteFault("crashCoordinator"), changed, world)).toEqual({
    ...changed,
    name: "copier-1",
  });
});

test("what can be broken is known before the first event, and grows with the run", () => {
  const spec = {
    brokers: 3,
    topics: { orders: { partitions: 2 } },
    workload: [{ topic: "orders", producer: { transactionalId: "copier" }, records: () => [] }],
    consumers: [{ group: "billing", topics: ["orders"], count: 2 }],
  };
  const before = breakableOf(spec, emptySnapshot);
  expect(before).toEqual({
    brokers: 3,
    executors: 2,
    topics: [{ topic: "orders", partitions: 2 }],
    groups: ["billing"],
    producers: ["producer"],
    consumers: ["billing-1", "billing-2"],
    clients: ["producer", "billing-1", "billing-2"],
    transactionalIds: ["copier"],
    batch: 1,
  });
  const none = breakableOf({}, emptySnapshot);
  expect(lackOf(paletteFault("deleteTopic"), none)).toBe("topic");
  expect(lackOf(paletteFault("crashConsumer"), none)).toBe("consumer");
  expect(lackOf(paletteFault("crashProducer"), none)).toBe("producer");
  expect(lackOf(paletteFault("stopBroker"), none)).toBe(null);
});

test.each(moments)("a fault can wait for the moment $milestone", (moment) => {
  const [fault] = everything;
  if (fault === undefined) throw new Error("the palette is empty");
  const values = defaultsOf(moment, world);
  const line = scriptLine(fault, defaultsOf(fault, world), { kind: "moment", moment, values });
  expect(parseFaults(line)[0]).toMatchObject({ after: { milestone: moment.milestone } });
  expect(moments).toHaveLength(milestones.length);
});

test("a phrase is words and places, what may be left out among them", () => {
  const lose = everything.find(({ kind }) => kind === "loseExecutor");
  if (lose === undefined) throw new Error("no such fault");
  const parts = partsOf(lose).map((part) => (part.kind === "text" ? part.text : `<${part.name}>`));
  expect(parts.join(" ")).toBe("lose executor <executor> , <exit> , back after <backMs>");
});

test("a value that is none is refused in words, and an optional one may be left out", () => {
  const stop = everything.find(({ kind }) => kind === "stopBroker");
  if (stop === undefined) throw new Error("no such fault");
  const now = { kind: "now", seq: 3 } as const;
  expect(scriptLine(stop, { broker: "2", forMs: "" }, now)).toBe("after event 3 stop broker 2");
  expect(() => scriptLine(stop, { broker: "two", forMs: "" }, now)).toThrow(/fault script/);
});

test("every fault, every field and every moment has Chinese words", () => {
  const zh = faultWordsOf("zh");
  const isChinese = (text: string | null): boolean => /\p{Script=Han}/u.test(text ?? "");
  const missing = everything.filter(
    (fault) => !isChinese(zh.faultOf(fault).name) || !isChinese(zh.faultOf(fault).shows),
  );
  expect(missing.map(({ kind }) => kind)).toEqual([]);
  expect(moments.filter(({ milestone }) => !isChinese(zh.momentOf(milestone)))).toEqual([]);
  const said = new Set(["broker", "executor"]);
  const fields = [...everything, ...moments].flatMap(({ fields: of }) => Object.keys(of));
  expect(fields.filter((name) => !said.has(name) && !isChinese(zh.fieldOf(name)))).toEqual([]);
});

test("a script takes one more line, and gives one back", () => {
  const script = withLine("# first\nat 100 crash driver\n", "at 200 stop broker 1");
  expect(script).toBe("# first\nat 100 crash driver\nat 200 stop broker 1\n");
  expect(linesOf(script)).toEqual([
    { index: 1, text: "at 100 crash driver" },
    { index: 2, text: "at 200 stop broker 1" },
  ]);
  expect(withoutLine(script, 1)).toBe("# first\nat 200 stop broker 1\n");
  expect(withLine("", "at 0 crash driver")).toBe("at 0 crash driver\n");
});

test("a script that cannot be read says where", () => {
  expect(readProblem("at 100 crash driver\nat 200 crush driver")).toMatchObject({
    code: "FAULT_SCRIPT",
    place: { line: 2, column: 8 },
  });
  expect(readProblem(breakageLine({ kind: "crashDriver" }, 5))).toBe(null);
  expect(readProblem(breakageLine({ kind: "stopBroker", broker: 1 }, -1))).toBe(null);
  expect(breakageLine({ kind: "stopBroker", broker: 2 }, 5)).toBe(
    "after event 5 for 2000 stop broker 2",
  );
});

test("the script of a world's faults is its text without indents, or its data as text", () => {
  expect(worldScript()).toBe("");
  expect(worldScript("\n    at 1 crash driver\n    # why\n  ")).toBe("at 1 crash driver\n# why\n");
  expect(worldScript([{ kind: "stopBroker", atMs: 5, broker: 1 }])).toBe("at 5 stop broker 1\n");
});

test("linesKept finds what is left of a script in its order, each line once", () => {
  const before = "at 1 crash driver\nat 2 crash driver\nat 1 crash driver\n";
  const kept = (script: string) => linesKept(script, before).map(({ index }) => index);
  expect(kept(before)).toEqual([0, 1, 2]);
  expect(kept("at 2 crash driver # the second\n\nat 9 crash driver\nat 1 crash driver")).toEqual([
    0, 3,
  ]);
  expect(kept("at 1 crash driver\nat 1 crash driver\nat 1 crash driver")).toEqual([0, 1]);
  expect(kept("")).toEqual([]);
  expect(isSameScript(`${before}\n`, before)).toBe(true);
  expect(isSameScript("", before)).toBe(false);
});

test("idleLines finds what the run tells nothing of, each fault once", () => {
  const script = "at  5 crash driver # early\nat 5 crash driver\n\nfrom 1 to 3 drop link 1-2";
  const idle = (...injected: readonly string[]) =>
    idleLines(script, injected).map(({ index }) => index);
  expect(idle()).toEqual([0, 1, 3]);
  expect(idle("at 5 crash driver")).toEqual([1, 3]);
  expect(idle("from 1 to 3 drop link 1-2", "at 5 crash driver", "at 5 crash driver")).toEqual([]);
});
