/**
 * Finds the executables of Maelstrom and of the nodes that it starts.
 */
import { Config, Effect, FileSystem, Option, Path } from "effect"
import { delimiter } from "node:path"
import { official } from "../../challenges/Official.ts"
import { CannotRun } from "../process/CannotRun.ts"

/**
 * The path of Maelstrom's executable: what `$MAELSTROM` names, itself or as the folder that it is in, or else the first
 * `maelstrom` on the `PATH`. `CannotRun` says how to come by one.
 */
export const maelstrom = Effect.fn("Executable.maelstrom")(function* (challenge: string) {
  const path = yield* Path.Path
  const named = yield* variable("MAELSTROM")
  if (named !== "") {
    const found = yield* firstExecutable([path.resolve(named), path.resolve(named, "maelstrom")])
    return yield* Option.match(found, {
      onNone: () =>
        new CannotRun({ text: `$MAELSTROM is ${named}, expected an executable, or a folder with a maelstrom in it` }),
      onSome: Effect.succeed
    })
  }
  const folders = (yield* variable("PATH")).split(delimiter).filter((folder) => folder !== "")
  const found = yield* firstExecutable(folders.map((folder) => path.resolve(folder, "maelstrom")))
  return yield* Option.match(found, {
    onNone: () => new CannotRun({ text: waysOn(challenge) }),
    onSome: Effect.succeed
  })
})

/** The path of this program as one file that Maelstrom can start. `CannotRun` if it has not been built. */
export const nodes = Effect.gen(function* () {
  const path = yield* Path.Path
  const fromSources = import.meta.url.endsWith(".ts")
  const file = path.join(import.meta.dirname, fromSources ? "../../../dist/glomers.mjs" : "glomers.mjs")
  return yield* Option.match(yield* firstExecutable([file]), {
    onNone: () =>
      new CannotRun({ text: `there is no executable ${file} for Maelstrom to run: \`npm run build\` first` }),
    onSome: Effect.succeed
  })
}).pipe(Effect.withSpan("Executable.nodes"))

const variable = (name: string) => Effect.orDie(Config.String(name).pipe(Config.withDefault("")))

const firstExecutable = Effect.fnUntraced(function* (files: ReadonlyArray<string>) {
  const fileSystem = yield* FileSystem.FileSystem
  for (const file of files) {
    const info = Option.getOrUndefined(yield* Effect.option(fileSystem.stat(file)))
    if (info?.type === "File" && (info.mode & 0o111) !== 0) {
      return Option.some(file)
    }
  }
  return Option.none<string>()
})

const waysOn = (challenge: string): string => {
  const run = Object.hasOwn(official, challenge)
    ? `\`nix run .#challenge-${challenge}\` runs it, and \`nix develop\` has it on the PATH`
    : "`nix develop` has it on the PATH"
  return [
    "there is no Maelstrom here: no `maelstrom` on the PATH, and $MAELSTROM is not set. Three ways on:",
    `  with Nix:     ${run}`,
    "  its release:  unpack the archive from https://github.com/jepsen-io/maelstrom/releases, set MAELSTROM to its",
    "                folder, and install what it needs: a JDK, Graphviz and gnuplot",
    `  without it:   \`glomers test ${challenge}\` runs the same test in the embedded workbench`
  ].join("\n")
}
