/**
 * The `broadcast` workload: what clients tell one node, every node is to know in the end.
 *
 * After `maelstrom.workload.broadcast`.
 */
import { Effect } from "effect"
import { Broadcast, Read, Topology } from "../../../protocol/Broadcast.ts"
import { withErrors } from "../Completions.ts"
import * as Draw from "../../simulation/Draw.ts"
import { finalRead } from "../FinalRead.ts"
import type { Completion, Invocation, Workload } from "../Workload.ts"
import { check } from "./Checker.ts"

interface BroadcastInvocation extends Invocation {
  readonly f: "broadcast"
  readonly value: number
}

interface ReadInvocation extends Invocation {
  readonly f: "read"
  readonly value: null
}

/**
 * `broadcast`: its value is an integer: 0, 1, 2, … in the order in which clients begin. `read`: it completes with the
 * list of values that the node knows. Both are as likely.
 */
export const workload: Workload = {
  name: "broadcast",
  rpcs: [Topology, Broadcast.broadcast, Read],
  functions: ["broadcast", "read"],
  check,

  generator: (_options, random) => {
    let nextValue = 0
    return {
      next: (): BroadcastInvocation | ReadInvocation =>
        Draw.pick(random, ["broadcast", "read"]) === "broadcast"
          ? { f: "broadcast", value: nextValue++ }
          : { f: "read", value: null }
    }
  },

  finalGenerator: finalRead,

  setup: (connection, { topology }) => connection.call(Topology, { topology }),

  client: (connection) => ({
    invoke: (operation: BroadcastInvocation | ReadInvocation) =>
      operation.f === "broadcast"
        ? Effect.as(connection.call(Broadcast.broadcast, { message: operation.value }), { type: "ok" as const })
        : Effect.map(connection.call(Read, {}), ({ messages }): Completion => ({ type: "ok", value: messages }))
  }),

  onError: withErrors(new Set(["read"]))
}
