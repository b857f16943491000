import { defineConfig } from "vitest/config"

// Nothing here takes more than a few seconds, except where other work keeps the machine busy.
const testTimeout = 60_000

export default defineConfig({
  test: {
    // Vitest leaves a core alone; half of the tests wait for processes that they have started.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/docs/**"],
          testTimeout,
          // Tests share no state, and a worker a file would load Effect 120 times.
          isolate: false
        }
      },
      // Every command line of the docs, as it stands there: minutes of them.
      { test: { name: "docs", include: ["test/docs/**/*.test.ts"], testTimeout } },
      // The same sweeps as in `unit`, over all their seeds.
      { test: { name: "sweeps", include: ["test/**/*.sweep.test.ts"], env: { SWEEP: "all" }, testTimeout } }
    ]
  }
})
