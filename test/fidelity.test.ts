/** Goal: the ledger claims nothing that no test stands behind. Method: FIDELITY.md read as rows. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./kit/source-text.ts";

interface Claim {
  readonly claim: string;
  readonly status: string;
  readonly tests: readonly string[];
}

function readClaims(): Claim[] {
  return readFileSync(join(root, "FIDELITY.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (claim|-)/u.test(line))
    .map((line) => {
      const [, claim = "", status = "", tests = ""] = line.split("|").map((cell) => cell.trim());
      return {
        claim,
        status,
        tests: [...tests.matchAll(/`([^`]+)`/gu)].map(([, path = ""]) => path),
      };
    });
}

/** These hold answers of the real systems. */
function isCompared(test: string): boolean {
  return test.startsWith("test/vectors/") || test.startsWith("test/contract/");
}

const claims = readClaims();

describe("FIDELITY.md", () => {
  it("has claims", () => {
    expect(claims.length).toBeGreaterThan(30);
  });

  it("says same, simplified or not modelled of each", () => {
    for (const { claim, status } of claims) {
      expect({ claim, status }).toEqual({
        claim,
        status: expect.stringMatching(/^(same|simplified|not modelled)/u),
      });
    }
  });

  it("names vectors or the contract suite for each claim that is the same", () => {
    const unproven = claims.filter(
      ({ status, tests }) => status.startsWith("same") && !tests.some(isCompared),
    );
    expect(unproven.map(({ claim }) => claim)).toEqual([]);
  });

  it("names tests that are there", () => {
    const missing = claims.flatMap(({ tests }) =>
      tests.filter((path) => !existsSync(join(root, path))),
    );
    expect(missing).toEqual([]);
  });
});
