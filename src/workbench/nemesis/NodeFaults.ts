/**
 * Faults of nodes: pauses, crashes, and crashes for good.
 */
import { Effect, type Random } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { RunningNode } from "../nodes/NodeHost.ts"
import type { Fault } from "./Fault.ts"
import * as Targets from "./Targets.ts"

/** Which nodes are paused or crashed at present, or gone for good. Pauses and crashes spare them. */
export type Absent = Map<NodeId, "paused" | "crashed" | "gone">

/** The cluster that faults strike. */
export interface Cluster {
  readonly nodes: ReadonlyArray<RunningNode>
  readonly absent: Absent
  readonly random: Random.Random
}

/** Stops some nodes where they are, and lets them go on. */
export const pause = (cluster: Cluster, targets: ReadonlyArray<Targets.NodeTarget>): Fault => ({
  name: "pause",
  start: () => {
    const target = Targets.pick(cluster.random, targets)
    const perform = Effect.suspend(() => {
      const chosen = strike(cluster, target, "paused")
      return Effect.as(
        forEach(chosen, ({ pause }) => pause),
        ["paused", ids(cluster, chosen)]
      )
    })
    return { value: target, perform }
  },
  stop: () => ({
    value: null,
    perform: Effect.suspend(() => {
      const paused = struck(cluster, "paused")
      return Effect.as(
        forEach(paused, ({ id, resume }) => Effect.andThen(resume, forget(cluster, id))),
        ["resumed", ids(cluster, paused)]
      )
    })
  })
})

/**
 * Ends some nodes at once, and starts them again with empty memory, all at the same time. `restart` starts a crashed
 * node and initialises it. If it fails or is interrupted, the node is ended again, so that it can be restarted later.
 */
export const crash = <E>(
  cluster: Cluster,
  targets: ReadonlyArray<Targets.NodeTarget>,
  restart: (id: NodeId) => Effect.Effect<void, E>
): Fault<E> => ({
  name: "crash",
  start: () => {
    const target = Targets.pick(cluster.random, targets)
    const perform = Effect.suspend(() => end(cluster, strike(cluster, target, "crashed")))
    return { value: target, perform }
  },
  stop: () => ({
    value: null,
    perform: Effect.suspend(() => {
      const crashed = struck(cluster, "crashed")
      return Effect.as(
        Effect.forEach(
          crashed,
          ({ crash, id }) =>
            restart(id).pipe(
              Effect.onError(() => crash),
              Effect.andThen(forget(cluster, id))
            ),
          // Nodes that need each other to start would otherwise never do so.
          { concurrency: "unbounded", discard: true }
        ),
        ["restarted", ids(cluster, crashed)]
      )
    })
  })
})

/** Ends some nodes at once and for good, be they paused or crashed already, but never all of them. */
export const crashForGood = (cluster: Cluster, targets: ReadonlyArray<Targets.NodeTarget>): Fault => ({
  name: "crash-for-good",
  start: () => {
    const target = Targets.pick(cluster.random, targets)
    const perform = Effect.suspend(() => {
      const { absent, nodes, random } = cluster
      const chosen = Targets.drawNodes(target, nodes, nodes.length, random).slice(0, nodes.length - 1)
      return end(cluster, mark(absent, chosen, "gone"))
    })
    return { value: target, perform }
  }
})

/** Draws whom a target strikes of the nodes that no fault has struck. */
const strike = ({ absent, nodes, random }: Cluster, target: Targets.NodeTarget, as: "paused" | "crashed") => {
  const present = nodes.filter(({ id }) => !absent.has(id))
  return mark(absent, Targets.drawNodes(target, present, nodes.length, random), as)
}

const mark = (absent: Absent, nodes: ReadonlyArray<RunningNode>, as: "paused" | "crashed" | "gone") => {
  for (const { id } of nodes) {
    absent.set(id, as)
  }
  return nodes
}

const struck = ({ absent, nodes }: Cluster, as: "paused" | "crashed") => nodes.filter(({ id }) => absent.get(id) === as)

const end = (cluster: Cluster, chosen: ReadonlyArray<RunningNode>) =>
  Effect.as(
    forEach(chosen, ({ crash }) => crash),
    ["crashed", ids(cluster, chosen)]
  )

const forget = ({ absent }: Cluster, id: NodeId) => Effect.sync(() => void absent.delete(id))

const forEach = (nodes: ReadonlyArray<RunningNode>, f: (node: RunningNode) => Effect.Effect<void>) =>
  Effect.forEach(nodes, f, { discard: true })

/** The ids of some nodes in the order of all. */
const ids = ({ nodes }: Cluster, some: ReadonlyArray<RunningNode>) =>
  nodes.filter((node) => some.includes(node)).map(({ id }) => id)
