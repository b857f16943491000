/**
 * Gossips the stable prefix of every log: what all replicas have (the minimum over a matrix clock), so that it can be
 * garbage-collected. A node need not hear from every other one itself.
 *
 * A matrix clock would take a vector of every node in each message. Here a round gathers the minimum on its way
 * instead: a set of nodes, and the meet of their vectors.
 *
 * After Guo et al., "GSGC: An Efficient Gossip-Style Garbage Collection Scheme for Scalable Reliable Multicast" (1997).
 */
import { Schema } from "effect"
import { Count, isAhead, meet, merge, VersionVector } from "./VersionVector.ts"

/**
 * What nodes tell each other of it: the number of a round; the indices of the nodes that have been heard in it; a
 * floor: what each of these has at least; and what is stable, that is, what all have, from earlier rounds.
 */
export const Claim = Schema.Tuple([Count, Schema.Array(Count), VersionVector, VersionVector])
export type Claim = typeof Claim.Type

export interface Stability {
  /** What all nodes are known to have. It grows. */
  readonly stable: VersionVector

  /** Node `index` says what it has. */
  heard(index: number, have: VersionVector): void

  /** Takes what another node has gathered, unless it cannot be true: if this node would have more than it has. */
  receive(claim: Claim): void

  /** What to tell another node. */
  readonly claim: Claim
}

/**
 * Begins the first round for the node at index `self`, which has `version` (live) of the nodes' logs.
 *
 * A claim stays true as long as versions only grow, so that lost, repeated and old claims do no harm. A round ends at a
 * node that has heard of everyone; the next begins with fresh counts, and draws in the nodes that are told of it.
 */
export const make = (self: number, version: VersionVector): Stability => {
  const { length: size } = version
  const stable = version.map(() => 0)
  let round = 0
  let heardOf = new Set([self])
  let floor = [...version]

  const begin = (number: number, nodes: ReadonlyArray<number>, theirFloor: VersionVector) => {
    round = number
    heardOf = new Set([self, ...nodes])
    floor = [...version]
    meet(floor, theirFloor)
  }

  const endIfComplete = () => {
    if (heardOf.size < size) {
      return
    }
    merge(stable, floor)
    begin(round + 1, [], version)
  }

  return {
    stable,

    heard: (index, have) => {
      if (heardOf.has(index)) {
        return
      }
      heardOf.add(index)
      meet(floor, have)
      endIfComplete()
    },

    receive: ([number, nodes, theirFloor, theirStable]) => {
      const ofThisNode = nodes.includes(self) ? theirFloor : theirStable
      if (number > lastRound || isAhead(theirStable, version) || isAhead(ofThisNode, version)) {
        return
      }
      merge(stable, theirStable)
      if (number < round) {
        return
      }
      if (number > round) {
        begin(number, nodes, theirFloor)
      } else {
        for (const node of nodes) {
          heardOf.add(node)
        }
        meet(floor, theirFloor)
      }
      endIfComplete()
    },

    get claim(): Claim {
      return [round, [...heardOf], [...floor], [...stable]]
    }
  }
}

/** No cluster comes near it, and one that is told of it can still count on from there in exact integers. */
const lastRound = 2 ** 50
