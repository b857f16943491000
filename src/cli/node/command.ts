/**
 * `glomers node <challenge>`: one node as a process, which is what Maelstrom starts.
 */
import { Effect, Layer, Option } from "effect"
import { Command } from "effect/cli"
import { Durability } from "../../services/Durability.ts"
import * as ChallengeLookup from "../flags/ChallengeLookup.ts"
import { abortRateProblem } from "../flags/TestFlags.ts"
import * as DataDirectory from "./DataDirectory.ts"
import { CannotRun } from "../process/CannotRun.ts"
import { parameters } from "./parameters.ts"
import { runNode } from "./runNode.ts"

/** The command. It loads no workbench. */
export const node = Command.make(
  "node",
  parameters,
  Effect.fn("glomers.node")(function* ({ abortRate, challenge, dataDir, durability, strategy }) {
    const problem = Option.isSome(abortRate) ? abortRateProblem(challenge) : undefined
    if (problem !== undefined) {
      return yield* new CannotRun({ text: problem })
    }
    const { layer } = yield* ChallengeLookup.strategy(challenge, Option.getOrUndefined(strategy))
    if (Option.contains(durability, "synced") && Option.isNone(dataDir)) {
      return yield* new CannotRun({ text: "--durability synced needs a disk, expected a --data-dir as well" })
    }
    const settings = Layer.mergeAll(
      Layer.succeed(
        Durability,
        Option.getOrElse(durability, () => "memory")
      ),
      Option.match(dataDir, { onNone: () => Layer.empty, onSome: DataDirectory.layer })
    )
    return yield* Effect.provide(runNode(layer, Option.getOrUndefined(abortRate)), settings)
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
