import { defineConfig } from "rolldown"

// One file that Maelstrom can start, on Node 20 as well and without node_modules. What a node does not need is loaded
// from chunks beside it.
export default defineConfig({
  input: { glomers: "src/cli/main.ts" },
  platform: "node",
  transform: { target: "node20" },
  output: {
    dir: "dist",
    format: "esm",
    minify: true,
    entryFileNames: "[name].mjs",
    chunkFileNames: "glomers-[name].mjs",
    cleanDir: true
  }
})
