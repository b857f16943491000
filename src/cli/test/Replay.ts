/**
 * The command that runs one test of many again, for a shell.
 */
import { Effect, Path, Stdio } from "effect"
import * as Arguments from "../process/Arguments.ts"
import type { TestPlan } from "../plan/TestPlan.ts"

/** The command that repeats `plan` alone, from the command line that planned it among others. */
export const command = Effect.fnUntraced(function* ({ challenge, seed }: Pick<TestPlan, "challenge" | "seed">) {
  const path = yield* Path.Path
  const args = yield* Effect.flatMap(Stdio.Stdio, (stdio) => stdio.args)
  return Arguments.quoted([...program(path), ...Arguments.replay(args, challenge, seed)])
})

/** How this program is started, from where it is started now. */
const program = (path: Path.Path): ReadonlyArray<string> => {
  const entry = process.argv[1] ?? "glomers"
  return path.extname(entry) === "" ? [path.basename(entry)] : ["node", path.relative(process.cwd(), entry)]
}
