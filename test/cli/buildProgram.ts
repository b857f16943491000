/**
 * Builds the program as it is shipped, once for a run of tests, in a folder that has no `node_modules` above it.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Path } from "effect"
import { build } from "rolldown"
import type { TestProject } from "vitest/node"
import config from "../../rolldown.config.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** The path of the built program. */
    readonly executable: string
  }
}

/** Vitest calls this before the first test, and what it returns after the last. */
export const setup = (project: TestProject) =>
  Effect.gen(function* () {
    const fileSystem = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const dir = yield* fileSystem.makeTempDirectory({ prefix: "glomers-" })
    yield* Effect.promise(() => build({ ...config, output: { ...config.output, dir } }))
    const executable = path.join(dir, "glomers.mjs")
    // Maelstrom starts the program itself.
    yield* fileSystem.chmod(executable, 0o755)
    project.provide("executable", executable)
    return () => Effect.runPromise(fileSystem.remove(dir, { recursive: true }))
  }).pipe(Effect.provide(NodeServices.layer), Effect.runPromise)
