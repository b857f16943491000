/**
 * `glomers node <challenge>`: one node as a process, which is what Maelstrom starts.
 */
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { challenges } from "../../challenges/registry.ts"
import { CannotRun } from "../process/CannotRun.ts"
import { program } from "./nodeProcess.ts"
import { abortRate, abortRateProblem } from "../flags/TestFlags.ts"

export const node = Command.make(
  "node",
  {
    challenge: Argument.ChoiceWithValue(
      "challenge",
      challenges.map((challenge) => [challenge.id, challenge] as const)
    ).pipe(Argument.withDescription("The challenge that this node solves")),
    strategy: Flag.String("strategy").pipe(
      Flag.withDescription("How it solves it; `glomers list` shows the choices"),
      Flag.optional
    ),
    abortRate
  },
  Effect.fn("glomers.node")(function* ({ abortRate, challenge, strategy }) {
    const problem = Option.isSome(abortRate) ? abortRateProblem(challenge) : undefined
    if (problem !== undefined) {
      return yield* new CannotRun({ text: problem })
    }
    const run = program(challenge.id, Option.getOrUndefined(strategy), Option.getOrUndefined(abortRate))
    return yield* (
      run ??
        new CannotRun({
          text:
            `challenge ${challenge.id} has no strategy ${Option.getOrElse(strategy, () => "")}, ` +
            `expected one of: ${Object.keys(challenge.strategies).join(", ")}`
        })
    )
  })
).pipe(
  Command.withDescription("Run one node on stdin and stdout, as Maelstrom starts it"),
  Command.withExamples([
    {
      command: "maelstrom test -w echo --bin dist/glomers.mjs --node-count 1 --time-limit 10 -- node 1",
      description: "Run challenge 1 under Maelstrom"
    }
  ])
)
