/**
 * Folders that look like a fresh clone after `npm ci` and `npm run build`, in which command lines are run as they
 * stand.
 */
import { execFile } from "node:child_process"
import { delimiter, dirname, join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { Context, Effect, FileSystem, Layer, type Scope } from "effect"
import { Bundle } from "../cli/Bundle.ts"

/** The root of the repository. */
export const root = join(import.meta.dirname, "..", "..")

/** How a command line ended: its exit code, and all that it printed. */
export interface Ending {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export class Workplace extends Context.Service<
  Workplace,
  {
    /** Makes a folder with these programs in it. */
    folder(programs: ReadonlyMap<string, string>): Effect.Effect<string, unknown, Scope.Scope>

    /** Runs a command line in a folder. */
    run(folder: string, line: string): Effect.Effect<Ending>
  }
>()("test/docs/Workplace") {
  static readonly layer = Layer.effect(
    Workplace,
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { executable } = yield* Bundle
      const bin = yield* fs.makeTempDirectoryScoped({ prefix: "glomers-bin-" })
      const writeProgram = (file: string, code: string) => fs.writeFileString(file, code, { mode: 0o755 })

      // `npx` would look for the build of the working copy, which may be an old one or none.
      yield* writeProgram(join(bin, "npx"), `#!/bin/sh\n[ "$1" = glomers ] && shift && exec node ${executable} "$@"\n`)
      // Where there is no Maelstrom, its stand-in takes its place.
      const path = [bin, join(root, "node_modules", ".bin"), process.env["PATH"], join(root, "test", "maelstrom")]
      const env = { ...process.env, PATH: path.join(delimiter) }

      return Workplace.of({
        folder: Effect.fnUntraced(function* (programs) {
          const folder = yield* fs.makeTempDirectoryScoped({ prefix: "glomers-docs-" })
          for (const name of ["node_modules", "package.json", "src"]) {
            yield* fs.symlink(join(root, name), join(folder, name))
          }
          yield* fs.symlink(dirname(executable), join(folder, "dist"))
          yield* fs.makeDirectory(join(folder, "docs"))
          for (const [name, code] of programs) {
            yield* writeProgram(join(folder, name), code)
          }
          return folder
        }),

        run: (cwd, line) =>
          Effect.callback<Ending>((resume) => {
            const child = execFile("sh", ["-c", line], { cwd, env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
              const code = error === null ? 0 : typeof error.code === "number" ? error.code : Number.NaN
              resume(Effect.succeed({ code, stdout, stderr }))
            })
            child.stdin?.end()
            return Effect.sync(() => child.kill())
          })
      })
    })
  ).pipe(Layer.provide([Bundle.layer, NodeFileSystem.layer]))
}
