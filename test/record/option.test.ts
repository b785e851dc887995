// Goal: an Option behaves as Scala's: in printing, equality, hashing, copies and checkpoints.
// Method: literal expectations; the hash codes are those of Scala 2.12.
import { expect, test } from "vitest";
import { jvmHash, None, type Option, scalaText, Some } from "streamscope";
import { copyValue } from "../../core/record/copy-value.ts";
import { KeyMap } from "../../core/record/key-map.ts";
import { textToValue, valueToText } from "../../core/record/value-text.ts";

const nothing: Option<number> = None;

test("scalaText prints Some(x) and None as Scala does, inside tuples too", () => {
  expect(scalaText(Some(["a", 1]))).toBe("Some((a,1))");
  expect(scalaText(["k", [1, None]])).toBe("(k,(1,None))");
  expect(`${Some(2)} ${nothing}`).toBe("Some(2) None");
});

test("None.get fails in Scala's words, and Some gives its value", () => {
  expect(Some("x").get).toBe("x");
  expect(() => nothing.get).toThrow("None.get");
});

test("getOrElse, orElse, orNull, map, flatMap and filter are those of Scala's Option", () => {
  expect([Some(1).getOrElse(7), nothing.getOrElse(7)]).toEqual([1, 7]);
  expect([Some(1).orNull, nothing.orNull]).toEqual([1, null]);
  expect(nothing.orElse(Some(3))).toEqual(Some(3));
  expect([Some(2).map((n) => n * 2), nothing.map((n) => n * 2)]).toEqual([Some(4), None]);
  expect(Some(2).flatMap(() => None)).toBe(None);
  expect([Some(2).filter((n) => n > 2), Some(3).filter((n) => n > 2)]).toEqual([None, Some(3)]);
});

test("exists, forall and foreach see the value where there is one", () => {
  const seen: number[] = [];
  Some(5).foreach((n) => seen.push(n));
  nothing.foreach((n) => seen.push(n));
  expect(seen).toEqual([5]);
  expect([Some(1).exists((n) => n === 1), nothing.exists(() => true)]).toEqual([true, false]);
  expect([Some(1).forall((n) => n === 2), nothing.forall(() => false)]).toEqual([false, true]);
});

test("jvmHash of Some(1), Some(null) and None are those of Scala 2.12", () => {
  expect([jvmHash(["k", None]), jvmHash([Some(1), None])]).toEqual([201064665, -1078775929]);
  expect([jvmHash(Some(1)), jvmHash(Some(null)), jvmHash(None)]).toEqual([
    818387364, -1669410282, 2433880,
  ]);
});

test("a key of Options is found by its value", () => {
  const map = new KeyMap<string>();
  map.add([Some(1), None], "here");
  expect(map.find([Some(1), None])?.value).toBe("here");
  expect(map.find([Some(2), None])).toBeUndefined();
  expect(map.find([Some("None"), None])).toBeUndefined();
});

test("an Option is copied with what it holds, and comes back from a checkpoint", () => {
  const inner = [1];
  const copy = copyValue(Some(inner));
  inner.push(2);
  expect(copy).toEqual(Some([1]));
  const value = [Some(null), None, Some({ $: 1 })];
  expect(textToValue(valueToText(value))).toEqual(value);
  expect(textToValue(valueToText(None))).toBe(None);
});
