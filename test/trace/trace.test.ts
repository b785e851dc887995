// Goal: facts are numbered, handed on in order, and summed up in one hash.
import { describe, expect, test } from "vitest";
import type { TraceEvent } from "../../core/trace/event.ts";
import { Trace } from "../../core/trace/trace.ts";

function stopped(broker: number): { readonly kind: "broker.stopped"; readonly broker: number } {
  return { kind: "broker.stopped", broker };
}

describe("Trace", () => {
  test("numbers facts from 0 and gives the number back", () => {
    const trace = new Trace();
    expect(trace.length).toBe(0);
    expect([0, 1, 2].map((broker) => trace.append(stopped(broker), broker * 10, null))).toEqual([
      0, 1, 2,
    ]);
    expect(trace.length).toBe(3);
  });

  test("hands each event and its line to every listener, in the order they came", () => {
    const trace = new Trace();
    const heard: [string, TraceEvent, string][] = [];
    trace.append(stopped(1), 5, null);
    trace.listen((event, line) => heard.push(["first", event, line]));
    trace.listen((event, line) => heard.push(["second", event, line]));
    trace.append(stopped(2), 7, 0);
    const event = { seq: 1, atMs: 7, kind: "broker.stopped", cause: 0, broker: 2 };
    const line = '{"seq":1,"atMs":7,"kind":"broker.stopped","cause":0,"broker":2}';
    expect(heard).toEqual([
      ["first", event, line],
      ["second", event, line],
    ]);
  });

  test("hashes equal traces alike, also when nobody listens", () => {
    const [one, other] = [new Trace(), new Trace()];
    other.listen(() => {});
    const hashes = [one, other].map((trace) => {
      for (let broker = 0; broker < 50; broker += 1) trace.append(stopped(broker), broker, null);
      return trace.hash;
    });
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).toMatch(/^[0-9a-f]{16}$/);
  });

  test("hashes differently for any change: field, time, cause, order, number of facts", () => {
    const hashOf = (...facts: readonly (readonly [number, number, number | null])[]): string => {
      const trace = new Trace();
      for (const [broker, atMs, cause] of facts) trace.append(stopped(broker), atMs, cause);
      return trace.hash;
    };
    const hashes = [
      hashOf(),
      hashOf([1, 5, null]),
      hashOf([2, 5, null]),
      hashOf([1, 6, null]),
      hashOf([1, 5, 0]),
      hashOf([1, 5, null], [2, 5, null]),
      hashOf([2, 5, null], [1, 5, null]),
      hashOf([1, 5, null], [1, 5, null]),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("can be hashed on the way without changing where it ends", () => {
    const [asked, silent] = [new Trace(), new Trace()];
    for (let broker = 0; broker < 10; broker += 1) {
      asked.append(stopped(broker), 1, null);
      silent.append(stopped(broker), 1, null);
      expect(asked.hash).toHaveLength(16);
    }
    expect(asked.hash).toBe(silent.hash);
  });
});
