// A thread of `streamscope simulate`. Plain JavaScript, since TypeScript is read through tsx only
// once it is registered on the thread.
import { parentPort } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
const { chooseScenario } = await import(new URL("../../simulate/choose.ts", import.meta.url).href);
const { judge } = await import(new URL("../../simulate/judge.ts", import.meta.url).href);

parentPort.on("message", ({ from, to }) => {
  const judgements = [];
  for (let seed = from; seed <= to; seed += 1) judgements.push(judge(chooseScenario(seed)));
  parentPort.postMessage(judgements);
});
