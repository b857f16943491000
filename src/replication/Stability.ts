/**
 * Gossips the stable prefix of every log: what all replicas have (the minimum over a matrix clock), so that it can be
 * garbage-collected. A node need not hear from every other one itself.
 *
 * A matrix clock would take a vector of every node in each message. Here a round gathers the minimum on its way
 * instead: a set of nodes, and the meet of their vectors. It also finds out whether all of them have the same of the
 * closed logs, which then can be retired (`View`).
 *
 * After Guo et al., "GSGC: An Efficient Gossip-Style Garbage Collection Scheme for Scalable Reliable Multicast" (1997).
 */
import { Schema } from "effect"
import { Count, isAhead, meet, merge, VersionVector } from "./VersionVector.ts"

/**
 * What nodes tell each other of it: the number of a round; the indices of the nodes that have been heard in it; a
 * floor: what each of these has at least; what is stable, that is, what all have, from earlier rounds; and whether
 * these nodes are even: have the same of the closed logs.
 */
export const Claim = Schema.Tuple([Count, Schema.Array(Count), VersionVector, VersionVector, Schema.Boolean])
export type Claim = typeof Claim.Type

export interface Stability {
  /** What all nodes are known to have. It grows. */
  stable: Array<number>
  round: number
  heardOf: Set<number>
  floor: Array<number>
  isEven: boolean
  /** Whether the last round that ended was even. Whoever takes note of that sets it back. */
  endedEven: boolean
}

/** The node that gathers: its index, how many nodes there are, what it has, and which of the logs are closed. */
export interface Gatherer {
  readonly self: number
  readonly size: number
  readonly version: VersionVector
  readonly isClosed: (position: number) => boolean
}

export const make = ({ self, version }: Pick<Gatherer, "self" | "version">): Stability => ({
  stable: version.map(() => 0),
  round: 0,
  heardOf: new Set([self]),
  floor: [...version],
  isEven: true,
  endedEven: false
})

/**
 * What to tell another node. A claim stays true as long as versions only grow, so that lost, repeated and old claims do
 * no harm. A node that restarts has less than it is known to have: see `Snapshot`.
 */
export const claim = ({ floor, heardOf, isEven, round, stable }: Stability): Claim => [
  round,
  [...heardOf],
  [...floor],
  [...stable],
  isEven
]

/** Begins the next round, with nothing but what this node has. */
export const beginAnew = (stability: Stability, gatherer: Gatherer): void =>
  begin(stability, gatherer, stability.round + 1, [], gatherer.version, true)

/** Node `index` says what it has; `isAlike`: in the view that this node has. */
export const heard = (
  stability: Stability,
  gatherer: Gatherer,
  index: number,
  have: VersionVector,
  isAlike: boolean
): void => {
  if (!stability.heardOf.has(index)) {
    add(stability, gatherer, [index], have, isAlike)
    endIfComplete(stability, gatherer)
  }
}

/** Takes what another node has gathered, unless it cannot be true: if this node would have more than it has. */
export const receive = (
  stability: Stability,
  gatherer: Gatherer,
  [number, nodes, theirFloor, theirStable, isEven]: Claim,
  isAlike: boolean
): void => {
  const { self, version } = gatherer
  const ofThisNode = nodes.includes(self) ? theirFloor : theirStable
  if (number > lastRound || isAhead(theirStable, version) || isAhead(ofThisNode, version)) {
    return
  }
  merge(stability.stable, theirStable)
  if (number < stability.round) {
    return
  }
  if (number > stability.round) {
    begin(stability, gatherer, number, nodes, theirFloor, isEven && isAlike)
  } else {
    add(stability, gatherer, nodes, theirFloor, isEven && isAlike)
  }
  endIfComplete(stability, gatherer)
}

const begin = (
  stability: Stability,
  gatherer: Gatherer,
  round: number,
  nodes: ReadonlyArray<number>,
  floor: VersionVector,
  isEven: boolean
) => {
  stability.round = round
  stability.heardOf = new Set([gatherer.self])
  stability.floor = [...gatherer.version]
  stability.isEven = true
  add(stability, gatherer, nodes, floor, isEven)
}

const add = (
  stability: Stability,
  { isClosed }: Gatherer,
  nodes: ReadonlyArray<number>,
  floor: VersionVector,
  isEven: boolean
) => {
  stability.isEven &&=
    isEven && stability.floor.every((count, position) => count === floor[position] || !isClosed(position))
  for (const node of nodes) {
    stability.heardOf.add(node)
  }
  meet(stability.floor, floor)
}

const endIfComplete = (stability: Stability, gatherer: Gatherer) => {
  const { floor, heardOf, isEven, stable } = stability
  if (heardOf.size < gatherer.size) {
    return
  }
  merge(stable, floor)
  stability.endedEven = isEven
  begin(stability, gatherer, stability.round + 1, [], gatherer.version, true)
}

/** No cluster comes near it, and one that is told of it can still count on from there. */
const lastRound = 2 ** 39
