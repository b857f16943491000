import { defineConfig } from "vitest/config"

/** Builds the program once for all files that run it as it is shipped. */
const globalSetup = ["test/cli/buildProgram.ts"]

/** What is slow by nature: much simulated time, long lines, many processes. */
const slow = "test/**/*.slow.test.ts"

// `npm test` runs the quick projects, `unit` and `program`; `npm run test:all` the others.
export default defineConfig({
  test: {
    // Vitest leaves a core alone; half of the tests wait for processes that they have started.
    maxWorkers: "100%",
    // Nothing here takes more than a few seconds, except where other work keeps the machine busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests share no state, and a worker a file would load Effect 120 times.
    isolate: false,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["test/**/*.test.ts"], exclude: [slow, "test/cli/**", "test/docs/**"] }
      },
      // The commands, most of them as processes.
      {
        extends: true,
        test: {
          name: "program",
          include: ["test/cli/**/*.test.ts"],
          exclude: [slow, "**/*.sweep.test.ts"],
          globalSetup
        }
      },
      { extends: true, test: { name: "slow", include: [slow], testTimeout: 120_000, globalSetup } },
      // Every command line of the docs, as it stands there: minutes of them.
      { extends: true, test: { name: "docs", include: ["test/docs/**/*.test.ts"], globalSetup } },
      // The same sweeps as in `unit`, over all their seeds; and those over all challenges, each as a process.
      {
        extends: true,
        test: { name: "sweeps", include: ["test/**/*.sweep.test.ts"], env: { SWEEP: "all" }, globalSetup }
      }
    ]
  }
})
