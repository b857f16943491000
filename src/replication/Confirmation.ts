/**
 * Confirms that somebody has what this node pushed, and suspects a hub that gives no sign of it: a failure detector by
 * timeouts, which may be wrong about a node that is only slow.
 */
import { Effect, FiberHandle, type Scope } from "effect"
import type { Replica } from "./Replica.ts"
import * as VersionVector from "./VersionVector.ts"

export interface Confirmation {
  /** How many items of this node's log another node is known to have had. */
  readonly count: number
  /** Another node says that it has `count` items of this node's log: any of its messages acknowledges that many. */
  note(count: number): void
  /** Completes once another node is known to have as many items of this node's log as `goal` says by then. */
  when(goal: () => number): Effect.Effect<void>
  /** Asks for a sign if there is none soon that what was pushed has arrived. */
  readonly watch: Effect.Effect<void>
}

/**
 * A node that everything depends on, and that gives no sign for twice `confirmAfter`, is suspected to be out of reach;
 * `onSuspicion` then is to send again, to whoever takes its place.
 */
export const make = Effect.fnUntraced(function* (
  { ask, asked, askOneOf, indexOf, known, peers, pushed, repair, role, self, suspected }: Replica,
  onSuspicion: Effect.Effect<void>
): Effect.fn.Return<Confirmation, never, Scope.Scope> {
  const waiting = new Set<{ readonly goal: () => number; readonly resume: () => void }>()
  let count = 0

  /** The hub of a star is to have all that went there; elsewhere anyone is to have this node's own items. */
  const isConfirmed = (goal: VersionVector.VersionVector) => {
    const { replaceable, targets } = role()
    return replaceable
      ? targets.some((target) => !VersionVector.isAhead(goal, known[indexOf(target)!]!))
      : goal[self]! <= count
  }

  const suspectTargets = Effect.suspend(() => {
    const { replaceable, targets } = role()
    const silent = targets.filter((target) => asked.has(target))
    if (!replaceable || silent.length === 0) {
      return Effect.void
    }
    for (const target of silent) {
      suspected.add(target)
      // What it is not known to have it may not have passed on.
      VersionVector.meet(pushed, known[indexOf(target)!]!)
    }
    return Effect.andThen(
      Effect.logInfo(`${silent.join(", ")} is out of reach, went on to ${role().targets.join(", ")}`),
      onSuspicion
    )
  })

  const askTargets = Effect.suspend(() => {
    const { targets } = role()
    return targets.length === 1 ? ask(targets[0]!, "always") : askOneOf(targets.length > 1 ? targets : peers, "always")
  })

  const watching = yield* FiberHandle.make()
  const look = Effect.gen(function* () {
    const goal = [...pushed]
    const isUnconfirmed = Effect.delay(
      Effect.sync(() => !isConfirmed(goal)),
      repair.confirmAfter
    )
    if (yield* isUnconfirmed) {
      yield* askTargets
      if (yield* isUnconfirmed) {
        yield* suspectTargets
        yield* askOneOf(peers, "always")
      }
    }
    return isConfirmed(pushed)
  })
  // Not one of `Timers`, which run until their scope closes: this ends once there is nothing left to confirm.
  const keepWatch = Effect.repeat(look, { until: (isDone) => isDone })
  const watch = Effect.suspend(() =>
    peers.length === 0 || isConfirmed(pushed)
      ? Effect.void
      : FiberHandle.run(watching, keepWatch, { onlyIfMissing: true })
  )

  return {
    get count() {
      return count
    },

    note: (has) => {
      if (has <= count) {
        return
      }
      count = has
      for (const waiter of waiting) {
        if (waiter.goal() > count) {
          continue
        }
        waiting.delete(waiter)
        waiter.resume()
      }
    },

    when: (goal) =>
      Effect.callback((resume) => {
        if (peers.length === 0 || goal() <= count) {
          return resume(Effect.void)
        }
        const waiter = { goal, resume: () => resume(Effect.void) }
        waiting.add(waiter)
        return Effect.sync(() => void waiting.delete(waiter))
      }),

    watch
  }
})
