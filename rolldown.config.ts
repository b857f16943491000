import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { defineConfig } from "rolldown"

/** The commit that is built; undefined where this is no clone, or there is no git. */
const commit = (): string | undefined => {
  // A folder above may be a clone of something else.
  if (!existsSync(join(import.meta.dirname, ".git"))) {
    return undefined
  }
  try {
    return execFileSync("git", ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"], {
      cwd: import.meta.dirname,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"]
    }).trim()
  } catch {
    return undefined
  }
}

// One file that Maelstrom can start, on Node 20 as well and without node_modules. What a node does not need is loaded
// from chunks beside it.
export default defineConfig({
  input: { glomers: "src/cli/main.ts" },
  platform: "node",
  transform: { target: "node20", define: { GLOMERS_COMMIT: JSON.stringify(commit()) ?? "undefined" } },
  output: {
    dir: "dist",
    format: "esm",
    minify: true,
    entryFileNames: "[name].mjs",
    chunkFileNames: "glomers-[name].mjs",
    cleanDir: true
  }
})
