/** What a cell may reach of its worker. A run is repeatable only if nothing answers differently the
 *  next time, and a notebook that came by link has no business with the network or storage.
 *  Not a security boundary by itself: the boundary is the worker, which can be ended. */

import { PipelineError } from "streamscope";

/** Names that are gone once the worker is confined. */
const removed = [
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "WebTransport",
  "EventSource",
  "importScripts",
  "Worker",
  "SharedWorker",
  "BroadcastChannel",
  "indexedDB",
  "caches",
  "setTimeout",
  "setInterval",
  "queueMicrotask",
  "requestAnimationFrame",
  "postMessage",
] as const;

/** Removes the network, storage and timers from the worker, and makes the clock and the random
 *  source say why they are not there. Called after everything our own code needs has been taken. */
export function confine(): void {
  for (const name of removed) {
    Object.defineProperty(globalThis, name, { value: undefined, configurable: false });
  }
  refuse(Date, "now", "Date.now()", "take the time from the batch");
  refuse(performance, "now", "performance.now()", "take the time from the batch");
  refuse(Math, "random", "Math.random()", "seed what varies in world.ts");
  refuse(crypto, "getRandomValues", "crypto.getRandomValues()", "seed what varies in world.ts");
  refuse(crypto, "randomUUID", "crypto.randomUUID()", "seed what varies in world.ts");
  Object.defineProperty(globalThis, "Date", { value: datesWithoutNow(), configurable: false });
}

function refuse(owner: object, name: string, called: string, instead: string): void {
  Object.defineProperty(owner, name, {
    configurable: false,
    value: () => {
      throw refusal(called, instead);
    },
  });
}

function refusal(called: string, instead: string): PipelineError {
  return new PipelineError(
    "BAD_OPTION",
    `${called} would make this run differ from the next one; ${instead}`,
  );
}

/** `Date` with an argument is a calculation and stays; without one it is a look at the clock. */
function datesWithoutNow(): DateConstructor {
  return new Proxy(Date, {
    construct(target, args: unknown[], newTarget) {
      if (args.length === 0) throw refusal("new Date()", "give it the time of a batch or record");
      return Reflect.construct(target, args, newTarget) as Date;
    },
    apply() {
      throw refusal("Date()", "give new Date(...) the time of a batch or record");
    },
  });
}
