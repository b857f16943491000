/**
 * Runs a node as a process of its own, on this process's stdin and stdout.
 */
import * as NodeStdio from "@effect/platform-node/NodeStdio"
import { Effect, Layer } from "effect"
import { withAborts } from "../../challenges/transactions/AbortRate.ts"
import * as NodeProgram from "../../services/NodeProgram.ts"
import { CannotRun } from "../process/CannotRun.ts"
import { Transport } from "../../services/Transport.ts"

/**
 * Runs a strategy's node until its stdin ends. A share of its transactions is aborted if `abortRate` says so. Fails
 * with
 * `CannotRun` where it cannot store what it has to.
 */
export const runNode = (layer: NodeProgram.NodeLayer, abortRate?: number) =>
  NodeProgram.run(abortRate === undefined ? layer : withAborts(layer, abortRate)).pipe(
    Effect.catchTag("StorageError", ({ text }) => Effect.fail(new CannotRun({ text }))),
    Effect.provide(Transport.layerStdio.pipe(Layer.provideMerge(NodeStdio.layer))),
    // A node whose stdout is closed ends while its stdin is still open, which would keep the process alive.
    Effect.ensuring(Effect.sync(() => process.stdin.destroy()))
  )
