/**
 * Primary–backup: the node that a client tells a value sends it to all others at once, and makes one of them, drawn at
 * random, its backup: that repeats to all what it was entrusted with, every four seconds in one message. What gets lost
 * even so comes with a slow full sync of everyone with everyone.
 *
 * After a published solution of 3d and 3e that is known to us by its description and its figures. A value takes one hop
 * and n − 1 messages; repeats and syncs add n(n − 1) messages per period each, the syncs also without load.
 */
import { Effect, Random, Schedule, Schema } from "effect"
import * as OneWay from "../../../protocol/OneWay.ts"
import { Node } from "../../../services/Node.ts"
import { Timers } from "../../../services/Timers.ts"
import * as PeriodicSync from "./periodicSync.ts"
import * as Dissemination from "./Dissemination.ts"

/** The node: a value goes to everybody at once, and again from its backup. */
export const layer = Dissemination.layer(
  Effect.fnUntraced(function* (local) {
    const node = yield* Node
    const timers = yield* Timers
    const { peers } = node
    const toAll = (values: ReadonlyArray<Schema.Json>) =>
      Effect.forEach(peers, (id) => node.send(Dissemination.Tell, id, { values }), { discard: true })

    const entrusted: Array<Schema.Json> = []
    yield* node.receive(Entrust, ({ value }) => Effect.sync(() => void entrusted.push(...local.learn([value]))))
    yield* timers.recur(
      "broadcast: repeat as a backup",
      Schedule.jittered(Schedule.spaced("4 seconds")),
      Effect.suspend(() => (entrusted.length === 0 ? Effect.void : toAll(entrusted.splice(0))))
    )
    yield* PeriodicSync.every("6 seconds", local)

    return Effect.fnUntraced(function* (value) {
      const backup = yield* Random.nextIntBetween(0, peers.length, { halfOpen: true })
      for (const [index, id] of peers.entries()) {
        yield* index === backup
          ? node.send(Entrust, id, { value })
          : node.send(Dissemination.Tell, id, { values: [value] })
      }
    })
  })
)

/** Tells a value and asks to repeat it. */
const Entrust = OneWay.make("entrust", { value: Schema.Json })
