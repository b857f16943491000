import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Random, Result, Schema } from "effect"
import { Init } from "../../../src/protocol/Init.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as Rpc from "../../../src/protocol/Rpc.ts"
import * as Client from "../../../src/workbench/clients/Client.ts"
import * as Network from "../../../src/workbench/network/Network.ts"
import type { RunningNode } from "../../../src/workbench/nodes/NodeHost.ts"
import * as Process from "../../../src/workbench/nodes/process/Process.ts"
import * as RealTime from "../../../src/workbench/simulation/RealTime.ts"

export const n0 = NodeId.make("n0")
export const n1 = NodeId.make("n1")

/** How often the fixture `echo.mjs` was asked for something since it was started, and how it was asked now. */
export const Count = Rpc.make("count", { reply: { asked: Schema.Int, pid: Schema.Int, line: Schema.String } })

/** The path of a node among the fixtures. */
export const fixture = (name: string): string => `${import.meta.dirname}/../../fixtures/nodes/${name}`

/** A network in real time and a host, whose nodes run a fixture with an argument unless the options say otherwise. */
export const make = Effect.fnUntraced(function* (
  script: string,
  argument = "",
  options: Partial<Process.Options> = {}
) {
  const network = Network.make(yield* RealTime.make, yield* Random.Random, {
    latency: 0,
    latencyDistribution: "constant"
  })
  const host = yield* Process.make({
    bin: process.execPath,
    args: [fixture(script), argument],
    network,
    ...options
  })
  const connect = Client.make(network)
  const init = (id: NodeId) => connect(id).call(Init, { node_id: id, node_ids: [n0, n1] })
  return { network, host, connect, init }
}, Effect.provide(NodeServices.layer))

/** Waits until there is no process of that id any more. */
export const awaitGone = (pid: number): Effect.Effect<void> =>
  eventually(Effect.sync(() => Result.isFailure(Result.try(() => process.kill(pid, 0)))))

/** Waits until a node has logged a line, and hands out what the pattern's first group matches. */
export const logged = Effect.fnUntraced(function* (node: RunningNode, pattern: RegExp) {
  const find = Effect.map(node.log, (lines) => pattern.exec(lines.join("\n")))
  yield* eventually(Effect.map(find, (match) => match !== null))
  return (yield* find)![1]!
})

const eventually = (condition: Effect.Effect<boolean>): Effect.Effect<void> =>
  Effect.flatMap(condition, (holds) => (holds ? Effect.void : Effect.andThen(Effect.sleep(10), eventually(condition))))
