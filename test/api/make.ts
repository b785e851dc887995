// Writes the API page anew.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { apiPage } from "./page.ts";

writeFileSync(fileURLToPath(new URL("../../core/dsl/API.md", import.meta.url)), apiPage());
