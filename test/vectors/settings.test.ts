// Goal: a configuration's texts are read as Spark reads them, with Spark's defaults and messages.
// Method: Spark itself read the texts of spark/SettingsVectors.scala (see make.ts).
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describeThrown } from "../../core/base/errors.ts";
import { expect, test } from "vitest";
import { knownSettings } from "../../core/stream/known-settings.ts";
import { restoredConf } from "../../core/stream/restored-conf.ts";
import { SparkConf } from "../../core/stream/spark-conf.ts";

interface SettingVector {
  readonly name: string;
  readonly kind: "setting";
  readonly setting: string;
  readonly type: "timeMs" | "int" | "long" | "double" | "boolean";
  readonly texts: readonly (readonly [text: string, readAs: unknown])[];
}

interface DefaultsVector {
  readonly kind: "defaults";
  readonly defaults: readonly (readonly [name: string, text: string])[];
}

interface RestoredVector {
  readonly kind: "restored";
  /** What a restart has of a setting given at first, at the restart, or at both; `none` of it. */
  readonly settings: readonly (readonly [
    name: string,
    atFirst: boolean,
    atRestart: boolean,
    restored: string,
  ])[];
}

const path = fileURLToPath(new URL("spark/settings.json", import.meta.url));
// The generator's own output, in the shapes above.
const vectors = JSON.parse(readFileSync(path, "utf8")) as (
  | SettingVector
  | DefaultsVector
  | RestoredVector
)[];

function read({ setting, type }: SettingVector, text: string): unknown {
  const conf = new SparkConf({ [setting]: text });
  switch (type) {
    case "timeMs":
      return conf.timeMs(setting, "0");
    case "int":
      return conf.int(setting, 0);
    case "long":
      return conf.long(setting, 0);
    case "double":
      return conf.double(setting, 0);
    case "boolean":
      return conf.boolean(setting, false);
  }
}

function outcome(vector: SettingVector, text: string): unknown {
  try {
    return read(vector, text);
  } catch (thrown) {
    return describeThrown(thrown).replace(/^ScenarioError: /, "");
  }
}

for (const vector of vectors) {
  if (vector.kind === "setting") {
    test(vector.name, () => {
      expect(vector.texts.map(([text]) => [text, outcome(vector, text)])).toEqual(vector.texts);
    });
  }
  if (vector.kind === "restored") {
    test("a restart has the settings of its checkpoint, but for a few", () => {
      for (const [name, atFirst, atRestart, restored] of vector.settings) {
        const first = atFirst ? [[name, "first"] as const] : [];
        const conf = restoredConf(first, atRestart ? { [name]: "restart" } : {});
        expect([name, atFirst, atRestart, conf[name] ?? "none"]).toEqual([
          name,
          atFirst,
          atRestart,
          restored,
        ]);
      }
    });
  }
  if (vector.kind === "defaults") {
    test("every setting of StreamingConf is known, with its default", () => {
      for (const [name, text] of vector.defaults)
        expect([name, knownSettings.get(name)]).toEqual([name, text]);
    });
  }
}
