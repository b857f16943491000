/**
 * A node as a process of its own.
 */
import * as NodeStdio from "@effect/platform-node/NodeStdio"
import { Effect, Layer } from "effect"
import { defaultStrategy } from "../../challenges/Challenge.ts"
import { challenges } from "../../challenges/registry.ts"
import { withAborts } from "../../challenges/transactions/AbortRate.ts"
import * as NodeProgram from "../../services/NodeProgram.ts"
import { Transport } from "../../services/Transport.ts"

/**
 * A challenge's node on this process's stdin and stdout, with its default strategy unless another is named; undefined
 * where there is no such challenge or strategy. A share of its transactions is aborted if `abortRate` says so.
 */
export const program = (id: string | undefined, strategy: string | undefined, abortRate?: number) => {
  const challenge = challenges.find((challenge) => challenge.id === id)
  const layer = challenge?.strategies[strategy ?? defaultStrategy(challenge)]?.layer
  return layer === undefined
    ? undefined
    : NodeProgram.run(abortRate === undefined ? layer : withAborts(layer, abortRate)).pipe(
        Effect.provide(Transport.layerStdio.pipe(Layer.provideMerge(NodeStdio.layer))),
        // A node whose stdout is closed ends while its stdin is still open, which would keep the process alive.
        Effect.ensuring(Effect.sync(() => process.stdin.destroy()))
      )
}
