// Goal: each audit says that a promise holds, that it is broken and by what, or that nothing put it
// to the test. Method: the smallest traces by hand.
import { describe, expect, test } from "vitest";
import type { Audit } from "../../core/audits/audit.ts";
import { atomicity } from "../../core/audits/atomicity.ts";
import { commits } from "../../core/audits/commits.ts";
import { consumption } from "../../core/audits/consumption.ts";
import { countsOf } from "../../core/audits/counts.ts";
import { coverage } from "../../core/audits/coverage.ts";
import { delivery } from "../../core/audits/delivery.ts";
import { durability, lossesIn, unprotectedDurability } from "../../core/audits/durability.ts";
import { groups } from "../../core/audits/groups.ts";
import { idempotence } from "../../core/audits/idempotence.ts";
import { lag } from "../../core/audits/lag.ts";
import { leadership } from "../../core/audits/leadership.ts";
import { once } from "../../core/audits/once.ts";
import { ranges } from "../../core/audits/ranges.ts";
import { transactions } from "../../core/audits/transactions.ts";
import { watermark } from "../../core/audits/watermark.ts";
import type { TraceFact } from "../../core/trace/event.ts";
import {
  acknowledged,
  appended,
  committed,
  completed,
  contents,
  copied,
  driver,
  ended,
  group,
  led,
  marker,
  output,
  planned,
  polled,
  topic,
  trace,
  transaction,
  watermarkAt,
} from "./facts.ts";

interface Case {
  readonly audit: Audit;
  readonly holding: readonly TraceFact[];
  /** Each breaks it, and its example says so. */
  readonly breaking: readonly (readonly [example: RegExp, facts: readonly TraceFact[]])[];
}

const written = [topic(), led(1, 0, [1, 2, 3], "created"), appended(0, 3), copied(2, 0, 3)];
/** Broker 2 takes over with what it has, and goes on in epoch 1. */
const takenOver = [led(2, 1, [2, 3]), appended(3, 1, { epoch: 1 })];
/** Broker 2 never had the last record. */
const lossy = [
  topic(),
  led(1, 0, [1, 2, 3], "created"),
  appended(0, 3),
  copied(2, 0, 2),
  acknowledged(0, 3),
  led(2, 1, [2, 3]),
];
const exactly = delivery({ from: "in", to: "out", refuses: ["lost", "duplicated", "reordered"] });
const decided = [transaction("Ongoing"), transaction("PrepareCommit"), marker(0, "COMMIT")];

const initialised = [
  topic(),
  {
    kind: "producer.initialised",
    client: "p",
    transactionalId: "tx",
    producerId: 7,
    producerEpoch: 0,
  },
] as const;
const inTransaction = (control: "COMMIT" | "ABORT"): readonly TraceFact[] => [
  appended(0, 1, { producerId: 7, sequence: 0 }),
  marker(0, control),
];

const cases: readonly Case[] = [
  {
    audit: durability,
    holding: [...written, acknowledged(0, 3), ...takenOver],
    breaking: [[/t-0 offset 2 of epoch 0 was acknowledged.*broker 2/, lossy]],
  },
  {
    audit: unprotectedDurability,
    holding: [...written, acknowledged(0, 3, 1), ...takenOver],
    breaking: [[/offset 2/, [topic(1), ...lossy.slice(1)]]],
  },
  {
    audit: watermark,
    holding: [...written, copied(3, 0, 3), watermarkAt(1, 2), watermarkAt(1, 3)],
    breaking: [
      [
        /goes back from 3 to 2/,
        [...written, copied(3, 0, 3), watermarkAt(1, 3), watermarkAt(1, 2)],
      ],
      [/broker 3, which is in sync, ends at 0/, [...written, watermarkAt(1, 3)]],
    ],
  },
  {
    audit: leadership,
    holding: [led(1, 0), led(2, 1, [2, 3])],
    breaking: [
      [/broker 2 leads in epoch 0 after broker 1/, [led(1, 0), led(2, 0)]],
      [/broker 2 leads, and was not in sync: 1/, [led(1, 0, [1]), led(2, 1, [2])]],
    ],
  },
  {
    audit: idempotence,
    holding: [
      ...written.slice(0, 2),
      appended(0, 2, { producerId: 7, sequence: 0 }),
      appended(2, 1, { producerId: 7, sequence: 2 }),
    ],
    breaking: [
      [
        /sequence 3 at 2 follows 1/,
        [
          ...written.slice(0, 2),
          appended(0, 2, { producerId: 7, sequence: 0 }),
          appended(2, 1, { producerId: 7, sequence: 3 }),
        ],
      ],
      [
        /sequence 0 at 2 follows 1/,
        [
          ...written.slice(0, 2),
          appended(0, 2, { producerId: 7, sequence: 0 }),
          appended(2, 1, { producerId: 7, sequence: 0 }),
        ],
      ],
      [
        /sequence 2 at 2 is of epoch 0, after epoch 1/,
        [
          ...written.slice(0, 2),
          appended(0, 2, { producerId: 7, producerEpoch: 1, sequence: 0 }),
          appended(2, 1, { producerId: 7, sequence: 2 }),
        ],
      ],
    ],
  },
  {
    audit: once("t"),
    // Taking a new epoch, the producer sent again what it could not know to be written.
    holding: [
      appended(0, 1, { producerId: 7, sequence: 0 }),
      { kind: "broker.started", broker: 1 },
      appended(1, 1, { producerId: 7, producerEpoch: 1, sequence: 0 }),
      contents("t", ["k", "1"], ["k", "1"]),
    ],
    breaking: [
      [
        /1 is at t-0 offset 0 and at t-0 offset 1/,
        [
          appended(0, 1, { producerId: 7, sequence: 0 }),
          appended(1, 1, { producerId: 7, producerEpoch: 1, sequence: 0 }),
          contents("t", ["k", "1"], ["k", "1"]),
        ],
      ],
      [
        /1 is at t-0 offset 0 and at t-0 offset 1/,
        [
          appended(0, 1, { producerId: 7, sequence: 0 }),
          appended(1, 1, { producerId: 7, sequence: 1 }),
          contents("t", ["k", "1"], ["k", "1"]),
        ],
      ],
    ],
  },
  {
    audit: transactions,
    holding: [...decided, marker(1, "COMMIT"), transaction("CompleteCommit")],
    breaking: [
      [/complete without t-1/, [...decided, transaction("CompleteCommit")]],
      [/ABORT on t-1, of a COMMIT/, [...decided, marker(1, "ABORT")]],
      [/COMMIT became ABORT/, [...decided, transaction("PrepareAbort")]],
      [/epoch 0 acts, and epoch 1/, [transaction("Ongoing", 1), transaction("Ongoing", 0)]],
    ],
  },
  {
    audit: atomicity,
    holding: [...initialised, ...inTransaction("COMMIT"), contents("t", ["k", "x"])],
    breaking: [
      [
        /is aborted, and shown/,
        [...initialised, ...inTransaction("ABORT"), contents("t", ["k", "x"])],
      ],
      [/is committed, and missing/, [...initialised, ...inTransaction("COMMIT"), contents("t")]],
    ],
  },
  {
    audit: coverage,
    holding: [planned(1000, 0, 3), completed(1000), planned(2000, 3, 5), completed(2000)],
    breaking: [
      [
        /\[0, 3\) is in no batch that ended/,
        [planned(1000, 0, 3), driver(2, null), planned(2000, 3, 5), completed(2000)],
      ],
    ],
  },
  {
    audit: groups,
    holding: [
      group(1, [
        { member: "a", partitions: [0] },
        { member: "b", partitions: [1] },
      ]),
    ],
    breaking: [
      [
        /t-0 is given to a and to b/,
        [
          group(1, [
            { member: "a", partitions: [0] },
            { member: "b", partitions: [0] },
          ]),
        ],
      ],
    ],
  },
  {
    audit: consumption,
    holding: [appended(0, 4, { highWatermark: 4 }), polled(0, 2), polled(2, 4)],
    breaking: [
      [/from 1 after 2/, [appended(0, 4, { highWatermark: 4 }), polled(0, 2), polled(1, 4)]],
      [/never above 2/, [appended(0, 4, { highWatermark: 2 }), polled(0, 4)]],
    ],
  },
  {
    audit: ranges,
    holding: [driver(1, null), planned(1000, 0, 3), planned(2000, 3, 5)],
    breaking: [
      [/begins at 4, and the one before ended at 3/, [planned(1000, 0, 3), planned(2000, 4, 5)]],
      [
        /was \[0, 3\), and is \[1, 3\) again/,
        [driver(1, null), planned(1000, 0, 3), driver(2, "checkpoint-1000"), planned(1000, 1, 3)],
      ],
    ],
  },
  {
    audit: commits("g"),
    holding: [planned(1000, 0, 3), output(1000), committed(3)],
    breaking: [
      [/commits t-0 at 3, and outputs have got to 0/, [planned(1000, 0, 3), committed(3)]],
      [/got to 0/, [planned(1000, 0, 3), output(1000, "failed"), committed(3)]],
    ],
  },
  {
    audit: lag,
    holding: [appended(0, 3, { highWatermark: 3 }), planned(1000, 0, 3), ended("input consumed")],
    breaking: [
      [
        /read up to 2 of 3/,
        [appended(0, 3, { highWatermark: 3 }), planned(1000, 0, 2), ended("input consumed")],
      ],
      [/driver failed/, [planned(1000, 0, 2), ended("driver failed")]],
    ],
  },
  {
    audit: exactly,
    holding: [contents("in", ["k", "1"], ["k", "2"]), contents("out", ["k", "1"], ["k", "2"])],
    breaking: [
      [
        /in-0 offset 1 \(2\) is lost/,
        [contents("in", ["k", "1"], ["k", "2"]), contents("out", ["k", "1"])],
      ],
      [
        /\(1\) comes (?:out )?2 times/,
        [contents("in", ["k", "1"]), contents("out", ["k", "1"], ["k", "1"])],
      ],
      [
        /\(2\) comes before/,
        [contents("in", ["k", "1"], ["k", "2"]), contents("out", ["k", "2"], ["k", "1"])],
      ],
    ],
  },
  {
    audit: countsOf({ from: "in", to: "out", group: "totals" }),
    holding: [contents("in", ["k", "x"], ["k", "y"]), contents("out", ["k", "1"], ["k", "2"])],
    breaking: [
      [
        /key k has 2 records in in, and out says 1/,
        [contents("in", ["k", "x"], ["k", "y"]), contents("out", ["k", "1"])],
      ],
    ],
  },
];

for (const { audit, holding, breaking } of cases) {
  describe(audit.name, () => {
    test("holds", () => {
      expect(audit.check(trace(...holding))).toMatchObject({ kind: "holds" });
    });

    test("is broken, by the first example", () => {
      for (const [example, facts] of breaking) {
        const verdict = audit.check(trace(...facts));
        expect(verdict).toMatchObject({ kind: "broken" });
        expect(verdict.kind === "broken" ? verdict.example : "").toMatch(example);
      }
    });

    test("is not exercised by nothing", () => {
      expect(audit.check([]).kind).toBe("not exercised");
    });
  });
}

test("a loss has a cause", () => {
  const lost = (...facts: readonly TraceFact[]): readonly string[] => [
    ...lossesIn(trace(...facts)),
  ];
  const [, created, appendedThen, copiedTwo, , ledByTwo] = lossy;
  if (!created || !appendedThen || !copiedTwo || !ledByTwo) throw new Error("lossy is shorter");
  const unclean = led(2, 1, [2], "unclean election");
  const until = (acks: 1 | -1, next: TraceFact, minInsync = 2): readonly string[] =>
    lost(topic(minInsync), created, appendedThen, copiedTwo, acknowledged(0, 3, acks), next);
  expect(until(1, ledByTwo)).toEqual(["acks=1"]);
  expect(until(-1, unclean)).toEqual(["unclean election"]);
  expect(until(-1, ledByTwo, 1)).toEqual(["min.insync.replicas=1"]);
  // Kafka promises that one: `durability` says so.
  expect(until(-1, ledByTwo)).toEqual([]);
});
