// Goal: prove that a run of the engine asks nothing of the real world.
// Method: while it runs, everything that could answer throws. That is sound because the engine
// never yields: what a synchronous call does not reach while it runs, it does not reach.

const timers = ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"] as const;

/** Calls `fn` while the clock, the random source and the timers of the host throw.
 *  Throws: whatever `fn` throws; Error naming what was reached for; Error if `fn` is asynchronous.
 */
export function withoutAmbient<T>(fn: () => T): T {
  const undo: (() => void)[] = [];
  const poison = (owner: object, ownerName: string, name: string, instead: string): void => {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    if (before === undefined && !(name in owner)) return;
    const path = ownerName === "" ? name : `${ownerName}.${name}`;
    Object.defineProperty(owner, name, {
      configurable: true,
      writable: true,
      value: () => {
        throw new Error(`${path} was called during a simulated run; use ${instead}`);
      },
    });
    undo.push(() => {
      if (before === undefined) Reflect.deleteProperty(owner, name);
      else Object.defineProperty(owner, name, before);
    });
  };
  poison(Date, "Date", "now", "runtime.now()");
  poison(Math, "Math", "random", 'runtime.random("<who>")');
  poison(performance, "performance", "now", "runtime.now()");
  for (const name of timers) poison(globalThis, "", name, "runtime.schedule");
  try {
    const result = fn();
    if (result instanceof Promise) {
      throw new Error(
        "withoutAmbient was given an asynchronous function; give it a synchronous one",
      );
    }
    return result;
  } finally {
    for (const restore of undo.toReversed()) restore();
  }
}
