// Goal: what a person reads when something is wrong is one line, in one form.
import { describe, expect, test } from "vitest";
import { assert, AssertionFailure, at, get } from "../../core/base/assert.ts";
import {
  describePlace,
  describeThrown,
  LiveError,
  PipelineError,
  ScenarioError,
  StreamscopeError,
  UserFunctionError,
} from "../../core/base/errors.ts";

describe("StreamscopeError", () => {
  test("carries code, place and cause", () => {
    const cause = new RangeError("too far");
    const error = new StreamscopeError("JOB_ABORTED", "Job aborted", {
      place: { batchTimeMs: 3_000 },
      cause,
      retriable: true,
    });
    expect(error).toMatchObject({
      code: "JOB_ABORTED",
      message: "Job aborted",
      place: { batchTimeMs: 3_000 },
      retriable: true,
      cause,
    });
  });

  test("has nothing it was not given", () => {
    const error = new StreamscopeError("BAD_WORLD", "no");
    expect(error).toMatchObject({ place: {}, retriable: false });
    expect("cause" in error).toBe(false);
  });

  test.each([PipelineError, UserFunctionError, ScenarioError, LiveError])("%o", (Kind) => {
    const error = new Kind("BAD_WORLD", "the world is flat");
    expect(error).toBeInstanceOf(StreamscopeError);
    expect(describeThrown(error)).toBe(`${Kind.name}: the world is flat`);
  });
});

describe("describeThrown", () => {
  test.each([
    [new TypeError("x is not a function"), "TypeError: x is not a function"],
    ["a text", "thrown: a text"],
    [null, "thrown: null"],
    [undefined, "thrown: undefined"],
  ])("of %o", (thrown, text) => {
    expect(describeThrown(thrown)).toBe(text);
  });
});

describe("describePlace", () => {
  test("says all it knows, the nearest first", () => {
    expect(
      describePlace({
        record: '["a",1]',
        offset: 17,
        partition: 0,
        topic: "clicks",
        batchTimeMs: 0,
        line: 5,
        operator: "reduceByKey",
      }),
    ).toBe('reduceByKey, line 5, batch 0 ms, topic clicks, partition 0, offset 17, record ["a",1]');
  });

  test.each([
    [{}, ""],
    [{ file: "pipeline.ts" }, "pipeline.ts"],
    [{ file: "pipeline.ts", line: 3 }, "pipeline.ts:3"],
    [{ file: "pipeline.ts", line: 3, column: 9 }, "pipeline.ts:3:9"],
    [{ file: "pipeline.ts", column: 9 }, "pipeline.ts"],
  ])("of %o is %j", (place, text) => {
    expect(describePlace(place)).toBe(text);
  });
});

describe("assertions", () => {
  test("name their facts", () => {
    expect(() => assert(true, "fine")).not.toThrow();
    expect(() => assert(false, "time must not run back", { nowMs: 5, nextMs: 4 })).toThrow(
      new AssertionFailure("time must not run back", { nowMs: 5, nextMs: 4 }),
    );
    expect(() => assert(false, "no")).toThrow(/^no$/);
    expect(new AssertionFailure("no", { a: 1 }).message).toBe("no (a=1)");
  });

  test("look-ups say what is missing", () => {
    expect(at(["a", undefined], 1)).toBeUndefined();
    expect(() => at(["a"], 1)).toThrow("index must be inside the list (index=1, length=1)");
    expect(get(new Map([["a", 1]]), "a", "the letter")).toBe(1);
    expect(() => get(new Map([["a", 1]]), "b", "the letter")).toThrow(
      "the letter must be known (key=b)",
    );
  });
});
