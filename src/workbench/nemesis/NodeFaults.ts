/**
 * Faults of nodes: pauses and crashes.
 */
import { Effect, type Random } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { RunningNode } from "../nodes/NodeHost.ts"
import * as Draw from "../simulation/Draw.ts"
import type { Fault } from "./Fault.ts"

/** Which nodes are paused or crashed at present. A node that is one of these is spared by the other fault. */
export type Absent = Map<NodeId, "paused" | "crashed">

/** Stops some nodes where they are, fewer than half of those there are (or one, of one or two), and lets them go on. */
export const pause = (nodes: ReadonlyArray<RunningNode>, absent: Absent, random: Random.Random): Fault => ({
  name: "pause",
  start: () => ({
    value: "minority",
    perform: Effect.suspend(() => {
      const most = Math.max(1, Math.ceil(nodes.length / 2) - 1)
      const chosen = Draw.shuffle(random, present(nodes, absent)).slice(0, 1 + Draw.integerBelow(random, most))
      for (const { id } of chosen) {
        absent.set(id, "paused")
      }
      return Effect.as(
        forEach(chosen, ({ pause }) => pause),
        ["paused", ids(nodes, chosen)]
      )
    })
  }),
  stop: () => ({
    value: null,
    perform: Effect.suspend(() => {
      const paused = nodes.filter(({ id }) => absent.get(id) === "paused")
      return Effect.as(
        forEach(paused, ({ id, resume }) => Effect.andThen(resume, forget(absent, id))),
        ["resumed", ids(nodes, paused)]
      )
    })
  })
})

/**
 * Ends a node at once, and starts it again with empty memory. `restart` starts a crashed node and initialises it. If
 * it fails or is interrupted, the node is ended again, so that it can be restarted later.
 */
export const crash = <E>(
  nodes: ReadonlyArray<RunningNode>,
  absent: Absent,
  random: Random.Random,
  restart: (id: NodeId) => Effect.Effect<void, E>
): Fault<E> => ({
  name: "crash",
  start: () => ({
    value: "one",
    perform: Effect.suspend(() => {
      const chosen = Draw.shuffle(random, present(nodes, absent)).slice(0, 1)
      for (const { id } of chosen) {
        absent.set(id, "crashed")
      }
      return Effect.as(
        forEach(chosen, ({ crash }) => crash),
        ["crashed", ids(nodes, chosen)]
      )
    })
  }),
  stop: () => ({
    value: null,
    perform: Effect.suspend(() => {
      const crashed = nodes.filter(({ id }) => absent.get(id) === "crashed")
      return Effect.as(
        forEach(crashed, ({ crash, id }) =>
          restart(id).pipe(
            Effect.onError(() => crash),
            Effect.andThen(forget(absent, id))
          )
        ),
        ["restarted", ids(nodes, crashed)]
      )
    })
  })
})

const present = (nodes: ReadonlyArray<RunningNode>, absent: Absent) => nodes.filter(({ id }) => !absent.has(id))

const forget = (absent: Absent, id: NodeId) => Effect.sync(() => void absent.delete(id))

const forEach = <E>(nodes: ReadonlyArray<RunningNode>, f: (node: RunningNode) => Effect.Effect<void, E>) =>
  Effect.forEach(nodes, f, { discard: true })

/** The ids of some nodes in the order of all. */
const ids = (nodes: ReadonlyArray<RunningNode>, some: ReadonlyArray<RunningNode>) =>
  nodes.filter((node) => some.includes(node)).map(({ id }) => id)
