/**
 * Batched tree: the tree of {@link relay}, but a node gathers for a second what its clients tell it and sends that as
 * one message, which travels on at once.
 *
 * After emilioziniades/gossip-gloomers, 3e. A node's batch costs 2(n − 1) messages however many values are in it; for
 * that a value waits half a second in the middle before its first hop.
 */
import { Effect, Schedule, type Schema } from "effect"
import { Timers } from "../../../services/Timers.ts"
import { relay } from "./ackedTree.ts"
import * as Dissemination from "./Dissemination.ts"

/** The node: one batch a second, relayed along the tree. */
export const layer = Dissemination.layer(
  Effect.fnUntraced(function* ({ learn }) {
    const timers = yield* Timers
    const pass = yield* relay(learn)
    const waiting: Array<Schema.Json> = []
    yield* timers.recur(
      "broadcast: send the batch",
      Schedule.spaced("1 second"),
      Effect.suspend(() => pass(waiting.splice(0)))
    )
    return (value) => Effect.sync(() => void waiting.push(value))
  })
)
