// Goal: logarithms and exponentials are those of Java's StrictMath, digit for digit.
// Method: the pairs were printed by Java 17's StrictMath; then one identity over many numbers.
import { expect, test } from "vitest";
import { strictExp, strictLog, strictLog1p } from "../../core/rdd/strict-math.ts";

const logarithms = [
  [0.5, -0.6931471805599453],
  [2, 0.6931471805599453],
  [10, 2.302585092994046],
  [1e-300, -690.7755278982137],
  [5e-324, -744.4400719213812],
  [1e300, 690.7755278982137],
  [0.9999999999999999, -1.1102230246251565e-16],
  [1.0000000000000002, 2.2204460492503128e-16],
  [0.7071067811865476, -0.3465735902799726],
  [2.718281828459045, 1],
  [1, 0],
  [0, Number.NEGATIVE_INFINITY],
  [-1, Number.NaN],
] as const;

const logarithmsOfOneMore = [
  [-0.5, -0.6931471805599453],
  [-0.1, -0.10536051565782631],
  [-1e-10, -1.00000000005e-10],
  [-1e-20, -1e-20],
  [-0.29, -0.3424903089467759],
  [-0.3, -0.35667494393873234],
  [-0.999999, -13.815510557935518],
  [-0.4, -0.5108256237659907],
  [-0.2928932188134524, -0.3465735902799726],
  [-0.75, -1.3862943611198906],
  [-1, Number.NEGATIVE_INFINITY],
] as const;

const exponentials = [
  [-0.5, 0.6065306597126334],
  [-0.1, 0.9048374180359595],
  [-1e-10, 0.9999999999],
  [0, 1],
  [1, 2.7182818284590455],
  [-1, 0.36787944117144233],
  [-20, 2.061153622438558e-9],
  [40, 2.35385266837019968e17],
  [0.34, 1.404947590563594],
  [0.35, 1.4190675485932571],
  [-39.9, 4.6951575726311964e-18],
  [100.25, 3.451610733125924e43],
  [-1000, 0],
  [1000, Number.POSITIVE_INFINITY],
] as const;

test("strictLog(x) is Java's", () => {
  expect(logarithms.map(([x]) => strictLog(x))).toEqual(logarithms.map(([, log]) => log));
});

test("strictLog1p(x) is Java's", () => {
  const given = logarithmsOfOneMore;
  expect(given.map(([x]) => strictLog1p(x))).toEqual(given.map(([, log]) => log));
});

test("strictExp(x) is Java's", () => {
  expect(exponentials.map(([x]) => strictExp(x))).toEqual(exponentials.map(([, exp]) => exp));
});

test("strictLog(strictExp(x)) is x to within rounding", () => {
  for (let x = -30; x < 30; x += 0.37) {
    expect(Math.abs(strictLog(strictExp(x)) - x)).toBeLessThan(1e-14 * Math.max(Math.abs(x), 1));
  }
});
