/** Logarithms and exponentials that are the same number in every engine; `Math.log` and its kin may
 *  differ in the last digit. Like Java: StrictMath, which is Sun's fdlibm. */

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const INVERSE_LN2 = 1.442695040888963387;
const TWO_54 = 18014398509481984;

/** Coefficients of the series of log((1 + s) / (1 - s)) - 2s over s, in s squared. */
const LG1 = 6.66666666666673513e-1;
const LG2 = 3.999999999940941908e-1;
const LG3 = 2.857142874366239149e-1;
const LG4 = 2.222219843214978396e-1;
const LG5 = 1.818357216161805012e-1;
const LG6 = 1.531383769920937332e-1;
const LG7 = 1.479819860511658591e-1;

/** Coefficients of the series of x * (exp(x) + 1) / (exp(x) - 1), in x squared. */
const P1 = 1.66666666666666019037e-1;
const P2 = -2.77777777770155933842e-3;
const P3 = 6.61375632143793436117e-5;
const P4 = -1.6533902205465251539e-6;
const P5 = 4.13813679705723846039e-8;

const view = new DataView(new ArrayBuffer(8));

function highWord(x: number): number {
  view.setFloat64(0, x);
  return view.getInt32(0);
}

function withHighWord(x: number, high: number): number {
  view.setFloat64(0, x);
  view.setInt32(0, high);
  return view.getFloat64(0);
}

/** x times 2 to the power of k, where the result is a normal number. */
function scale(x: number, k: number): number {
  return withHighWord(x, (highWord(x) + (k << 20)) | 0);
}

/** The natural logarithm. */
export function strictLog(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  const isSubnormal = highWord(x) < 0x00100000;
  const normal = isSubnormal ? x * TWO_54 : x;
  const high = highWord(normal);
  const mantissa = high & 0xfffff;
  const carry = (mantissa + 0x95f64) & 0x100000;
  const k = (high >> 20) - 1023 - (isSubnormal ? 54 : 0) + (carry >> 20);
  const f = withHighWord(normal, mantissa | (carry ^ 0x3ff00000)) - 1;
  if ((0xfffff & (2 + mantissa)) < 3) return logNearOne(f, k);
  const s = f / (2 + f);
  const r = logSeries(s);
  const i = (mantissa - 0x6147a) | (0x6b851 - mantissa);
  if (i > 0) {
    const half = 0.5 * f * f;
    if (k === 0) return f - (half - s * (half + r));
    return k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
  }
  if (k === 0) return f - s * (f - r);
  return k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}

function logNearOne(f: number, k: number): number {
  if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
  const r = f * f * (0.5 - 0.3333333333333333 * f);
  return k === 0 ? f - r : k * LN2_HIGH - (r - k * LN2_LOW - f);
}

function logSeries(s: number): number {
  const z = s * s;
  const w = z * z;
  const even = w * (LG2 + w * (LG4 + w * LG6));
  const odd = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7)));
  return odd + even;
}

/** log(1 + x), exact for small x as well; for x between -1 and 0. */
export function strictLog1p(x: number): number {
  if (Number.isNaN(x) || x < -1 || x > 0) return Number.NaN;
  if (x === -1) return Number.NEGATIVE_INFINITY;
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e200000) return size < 0x3c900000 ? x : x - x * x * 0.5;
  if (highWord(x) <= (0xbfd2bec3 | 0)) return log1pOf({ f: x, k: 0, high: 1, correction: 0 });
  const sum = 1 + x;
  const high = highWord(sum);
  const exponent = (high >> 20) - 1023;
  const correction = (x - (sum - 1)) / sum;
  const mantissa = high & 0xfffff;
  if (mantissa < 0x6a09e) {
    const f = withHighWord(sum, mantissa | 0x3ff00000) - 1;
    return log1pOf({ f, k: exponent, high: mantissa, correction });
  }
  const f = withHighWord(sum, mantissa | 0x3fe00000) - 1;
  return log1pOf({ f, k: exponent + 1, high: (0x00100000 - mantissa) >> 2, correction });
}

function log1pOf(reduced: { f: number; k: number; high: number; correction: number }): number {
  const { f, k, high, correction } = reduced;
  const low = correction + k * LN2_LOW;
  const half = 0.5 * f * f;
  if (high === 0) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + low;
    const r = half * (1 - 0.6666666666666666 * f);
    return k === 0 ? f - r : k * LN2_HIGH - (r - low - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const r = z * (LG1 + z * (LG2 + z * (LG3 + z * (LG4 + z * (LG5 + z * (LG6 + z * LG7))))));
  if (k === 0) return f - (half - s * (half + r));
  return k * LN2_HIGH - (half - (s * (half + r) + low) - f);
}

/** e to the power of x, for x where the result is a normal number or 0. */
export function strictExp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893383973096) return Number.POSITIVE_INFINITY;
  if (x < -708) return 0;
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e300000) return 1 + x;
  let k = 0;
  let high = x;
  let low = 0;
  if (size > 0x3fd62e42) {
    const sign = x < 0 ? -1 : 1;
    k = size < 0x3ff0a2b2 ? sign : Math.trunc(INVERSE_LN2 * x + 0.5 * sign);
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
  }
  const r = k === 0 ? x : high - low;
  const t = r * r;
  const c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  return scale(1 - (low - (r * c) / (2 - c) - high), k);
}
