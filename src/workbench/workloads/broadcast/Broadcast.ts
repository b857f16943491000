/**
 * The `broadcast` workload: what clients tell one node, every node is to know in the end.
 *
 * After `maelstrom.workload.broadcast`.
 */
import { Effect } from "effect"
import * as Protocol from "../../../protocol/Broadcast.ts"
import * as Replies from "../../clients/Replies.ts"
import { withErrors } from "../Completions.ts"
import * as Draw from "../../simulation/Draw.ts"
import { finalRead, type Read } from "../FinalRead.ts"
import { type Completion, type Generator, type Invocation, setup, type Workload } from "../Workload.ts"
import { check } from "./Checker.ts"
import { Results } from "./SetFull.ts"

interface Broadcast extends Invocation {
  readonly f: "broadcast"
  readonly value: number
}

type BroadcastInvocation = Broadcast | Read

/**
 * `broadcast`: its value is an integer: 0, 1, 2, … in the order in which clients begin. `read`: it completes with the
 * list of values that the node knows. Both are as likely.
 */
export const workload: Workload<BroadcastInvocation, Generator<BroadcastInvocation>, Results> = {
  name: "broadcast",
  rpcs: Protocol.Broadcast,
  functions: ["broadcast", "read"],
  check,
  results: Results,
  stableLatency: ({ stableLatencies }) => stableLatencies,

  generator: (_options, random) => {
    let nextValue = 0
    return {
      next: () =>
        Draw.pick(random, ["broadcast", "read"]) === "broadcast"
          ? { f: "broadcast", value: nextValue++ }
          : { f: "read", value: null }
    }
  },

  finalGenerator: finalRead,

  setup: setup(Replies.Broadcast.topology, ({ topology }) => ({ topology })),

  client: (connection) => ({
    invoke: (operation) =>
      operation.f === "broadcast"
        ? Effect.as(connection.call(Replies.Broadcast.broadcast, { message: operation.value }), {
            type: "ok" as const
          })
        : Effect.map(connection.call(Replies.Broadcast.read, {}), ({ messages }): Completion => ({
            type: "ok",
            value: messages ?? []
          }))
  }),

  onError: withErrors(new Set(["read"]))
}
