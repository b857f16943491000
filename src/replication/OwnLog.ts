/**
 * The log of this node, resumed after a restart with empty memory: a new incarnation, in the word of Das et al., "SWIM"
 * (2002).
 *
 * What a node appends in one incarnation has sequence numbers from 0. In its log, which the others keep from one
 * incarnation to the next, these follow what earlier incarnations appended.
 */
import { Effect, FiberHandle, type Schema, type Scope } from "effect"
import type { Replica } from "./Replica.ts"
import * as VersionVector from "./VersionVector.ts"

export interface OwnLog {
  /**
   * Takes an item and returns its sequence number in this incarnation. Until it is published nobody else hears of it,
   * so that none takes what only waits for the next flush for something that it missed.
   */
  add(item: Schema.Json): number
  /** Adds to the log what has been taken, if this is possible at present. */
  publish(): void
  /** How many items wait to be published. */
  readonly waiting: number
  /** The sequence number in the log of an item of this incarnation, `Infinity` as long as that cannot be told. */
  seqInLog(seq: number): number
  /** Whether this node takes items of its own log from others at present. */
  readonly isRejoining: boolean
  /**
   * What another node says it has, with no more of this node's own log than there is. May find that this node rejoins.
   */
  clampToOwnLog(have: VersionVector.VersionVector): Effect.Effect<VersionVector.VersionVector>
}

/**
 * A node of whose log others have more than it has appended had an earlier incarnation. If nobody has an item of the
 * present one yet, it rejoins: it takes these off its log, asks all others for what it appended before, and after a
 * while is ready to publish them anew behind that; then it runs `onRejoined`. At any later time it takes such a thing
 * for an error of the other's.
 *
 * SWIM numbers incarnations. Here nothing outlives a crash that could, and the length of the log does instead: a node
 * that others have more of than it has appended has been there before.
 */
export const make = Effect.fnUntraced(function* (
  { ask, log, peers, pushed, repair, self }: Replica,
  {
    isKnownElsewhere,
    onRejoined
  }: {
    /** Whether another node is known to have an item of the present incarnation. */
    readonly isKnownElsewhere: () => boolean
    readonly onRejoined: Effect.Effect<void>
  }
): Effect.fn.Return<OwnLog, never, Scope.Scope> {
  const rejoining = yield* FiberHandle.make()
  const waiting: Array<Schema.Json> = []
  let taken = 0
  /** The sequence number in the log at which the present incarnation begins. */
  let incarnationStart = 0
  let isRejoining = false

  const rejoin = Effect.gen(function* () {
    yield* Effect.logWarning("This node had an earlier incarnation, and asks the others for what it appended then")
    // "always" brings what each has; "difference", a while later, what that was too long for or the network lost.
    for (const how of ["always", "difference"] as const) {
      for (const peer of peers) {
        yield* ask(peer, how)
      }
      yield* Effect.sleep(repair.confirmAfter)
    }
    incarnationStart = log.version[self]!
    pushed[self] = incarnationStart
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

    seqInLog: (seq) => (isRejoining ? Number.POSITIVE_INFINITY : incarnationStart + seq),

    get isRejoining() {
      return isRejoining
    },

    clampToOwnLog: Effect.fnUntraced(function* (have) {
      if (isRejoining || have[self]! <= log.version[self]!) {
        return have
      }
      if (incarnationStart === 0 && !isKnownElsewhere()) {
        isRejoining = true
        waiting.unshift(...log.withdraw(self))
        pushed[self] = 0
        yield* FiberHandle.run(rejoining, rejoin)
        return have
      }
      yield* Effect.logWarning(
        `Another node knows ${have[self]} items of this node, which has sent ${log.version[self]}`
      )
      return have.with(self, log.version[self]!)
    })
  }
})
