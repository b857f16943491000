/**
 * Periodic full sync: every half a second a node tells every other node all that it knows.
 *
 * The simplest design that survives everything, and found in many published solutions of 3c to 3e. It costs n(n − 1)
 * messages per period, load or not, and each is as long as all values together: the characters grow with the square of
 * the time that a cluster runs.
 */
import { Effect, Schedule } from "effect"
import { Node } from "../../../services/Node.ts"
import { Timers } from "../../../services/Timers.ts"
import * as Dissemination from "./Dissemination.ts"

/** The node: all values to all nodes, every half a second. */
export const layer = Dissemination.layer(
  Effect.fnUntraced(function* (local) {
    yield* every("500 millis", local)
    return () => Effect.void
  })
)

/** Tells every other node everything from now on, at this interval with jitter. */
export const every = Effect.fnUntraced(function* (
  interval: Parameters<typeof Schedule.spaced>[0],
  { learn, values }: Dissemination.LocalState
) {
  const node = yield* Node
  const timers = yield* Timers
  yield* node.receive(Dissemination.Tell, (told) => Effect.sync(() => void learn(told.values)))
  yield* timers.recur(
    "broadcast: full sync",
    Schedule.jittered(Schedule.spaced(interval)),
    Effect.suspend(() => {
      const all = [...values]
      return all.length === 0
        ? Effect.void
        : Effect.forEach(node.peers, (id) => node.send(Dissemination.Tell, id, { values: all }), { discard: true })
    })
  )
})
