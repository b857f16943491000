/**
 * A node's own items, also when it has been here before and forgot.
 */
import { Effect, FiberHandle, type Schema, type Scope } from "effect"
import type { Replica } from "./Replica.ts"
import * as VersionVector from "./VersionVector.ts"

export interface OwnLog {
  /**
   * Takes an item and returns its place among all that were taken since the node started, from 0. Until it is published
   * nobody else hears of it, so that none takes what only waits for the next flush for something that it missed.
   */
  add(item: Schema.Json): number
  /** Adds to the log what has been taken, if this is possible at present. */
  publish(): void
  /** How many items wait to be published. */
  readonly waiting: number
  /** The place in the log of an item, which is `Infinity` as long as that cannot be told. */
  placeInLog(place: number): number
  /** Whether this node takes items of its own log from others at present. */
  readonly isRejoining: boolean
  /** What of `have`, which another node says it has, can be true. */
  credible(have: VersionVector.VersionVector): Effect.Effect<VersionVector.VersionVector>
}

/**
 * A node that others know more of than it has appended was here before. If nobody knows an item of its present life yet,
 * it takes these off its log, asks all others for what it said before, and after a while is ready to publish them anew
 * behind that; then it runs `onRejoined`. At any later time it takes such a thing for an error of the other's.
 */
export const make = Effect.fnUntraced(function* (
  { ask, log, name, peers, pushed, repair, self }: Replica,
  {
    isKnownElsewhere,
    onRejoined
  }: {
    /** Whether another node is known to have an item of the present life. */
    readonly isKnownElsewhere: () => boolean
    readonly onRejoined: Effect.Effect<void>
  }
): Effect.fn.Return<OwnLog, never, Scope.Scope> {
  const rejoining = yield* FiberHandle.make()
  const waiting: Array<Schema.Json> = []
  let taken = 0
  /** Where the present life begins in the log. */
  let first = 0
  let isRejoining = false

  const rejoin = Effect.gen(function* () {
    yield* Effect.logWarning(`${name}: this node was here before, and asks the others for what it said then`)
    for (const how of ["always", "difference"] as const) {
      for (const peer of peers) {
        yield* ask(peer, how)
      }
      yield* Effect.sleep(repair.confirmAfter)
    }
    first = log.version[self]!
    pushed[self] = first
    isRejoining = false
    yield* onRejoined
  })

  return {
    add: (item) => {
      waiting.push(item)
      return taken++
    },

    publish: () => {
      if (isRejoining) {
        return
      }
      for (const item of waiting.splice(0)) {
        log.append(self, item)
      }
    },

    get waiting() {
      return waiting.length
    },

    placeInLog: (place) => (isRejoining ? Number.POSITIVE_INFINITY : first + place),

    get isRejoining() {
      return isRejoining
    },

    credible: Effect.fnUntraced(function* (have) {
      if (isRejoining || have[self]! <= log.version[self]!) {
        return have
      }
      if (first === 0 && !isKnownElsewhere()) {
        isRejoining = true
        waiting.unshift(...log.withdraw(self))
        pushed[self] = 0
        yield* FiberHandle.run(rejoining, rejoin)
        return have
      }
      yield* Effect.logWarning(
        `${name}: another node knows ${have[self]} items of this node, which has sent ${log.version[self]}`
      )
      return have.with(self, log.version[self]!)
    })
  }
})
