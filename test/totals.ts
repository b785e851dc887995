// How a run ends, told in one place: the reporter inside vitest and the run around it agree on it.

/** What became of the tests (and checks) of a run. */
export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** The variable that names a file for the totals; without it the reporter prints them itself. */
export const totalsFileVariable = "STREAMSCOPE_TOTALS_FILE";

/** `12 passed, 0 failed`, and the skipped ones only if there are any. */
export function closingLine(totals: Totals): string {
  const line = `${totals.passed} passed, ${totals.failed} failed`;
  return totals.skipped > 0 ? `${line}, ${totals.skipped} skipped` : line;
}
