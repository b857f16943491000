/**
 * What runs of the program leave behind, for tests: a folder of their own, and lines of JSON.
 */
import { Effect, FileSystem } from "effect"

/** A folder that is removed when the test is over. */
export const temporaryDirectory = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())

/** The reports that are printed with `--json`, a line each. */
export const parsed = (stdout: string) =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))
