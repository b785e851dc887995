/** Goal: a fault script is read with errors that help, and printed back to the letter.
 *  Method: lines a person writes; then every kind of fault and milestone with drawn fields, printed
 *  and read again. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type FaultField,
  faults,
  type FaultSpec,
  milestones,
  parseFaults,
  printFault,
  printFaults,
  Run,
  Session,
} from "streamscope";
import { clicksWorld, runningCount } from "../kit/clicks.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

const canonical = [
  "at 5000 for 2000 stop broker 1",
  "at 100 add partitions to clicks: 6",
  "after event 812 crash driver",
  "after output of batch 7 crash driver, back after 500",
  "after output 1 of batch 7 for 300 stop broker 2",
  'after batch 7 is planned crash driver, with spark.executor.cores=2 spark.app.name="a b"',
  "after commit of batch 7 crash driver",
  "after checkpoint of batch 7 tear newest checkpoint",
  "after task 12 starts lose executor 2, worker lost, back after 700",
  "after transaction orders-1 prepares commit stop driver gracefully, back after 0",
  "from 4000 to 6000 slow executor 1 to 25%",
  "from 0 to 0 fill disk of executor 1",
  'at 3 fail tasks on executor 1, 3 times, with "java.io.IOException: \\"disk\\" # 7"',
  "at 9 lose map output 1 of shuffle 0",
];

describe("a fault script", () => {
  it("prints back identically", () => {
    const text = canonical.map((line) => `${line}\n`).join("");
    expect(printFaults(parseFaults(text))).toBe(text);
  });

  it("may have comments, blank lines and blanks, and says durations either way", () => {
    const text = `
      # what goes wrong
      at 3200   stop  broker 2   # for ever

      from 5000 to 7000 stop broker 1
      at 1000 for 500 slow executor 1 to 50 %
    `;
    expect(printFaults(parseFaults(text))).toBe(
      "at 3200 stop broker 2\nat 5000 for 2000 stop broker 1\n" +
        "from 1000 to 1500 slow executor 1 to 50%\n",
    );
  });

  it.each([
    ["at 3200 crsh driver", 1, 9, '"crsh" is not known here; did you mean "crash"?'],
    ["at soon crash driver", 1, 4, '"soon" is not known here; give a whole number'],
    ["\n\n  when 3 crash driver", 3, 3, '"when" is not known here; give "after", "at", "from"'],
    ["at 3200 stop broker", 1, 20, "the line ends here; give the number of a broker"],
    ["at 3200 stop broker one", 1, 21, '"one" is not known here; give the number of a broker'],
    ["at 3200 crash driver back", 1, 22, 'give ",", the end of the line'],
    ["from 5 to 4 fill checkpoint store", 1, 1, "it ends at 4, before it begins at 5"],
    ["at 5 for 6 crash driver", 1, 1, "crash driver happens at one moment"],
    ["after batch 7 is plannd crash driver", 1, 18, "planned or submitted or started or"],
    ["at 1 add partitions to clicks: 1", 1, 32, "a whole number of at least 2"],
  ])("says where it is wrong and what would be right: %j", (text, line, column, message) => {
    const read = (): unknown => parseFaults(text);
    expect(read).toThrow(message);
    expect(read).toThrow(`fault script, line ${line}, column ${column}: `);
    expect(read).toThrow(
      expect.objectContaining({ code: "FAULT_SCRIPT", place: { line, column } }),
    );
  });
});

function valueOf(field: FaultField): fc.Arbitrary<unknown> {
  const word = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/),
    fc.nat(99).map(String),
  );
  switch (field.type) {
    case "whole":
      return fc.integer({ min: field.min, max: field.max ?? field.min + 1_000_000 });
    case "broker":
    case "executor":
      return fc.integer({ min: 1, max: 99 });
    case "topic":
      return fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/);
    case "node":
    case "producer":
    case "consumer":
    case "name":
      return word;
    case "text":
      return fc.string();
    case "choice":
      return fc.constantFrom(...field.choices);
    case "flag":
      return fc.boolean();
    case "settings":
      return fc
        .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][A-Za-z0-9.]{0,6}$/), fc.string()), {
          minLength: 1,
          maxLength: 3,
          selector: ([name]) => name,
        })
        .map((settings) => Object.fromEntries(settings));
  }
}

function valuesOf(fields: Readonly<Record<string, FaultField>>): fc.Arbitrary<object> {
  const drawn = Object.entries(fields).map(([name, field]) =>
    (field.optional === true ? fc.option(valueOf(field)) : valueOf(field)).map((value) =>
      value === null ? [] : [[name, value] as const],
    ),
  );
  return fc.tuple(...drawn).map((entries) => Object.fromEntries(entries.flat()));
}

const times: readonly fc.Arbitrary<object>[] = [
  fc.nat().map((atMs) => ({ atMs })),
  fc.nat().map((afterSeq) => ({ afterSeq })),
  ...milestones.map(({ milestone, fields }) =>
    valuesOf(fields).map((values) => ({ after: { milestone, ...values } })),
  ),
];

describe("every fault", () => {
  it.each(faults.map((fault) => [fault.kind, fault] as const))(
    "%s is read as it was printed, at every kind of time",
    (kind, { fields, shows }) => {
      expect(shows.length).toBeGreaterThan(20);
      for (const time of times) {
        fc.assert(
          fc.property(valuesOf(fields), time, (values, when) => {
            // Made of the descriptions that the type is made of.
            const spec = { kind, ...values, ...when } as unknown as FaultSpec;
            const line = printFault(spec);
            expect(parseFaults(line)).toEqual([spec]);
            expect(printFaults(parseFaults(line))).toBe(`${line}\n`);
          }),
          { numRuns: 5, seed: 7 },
        );
      }
    },
  );

  it("has a phrase with each of its fields, and none of another", () => {
    for (const { kind, phrase, fields } of faults) {
      const named = [...phrase.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name);
      const before = Object.keys(fields).filter((name) => name !== "forMs");
      expect([kind, named.toSorted()]).toEqual([kind, before.toSorted()]);
    }
  });
});

describe("a run", () => {
  const world = { ...clicksWorld };
  const script = "at 1500 for 300 stop broker 1\nafter output of batch 3 crash driver\n";

  it("takes a script as it takes data, and its trace tells the lines", () => {
    const asText = runWorld({ program: runningCount, world: { ...world, faults: script } });
    const asData = runWorld({ program: runningCount, world, faults: parseFaults(script) });
    expect(asText.lines).toEqual(asData.lines);
    const told = eventsOf(asText.events, "fault.injected");
    expect(told.map((event) => event.script).join("\n")).toBe(script.trimEnd());
    expect(told.map((event) => event.fault)).toEqual(["stop broker 1", "crash driver"]);
  });

  it("strikes right after the milestone", () => {
    const { events } = runWorld({ program: runningCount, world, faults: script });
    const written = events.find(
      (event) => event.kind === "output.completed" && event.batchTimeMs === 3000,
    );
    const crash = eventsOf(events, "fault.injected")[1];
    expect(crash?.atMs).toBe(written?.atMs);
    expect(crash?.seq).toBeGreaterThan(written?.seq ?? Infinity);
    expect(eventsOf(events, "checkpoint.written").map(({ seq }) => seq)).not.toContain(
      (crash?.seq ?? 0) - 1,
    );
    expect(events[(crash?.seq ?? 0) + 1]?.kind).toBe("driver.crashed");
  });

  it("can be forked by a line", () => {
    const session = new Session({ program: runningCount, world });
    session.seek(150);
    const forked = session.fork("after event 150 crash driver");
    forked.step("event");
    while (forked.event?.kind !== "fault.injected") forked.step("event");
    expect(forked.event).toMatchObject({ script: "after event 150 crash driver" });
  });

  it.each([
    [
      "at 1 stop broker 3",
      'broker of "stop broker 3" (fault script, line 1) is 3, and the world has only 1',
    ],
    ["at 1 add partitions to clickz: 6", "which the world does not have; did you mean clicks?"],
    ["at 1 add partitions to clicks: 3", "must be a whole number of at least 4, not 3"],
  ])("refuses what its world does not have: %j", (faults, message) => {
    expect(() => new Run({ program: runningCount, world, faults })).toThrow(message);
  });
});
