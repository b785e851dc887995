// Goal: XORShiftRandom draws what Spark's draws.
// Method: numbers that Spark 3.5.1 drew, seed by seed.
import { expect, test } from "vitest";
import { byteSwap32, XORShiftRandom } from "../../core/rdd/xor-shift-random.ts";

/** nextDouble, nextInt(7), nextInt(8), three of nextInt(1500000000), nextLong, nextDouble. */
const drawn = [
  [0n, [0.7604953758285915, 2, 4, 1452722121, 1430514354, 517684562], -6485381977052182571n],
  [1n, [0.6363787615254752, 1, 2, 747246645, 682849180, 273592211], 6401511825684982347n],
  [-1n, [0.3030262136082562, 6, 4, 329636230, 191814817, 729320805], 6459303765544462120n],
  [42n, [0.619189370225301, 0, 5, 324305326, 672330184, 284597963], 6534265281388188915n],
  [
    1234567890123n,
    [0.7471451158088548, 3, 4, 564522603, 1356378971, 197718110],
    -4140719837232621834n,
  ],
  [
    -9223372036854775808n,
    [0.18084965112285223, 0, 0, 405477061, 78132620, 472050450],
    608198794339664926n,
  ],
] as const;

test.each(drawn)("XORShiftRandom seeded with %s draws as Spark's", (seed, numbers, long) => {
  const random = new XORShiftRandom(seed);
  const bounded = [7, 8, 1500000000, 1500000000, 1500000000];
  expect([random.nextDouble(), ...bounded.map((bound) => random.nextInt(bound))]).toEqual(numbers);
  expect(random.nextLong()).toBe(long);
});

test("XORShiftRandom takes a whole number as the Long it is", () => {
  expect(new XORShiftRandom(-1).nextLong()).toBe(new XORShiftRandom(-1n).nextLong());
  expect(new XORShiftRandom(42).nextDouble()).toBe(0.619189370225301);
});

test("byteSwap32 mixes as scala.util.hashing.byteswap32", () => {
  const swapped = [0, 1, -1, 65536, -7].map(byteSwap32);
  expect(swapped).toEqual([0, -1875198074, -1634874707, -1196556367, 1714922684]);
});
