/** Numbers with a fixed count of decimals. Like Java: java.util.Formatter's `%.3f`. */

/** Rounds the shortest digits that name the number, half up, where `toFixed` rounds its exact
 *  binary value: 0.0000005 with six decimals is `0.000001` here. */
export function fixedText(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [mantissa = "0", exponent = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const shift = Number(exponent) - (digits.length - 1) + decimals;
  let scaled = BigInt(digits);
  if (shift >= 0) scaled *= powerOfTen(shift);
  else {
    const divisor = powerOfTen(-shift);
    scaled = (2n * scaled + divisor) / (2n * divisor);
  }
  const text = String(scaled).padStart(decimals + 1, "0");
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const whole = `${sign}${text.slice(0, text.length - decimals)}`;
  return decimals === 0 ? whole : `${whole}.${text.slice(text.length - decimals)}`;
}

function powerOfTen(power: number): bigint {
  return BigInt(`1${"0".repeat(power)}`);
}
