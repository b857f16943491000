/**
 * Draws network partitions: which links between nodes are cut.
 *
 * After `jepsen.nemesis` and its `combined` packages.
 */
import type { Random } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { Network } from "../network/Network.ts"
import * as Draw from "../simulation/Draw.ts"
import { majority, minorityThird } from "./Targets.ts"

/** Jepsen's partitions, of which Maelstrom chooses one each time. */
export const jepsenKinds = ["one", "minority-third", "majority", "majorities-ring"] as const

/**
 * - `one`: a single node is alone.
 * - `minority-third`: less than a third of the nodes, which in a small cluster is none, is cut off from the others.
 * - `majority`: the cluster falls into halves, the smaller of which has the odd node less.
 * - `majorities-ring`: every node hears a majority, and no two of them the same one.
 * - `one-way`: halves as in `majority`, of which one hears the other, but not the other way round. Jepsen has none like
 *   it.
 */
export type PartitionKind = (typeof jepsenKinds)[number] | "one-way"

/** The nodes that each node gets nothing from. */
export interface Grudge {
  readonly [dest: string]: ReadonlyArray<NodeId>
}

/** Draws a partition of some kind. */
export const grudge = (kind: PartitionKind, nodes: ReadonlyArray<NodeId>, random: Random.Random): Grudge => {
  switch (kind) {
    case "one":
      return split(nodes, [Draw.pick(random, nodes)])
    case "minority-third":
      return split(nodes, Draw.shuffle(random, nodes).slice(0, minorityThird(nodes.length)))
    case "majority":
      return split(nodes, half(nodes, random))
    case "majorities-ring":
      return nodes.length <= 5 ? ring(nodes, random) : overlappingMajorities(nodes, random)
    case "one-way": {
      const deaf = half(nodes, random)
      const others = nodes.filter((node) => !deaf.includes(node))
      return random.nextDoubleUnsafe() < 0.5 ? drop(nodes, deaf, others) : drop(nodes, others, deaf)
    }
  }
}

/** Whether a kind of partition cuts any link between so many nodes. */
export const cuts = (kind: PartitionKind, count: number): boolean => {
  switch (kind) {
    case "minority-third":
      return minorityThird(count) > 0
    case "majorities-ring":
      return majority(count) < count
    default:
      return count > 1
  }
}

/** Lets the network drop what a grudge says, besides what it drops already. */
export const apply = (network: Network, grudge: Grudge): void => {
  for (const [dest, sources] of Object.entries(grudge)) {
    for (const src of sources) {
      network.drop(src, dest as NodeId)
    }
  }
}

const half = (nodes: ReadonlyArray<NodeId>, random: Random.Random) =>
  Draw.shuffle(random, nodes).slice(0, Math.floor(nodes.length / 2))

const grudgeOf = (nodes: ReadonlyArray<NodeId>, isDropped: (dest: NodeId, src: NodeId) => boolean): Grudge =>
  Object.fromEntries(nodes.map((dest) => [dest, nodes.filter((src) => isDropped(dest, src))]))

/** Cuts off `component` from all others, in both directions. */
const split = (nodes: ReadonlyArray<NodeId>, component: ReadonlyArray<NodeId>) =>
  grudgeOf(nodes, (dest, src) => component.includes(dest) !== component.includes(src))

const drop = (nodes: ReadonlyArray<NodeId>, dests: ReadonlyArray<NodeId>, srcs: ReadonlyArray<NodeId>) =>
  grudgeOf(nodes, (dest, src) => dests.includes(dest) && srcs.includes(src))

/** Each node hears the majority that it is in the middle of, on a ring of all nodes. */
const ring = (nodes: ReadonlyArray<NodeId>, random: Random.Random) => {
  const order = Draw.shuffle(random, nodes)
  const size = majority(nodes.length)
  const before = Math.floor(size / 2)
  return grudgeOf(nodes, (dest, src) => {
    const distance = order.indexOf(src) - order.indexOf(dest)
    return (distance + before + nodes.length) % nodes.length >= size
  })
}

/** Links nodes that have few links, one link at a time, until every node hears a majority. */
const overlappingMajorities = (nodes: ReadonlyArray<NodeId>, random: Random.Random) => {
  const heard = new Map(nodes.map((node) => [node, new Set([node])]))
  const degree = (node: NodeId) => heard.get(node)!.size
  for (;;) {
    const [least, ...others] = Draw.shuffle(random, nodes).toSorted((left, right) => degree(left) - degree(right))
    const peer = others.find((node) => !heard.get(least!)!.has(node))
    if (degree(least!) >= majority(nodes.length) || peer === undefined) {
      return grudgeOf(nodes, (dest, src) => !heard.get(dest)!.has(src))
    }
    heard.get(least!)!.add(peer)
    heard.get(peer)!.add(least!)
  }
}
