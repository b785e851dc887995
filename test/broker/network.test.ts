// Goal: holds on links add up, each ends by itself, and order is kept whatever changes meanwhile.
// Method: a network alone, messages that note when they arrive, and the facts it tells.
import { describe, expect, test } from "vitest";
import type { LinkState } from "../../core/broker/cluster-controls.ts";
import { Network } from "../../core/broker/network.ts";
import { Simulation } from "../../core/sim/simulation.ts";
import { describeEvent } from "../../core/trace/text.ts";
import { Trace } from "../../core/trace/trace.ts";
import { ClusterKit } from "./cluster-kit.ts";

const cut: LinkState = { state: "cut" };
const slow = (latencyMs: number): LinkState => ({ state: "slow", latencyMs });
const lossy = (lossPercent: number): LinkState => ({ state: "lossy", lossPercent });

class Wires {
  readonly told: string[] = [];
  readonly arrived: string[] = [];
  readonly #simulation: Simulation;
  readonly network: Network;

  constructor(seed = 1) {
    const trace = new Trace();
    trace.listen((event) => this.told.push(describeEvent(event)));
    this.#simulation = new Simulation({ seed, trace });
    this.network = new Network(this.#simulation);
  }

  at(atMs: number, action: () => void): void {
    this.#simulation.schedule(atMs, action);
  }

  /** A message of 1 ms, which notes its name and when it arrived. */
  send(from: string, to: string, name: string): void {
    this.network.send(from, to, 1, () => {
      this.arrived.push(`${name} ${this.#simulation.now()}`);
    });
  }

  run(): void {
    while (this.#simulation.nextAtMs !== null) this.#simulation.step();
  }
}

describe("holds", () => {
  test("on all clients and on one of them add up, whichever comes first", () => {
    const wires = new Wires();
    let releaseOne = (): void => {};
    let releaseAll = (): void => {};
    wires.at(1_000, () => {
      releaseOne = wires.network.hold("1", "producer", cut);
    });
    wires.at(1_100, () => releaseOne());
    wires.at(1_200, () => wires.send("producer", "1", "whole again"));
    wires.at(3_000, () => {
      releaseAll = wires.network.hold("1", "clients", cut);
    });
    wires.at(3_100, () => wires.send("producer", "1", "held"));
    wires.at(3_200, () => wires.send("producer", "2", "elsewhere"));
    wires.at(3_300, () => wires.send("1", "2", "between brokers"));
    wires.at(9_000, () => releaseAll());
    wires.run();
    expect(wires.arrived).toEqual([
      "whole again 1201",
      "elsewhere 3201",
      "between brokers 3301",
      "held 9001",
    ]);
  });

  test("of the same kind end one by one, and a release counts once", () => {
    const wires = new Wires();
    const first = wires.network.hold("1", "2", cut);
    const second = wires.network.hold("2", "1", cut);
    first();
    first();
    expect(wires.network.isCut("1", "2")).toBe(true);
    second();
    expect(wires.network.isCut("1", "2")).toBe(false);
  });

  test("given the same state twice are two", () => {
    const wires = new Wires();
    const first = wires.network.hold("1", "2", cut);
    wires.network.hold("1", "2", cut);
    first();
    expect(wires.network.isCut("2", "1")).toBe(true);
  });

  test("of several kinds: a cut counts, then loss; of delays the longest, and of losses", () => {
    const wires = new Wires();
    const releases = [slow(10), slow(40), lossy(5), lossy(20), cut].map((state) =>
      wires.network.hold("1", "2", state),
    );
    for (const release of releases.toReversed()) release();
    expect(wires.told.map((line) => line.replace(/^0 {2}link\.changed {2}/u, ""))).toEqual([
      "1 - 2 slow, 10 ms",
      "1 - 2 slow, 40 ms",
      "1 - 2 loses 5%, 40 ms",
      "1 - 2 loses 20%, 40 ms",
      "1 - 2 cut",
      "1 - 2 loses 20%, 40 ms",
      "1 - 2 loses 5%, 40 ms",
      "1 - 2 slow, 40 ms",
      "1 - 2 slow, 10 ms",
      "1 - 2 up",
    ]);
  });

  test("are told of each pair that holds are on, as what it comes to", () => {
    const wires = new Wires();
    const releaseOne = wires.network.hold("1", "producer", slow(30));
    const releaseAll = wires.network.hold("1", "clients", cut);
    releaseOne();
    releaseAll();
    expect(wires.told.map((line) => line.replace(/^0 {2}link\.changed {2}/u, ""))).toEqual([
      "1 - producer slow, 30 ms",
      "1 - producer cut",
      "1 - clients cut",
      "1 - producer up",
      "1 - clients up",
    ]);
  });
});

describe("order", () => {
  test("what is sent later never arrives earlier, over every change of state", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const wires = new Wires(seed);
      const states = [slow(70), cut, lossy(15), slow(5), cut];
      for (const [index, state] of states.entries()) {
        const pair = index % 2 === 0 ? "clients" : "producer";
        let release = (): void => {};
        wires.at(100 + index * 90, () => {
          release = wires.network.hold("1", pair, state);
        });
        wires.at(100 + index * 90 + 130, () => release());
      }
      const sent = Array.from({ length: 900 }, (_, n) => n);
      for (const n of sent) wires.at(n, () => wires.send("producer", "1", String(n)));
      wires.run();
      expect(wires.arrived.map((line) => Number(line.split(" ")[0]))).toEqual(sent);
    }
  });

  test("one direction does not wait for the other, nor one client for another", () => {
    const wires = new Wires();
    const release = wires.network.hold("1", "clients", slow(500));
    wires.send("a", "1", "a to 1");
    release();
    wires.send("1", "a", "1 to a");
    wires.send("b", "1", "b to 1");
    wires.send("a", "1", "behind");
    wires.run();
    expect(wires.arrived).toEqual(["1 to a 1", "b to 1 1", "a to 1 501", "behind 501"]);
  });
});

describe("a cluster", () => {
  test("a broker is fenced while one of two holds on its link to the controller is left", () => {
    const kit = new ClusterKit(3);
    kit.topic();
    kit.runTo(1_000);
    const first = kit.cluster.holdLink("1", "controller", cut);
    const second = kit.cluster.holdLink("controller", "1", cut);
    kit.runTo(2_000);
    first();
    kit.runTo(20_000);
    expect(kit.lines("broker.fenced", "broker.unfenced")).toEqual([
      "9000  broker.fenced  broker 1, broker epoch 1",
    ]);
    second();
    kit.runTo(23_000);
    expect(kit.eventsOf("broker.unfenced")).toHaveLength(1);
  });

  test("a follower stays out of the in-sync set until the last hold is released", () => {
    const kit = new ClusterKit(3);
    kit.topic();
    kit.runTo(1_000);
    const short = kit.cluster.holdLink("1", "3", cut);
    const long = kit.cluster.holdLink("3", "1", cut);
    kit.produce(["a"], { timeoutMs: 90_000 });
    kit.runTo(50_000);
    short();
    kit.runTo(60_000);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({ isr: [1, 2] });
    long();
    kit.runTo(61_000);
    expect(kit.eventsOf("partition.changed").at(-1)).toMatchObject({ isr: [1, 2, 3] });
  });
});
