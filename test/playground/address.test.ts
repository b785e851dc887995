// Goal: a link restores the moment. Method: addresses there and back, and ones made by hand.
import { expect, test } from "vitest";
import { type Address, formatAddress, parseAddress } from "../../playground/address.ts";

const fallback: Address = {
  lesson: "01-word-count",
  at: -1,
  language: "en",
  view: null,
  faults: null,
};

test.each<Address>([
  fallback,
  { lesson: "02-clickstream", at: 318, language: "zh", view: "lineage", faults: null },
  { lesson: "01-word-count", at: 0, language: "en", view: null, faults: null },
  { ...fallback, faults: "" },
  { ...fallback, at: 3, faults: "at 2500 crash driver\n# and\nfrom 4000 to 6000 drop link 1-3" },
])("parseAddress reads back what formatAddress wrote: %o", (address) => {
  expect(parseAddress(formatAddress(address), fallback)).toEqual(address);
});

test("parseAddress reads the address of the documentation", () => {
  expect(parseAddress("#/learn/01-word-count?at=318&lang=zh", fallback)).toEqual({
    lesson: "01-word-count",
    at: 318,
    language: "zh",
    view: null,
    faults: null,
  });
});

test.each(["", "#", "#/elsewhere", "#batch=3000"])("parseAddress falls back for %o", (hash) => {
  expect(parseAddress(hash, fallback)).toEqual(fallback);
});

test("parseAddress takes no position that is not a whole number", () => {
  expect(parseAddress("#/learn/01-word-count?at=soon&lang=fr", fallback)).toEqual(fallback);
});
