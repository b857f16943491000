/**
 * Runs of `glomers maelstrom` with a stand-in for Maelstrom.
 */
import { Effect, FileSystem } from "effect"
import { temporaryDirectory } from "../Printed.ts"
import { run } from "../Process.ts"

/** The folder of the stand-in. */
export const fakes = `${import.meta.dirname}/../../maelstrom`

/** The folder of a program named `maelstrom`: a shell script. */
export const script = Effect.fnUntraced(function* (lines: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const folder = yield* temporaryDirectory
  yield* fileSystem.writeFileString(`${folder}/maelstrom`, `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
  return folder
})

/** Runs `glomers maelstrom` with the stand-in, which the environment can make misbehave. */
export const maelstrom = Effect.fnUntraced(function* (args: ReadonlyArray<string>, env: Record<string, string> = {}) {
  const out = yield* temporaryDirectory
  return { out, ...(yield* run(["maelstrom", ...args, "--out", out], { MAELSTROM: fakes, ...env })) }
})

/** The command line that Maelstrom logged in the last run of a folder. */
export const commandLine = Effect.fnUntraced(function* (out: string) {
  const fileSystem = yield* FileSystem.FileSystem
  const log = yield* fileSystem.readFileString(`${out}/store/latest/jepsen.log`)
  return log.split("\n")[1]
})
