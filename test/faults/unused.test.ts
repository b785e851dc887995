/** Goal: a fault that never struck is told when the run is over, and why; one that did is not.
 *  Method: scripts whose moments never come, or find nothing to strike. */

import { expect, it } from "vitest";
import { describeEvent } from "streamscope";
import { clicksWorld, runningCount } from "../kit/clicks.ts";
import { eventsOf, runWorld } from "../kit/run-world.ts";

it.each([
  ["after output of batch 999 crash driver", "its moment never came"],
  ["at 900000000 for 5 stop broker 1", "its moment never came"],
  ["after event 99999999 lose executor 1", "its moment never came"],
  ["after group nobody is stable crash driver", "its moment never came"],
])("says that a fault never struck: %j", (script, reason) => {
  const { events } = runWorld({ program: runningCount, world: clicksWorld, faults: script });
  expect(eventsOf(events, "fault.injected")).toEqual([]);
  expect(eventsOf(events, "fault.unused")).toMatchObject([{ script, reason }]);
  expect(events.at(-1)?.kind).toBe("run.ended");
});

it.each(["at 2500 lose map output 7 of shuffle 99", "at 2500 for 500 stall consumer readers-1"])(
  "says that a fault found nothing to strike: %j",
  (script) => {
    const consumers = [{ group: "readers", topics: ["clicks"], startMs: 9000 }];
    const world = { ...clicksWorld, consumers };
    const { events } = runWorld({ program: runningCount, world, faults: script });
    expect(eventsOf(events, "fault.injected")).toEqual([]);
    const [unused] = eventsOf(events, "fault.unused");
    expect(unused?.reason).toBe("there was nothing to strike");
  },
);

it("says so of one that found nothing to strike, and of no other", () => {
  const script = "at 2000 crash driver, back after 3000\nat 3000 crash driver\n";
  const { events } = runWorld({ program: runningCount, world: clicksWorld, faults: script });
  expect(eventsOf(events, "fault.injected").map(({ atMs }) => atMs)).toEqual([2000]);
  const [unused, ...more] = eventsOf(events, "fault.unused");
  expect(more).toEqual([]);
  expect(unused === undefined ? "" : describeEvent(unused)).toMatch(
    /at 3000 crash driver: there was nothing to strike$/,
  );
});
