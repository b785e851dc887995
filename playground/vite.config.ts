// The page, built from playground/ into dist/playground. `streamscope` means the engine's door, as
// package.json says it, in the page, in the worker and in the browser tests.
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** vite does not resolve a package's own name, so the doors of package.json are named here. */
function streamscopeDoors(): Plugin {
  return {
    name: "streamscope-doors",
    config: () => ({
      resolve: {
        alias: [
          { find: /^streamscope\/lesson$/, replacement: here("../lessons/lesson.ts") },
          { find: /^streamscope$/, replacement: here("../core/index.ts") },
        ],
      },
    }),
  };
}

export default defineConfig({
  root: here("."),
  base: "./",
  plugins: [streamscopeDoors()],
  build: { outDir: here("../dist/playground"), emptyOutDir: true, target: "es2023" },
  worker: { format: "es" },
  // What only the worker imports; found late, they would reload the page a developer looks at.
  optimizeDeps: { include: ["@lezer/javascript", "es-module-lexer/js", "sucrase"] },
  server: { fs: { allow: [here("..")] } },
});
