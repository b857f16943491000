/**
 * Topologies that new items are pushed along: direct, star, tree, ring, or neighbours that are given.
 */
import type { NodeId } from "../protocol/NodeId.ts"

/** What a node does in a topology. */
export interface Role {
  /** To whom it pushes what is new to it. */
  readonly targets: ReadonlyArray<NodeId>
  /** Whether it passes on what it learns from others, or pushes its own items only. */
  readonly relays: boolean
  /**
   * Whether everything depends on its targets, so that a target that does not answer is to be given up for another:
   * `Cluster.isSuspected` then says so.
   */
  readonly replaceable: boolean
}

/** The cluster as one of its nodes sees it. */
export interface Cluster {
  readonly self: NodeId
  /** All nodes, in the order that all of them know. */
  readonly nodeIds: ReadonlyArray<NodeId>
  /** Whether a node is suspected to be out of reach at present. */
  isSuspected(node: NodeId): boolean
}

/** A rule that gives every node its role. It is asked anew for each push, so that roles may change. */
export type Topology = (cluster: Cluster) => Role

/** Everyone sends its own items straight to everyone: one hop, n − 1 messages per item. */
export const direct: Topology = ({ nodeIds, self }) => ({
  targets: nodeIds.filter((id) => id !== self),
  relays: false,
  replaceable: false
})

/**
 * Everyone sends to the hub, the node in the centre, and the hub to everyone: two hops, and batches of many nodes'
 * items. The hub is the first node that is not suspected, so that another takes its place where it cannot be reached.
 */
export const star: Topology = ({ isSuspected, nodeIds, self }) => {
  const hub = nodeIds.find((id) => id === self || !isSuspected(id))!
  return hub === self
    ? { targets: nodeIds.filter((id) => id !== self), relays: true, replaceable: false }
    : { targets: [hub], relays: true, replaceable: true }
}

/** Nodes form a tree in which each has up to `branches` children; what is new goes along all of its edges. */
export const tree =
  (branches: number): Topology =>
  ({ nodeIds, self }) => {
    // The tree is laid out as a heap is in its array, tier by tier: the parent of i is at ⌊(i − 1) / b⌋, its children
    // from b·i + 1 on. That is a complete tree, as flat as can be, which all nodes agree on without a word, since all
    // of them know the same list.
    const index = nodeIds.indexOf(self)
    const parent = index === 0 ? [] : [nodeIds[Math.floor((index - 1) / branches)]!]
    const children = nodeIds.slice(branches * index + 1, branches * (index + 1) + 1)
    return flood([...parent, ...children])
  }

/** Each node sends to its two neighbours in a circle. */
export const ring: Topology = ({ nodeIds, self }) => {
  const { length } = nodeIds
  const index = nodeIds.indexOf(self)
  const around = [nodeIds[(index + 1) % length]!, nodeIds[(index + length - 1) % length]!]
  return flood([...new Set(around)].filter((id) => id !== self))
}

/** Whatever neighbours `get` says at the moment, for instance those that Maelstrom's `topology` message named. */
export const neighbours =
  (get: () => ReadonlyArray<NodeId>): Topology =>
  () =>
    flood(get())

const flood = (targets: ReadonlyArray<NodeId>): Role => ({ targets, relays: true, replaceable: false })
