/**
 * Finds out what every node knows, which is what none needs to keep for the others any longer, by word of mouth: a node
 * need not hear from every other one itself.
 *
 * After Guo et al., "GSGC: An Efficient Gossip-Style Garbage Collection Scheme for Scalable Reliable Multicast" (1997).
 */
import { Schema } from "effect"
import { Count, isAhead, meet, merge, VersionVector } from "./VersionVector.ts"

/**
 * What is said of it: the number of a round; which nodes have had their say in it, by place; a floor: what each of these
 * knows at least; and what is stable, that is, known to all, from earlier rounds.
 */
export const Claim = Schema.Tuple([Count, Schema.Array(Count), VersionVector, VersionVector])
export type Claim = typeof Claim.Type

export interface Stability {
  /** What all nodes are known to know. It grows. */
  readonly stable: VersionVector

  /** Node `index` says what it has. */
  heard(index: number, have: VersionVector): void

  /** Takes what another node has gathered, unless it is beyond belief: this node would know more than it does. */
  receive(claim: Claim): void

  /** What to tell another node. */
  readonly claim: Claim
}

/**
 * Begins the first round for the node at `self`, which has `version` (live) of the nodes' logs.
 *
 * A claim stays true as long as nodes forget nothing, so that lost, repeated and old claims do no harm. A round ends at
 * a node that knows of everyone's say; the next begins with fresh counts, and draws in the nodes that it is told to.
 */
export const make = (self: number, version: VersionVector): Stability => {
  const { length: size } = version
  const stable = version.map(() => 0)
  let round = 0
  let spoken = new Set([self])
  let floor = [...version]

  const begin = (number: number, nodes: ReadonlyArray<number>, least: VersionVector) => {
    round = number
    spoken = new Set([self, ...nodes])
    floor = [...version]
    meet(floor, least)
  }

  const endIfComplete = () => {
    if (spoken.size < size) {
      return
    }
    merge(stable, floor)
    begin(round + 1, [], version)
  }

  return {
    stable,

    heard: (index, have) => {
      if (spoken.has(index)) {
        return
      }
      spoken.add(index)
      meet(floor, have)
      endIfComplete()
    },

    receive: ([number, nodes, least, known]) => {
      const ofThisNode = nodes.includes(self) ? least : known
      if (number > lastRound || isAhead(known, version) || isAhead(ofThisNode, version)) {
        return
      }
      merge(stable, known)
      if (number < round) {
        return
      }
      if (number > round) {
        begin(number, nodes, least)
      } else {
        for (const node of nodes) {
          spoken.add(node)
        }
        meet(floor, least)
      }
      endIfComplete()
    },

    get claim(): Claim {
      return [round, [...spoken], [...floor], [...stable]]
    }
  }
}

/** No cluster comes near it, and one that is told of it can go on counting from there. */
const lastRound = 2 ** 50
