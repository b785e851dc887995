// Closes a run with `N passed, N failed`, the line that people and machines look for.
import { writeFileSync } from "node:fs";
import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";
import { kafkaAvailable } from "./kafka/kafka.ts";
import { chromiumMissing, findChromium } from "./kit/chromium.ts";
import { closingLine, type Totals, totalsFileVariable } from "./totals.ts";

/** On a build machine a test that could not run has not passed. */
const mustRunAll = process.env["CI"] === "true";

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const totals: Totals = { passed: 0, failed: errors.length, skipped: 0 };
    const skipped: TestCase[] = [];
    for (const module of modules) {
      // A file that did not load has no failed tests, and its failure must count all the same.
      if (module.state() === "failed" && !hasFailedTest(module)) totals.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") totals.passed += 1;
        else if (state === "failed") totals.failed += 1;
        else skipped.push(test);
      }
    }
    const gaps = mustRunAll ? findGaps(skipped) : [];
    totals.failed += gaps.length;
    totals.skipped = skipped.filter((test) => !gaps.includes(test)).length;
    if (mustRunAll && findChromium() === null) {
      console.log(chromiumMissing);
      totals.failed += 1;
    }
    if (totals.failed > 0) process.exitCode = 1;

    const file = process.env[totalsFileVariable];
    if (file === undefined) console.log(`\n${closingLine(totals)}`);
    else writeFileSync(file, JSON.stringify(totals));
  }
}

/** The tests that a missing broker has kept from running, told one by one. */
function findGaps(skipped: readonly TestCase[]): readonly TestCase[] {
  const kafka = kafkaAvailable();
  const gaps = kafka.ok ? [] : skipped.filter((test) => test.project.name === "kafka");
  if (!kafka.ok && gaps.length > 0) console.log(kafka.why);
  for (const test of gaps)
    console.log(`left out: ${test.module.relativeModuleId} > ${test.fullName}`);
  return gaps;
}

function hasFailedTest(module: TestModule): boolean {
  for (const test of module.children.allTests("failed")) return test !== undefined;
  return false;
}
