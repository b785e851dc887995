/** Goal: states in layers give what one table would, and are laid together when written. */

import { describe, expect, it } from "vitest";
import { StateMap } from "../../core/rdd/state-map.ts";

const statesOf = (map: StateMap): Map<unknown, unknown> =>
  new Map(map.entries().map(({ key, state }) => [key, state]));

/** Each layer puts or removes the key of its number modulo seven; keys are equal by value. */
function layered(layers: number): { readonly map: StateMap; readonly table: Map<string, number> } {
  let map = new StateMap();
  const table = new Map<string, number>();
  for (let n = 0; n < layers; n += 1) {
    map = new StateMap(map);
    const key = ["k", n % 7];
    if (n % 5 === 4) {
      map.remove(key);
      table.delete(JSON.stringify(key));
    } else {
      map.put(key, n, n * 1000);
      table.set(JSON.stringify(key), n);
    }
  }
  return { map, table };
}

const byName = (map: StateMap): [string, unknown][] =>
  map
    .entries()
    .map(({ key, state }): [string, unknown] => [JSON.stringify(key), state])
    .sort(([a], [b]) => (a < b ? -1 : 1));

describe("StateMap", () => {
  it("finds what the newest layer that knows a key says", () => {
    const below = new StateMap();
    below.put("a", 1, 1000);
    below.put("b", 2, 1000);
    const map = new StateMap(below);
    map.put("a", 3, 2000);
    map.remove("b");
    expect([map.get("a")?.state, map.get("b"), map.get("c")]).toEqual([3, null, null]);
    expect([below.get("a")?.state, below.get("b")?.state]).toEqual([1, 2]);
    expect([map.size, below.size]).toEqual([1, 2]);
  });

  it("keeps as many keys as one table would, through many layers", () => {
    for (const layers of [1, 10, 40]) {
      const { map, table } = layered(layers);
      expect(byName(map)).toEqual([...table].sort(([a], [b]) => (a < b ? -1 : 1)));
      expect(map.size).toBe(table.size);
    }
  });

  it("is the same after it was written, however long its chain", () => {
    for (const layers of [3, 19, 20, 45]) {
      const { map } = layered(layers);
      const before = byName(map);
      const read = StateMap.read(map.write());
      expect(byName(read)).toEqual(before);
      expect(byName(map)).toEqual(before);
      expect(read.size).toBe(map.size);
    }
  });

  it("gives the states not updated since a time, that time excluded", () => {
    const map = new StateMap();
    map.put("a", 1, 1000);
    map.put("b", 2, 2000);
    expect(map.olderThan(2000).map(({ key }) => key)).toEqual(["a"]);
    expect(map.olderThan(1000)).toEqual([]);
  });

  it("meets a key again that it had removed", () => {
    const map = new StateMap();
    map.put("a", 1, 1000);
    map.remove("a");
    map.remove("a");
    expect([map.size, statesOf(map).size]).toEqual([0, 0]);
    map.put("a", 2, 2000);
    expect([map.size, statesOf(map).get("a")]).toEqual([1, 2]);
  });
});
