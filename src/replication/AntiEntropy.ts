/**
 * Anti-entropy and rumour mongering: finds out what this node lacks, and what others do, by comparing version vectors.
 *
 * After Demers et al., "Epidemic Algorithms for Replicated Database Maintenance" (1987), push and pull in one: who is
 * asked answers with what the other lacks, and asks back where it lacks something itself.
 */
import type { NodeId } from "../protocol/NodeId.ts"
import type { Gap } from "./Action.ts"
import { arm, emit, lags, oneOf, type Replica } from "./Replica.ts"
import { ask } from "./Sending.ts"
import * as VersionVector from "./VersionVector.ts"
import * as ViewExchange from "./ViewExchange.ts"

/** Nothing is new from now on: compares with random nodes on the quiet schedule, which begins anew. */
export const whenQuiet = (replica: Replica): void => {
  // Under load there is news all the time, and now and then is often enough to begin anew.
  if (replica.peers.length > 0 && replica.now - replica.quietSince >= restartMillis) {
    replica.quietSince = replica.now
    arm(replica, "quiet")
  }
}

/** The time has come to compare. */
export const onQuiet = (replica: Replica): void => {
  replica.repairing.add(compare(replica))
  arm(replica, "quiet", "next")
}

/**
 * Something was missing here, so that others are likely to have missed it too: a hot rumour, and this node is
 * infective. It compares soon with some random nodes, and again as long as the {@link feedback} is that they lacked it;
 * then it has lost interest (Demers' variant with feedback), and the rumour ends.
 *
 * Where messages get lost, the next one may be missing as well, and be the last for a while, so that nothing else tells
 * of it: for some seconds more it compares as if every second brought news.
 */
export const mongerRumour = (replica: Replica): void => {
  VersionVector.merge(replica.rumour, replica.log.version)
  whenQuiet(replica)
  arm(replica, "rumour", "next")
  replica.unrest = restlessComparisons
  arm(replica, "unrest", "next")
}

/** Another node, which had `have`, was given what it lacked: if the rumour was part of that, it is still hot. */
export const feedback = (replica: Replica, have: VersionVector.VersionVector): void => {
  if (VersionVector.isAhead(replica.rumour, have)) {
    arm(replica, "rumour", "next")
  }
}

export const onRumour = (replica: Replica): void => {
  // Passed on to one node at a time, a rumour dies out early in a large cluster: soon most of those that are met know
  // it. With ln n + c contacts per node everyone is reached almost surely (Kermarrec et al., "Probabilistic Reliable
  // Dissemination in Large-Scale Systems", 2003). log2(n) / 2 is seven tenths of that, and enough here: whoever finds a
  // node that lacks it makes as many contacts again, and the quiet schedule finds the rest. One up to 15 peers, two up
  // to 63.
  const fanout = Math.max(1, Math.floor(Math.log2(replica.peers.length) / 2))
  for (let contact = 0; contact < fanout; contact++) {
    compare(replica)
  }
}

export const onUnrest = (replica: Replica): void => {
  compare(replica)
  replica.unrest -= 1
  if (replica.unrest > 0) {
    arm(replica, "unrest", "next")
  }
}

/** Asks the peer at `index` soon, unless what this node lacks has arrived by then. */
export const fetchFrom = (replica: Replica, index: number): void => arm(replica, `gap ${index}`, "next")

export const onGap = (replica: Replica, gap: Gap): void => {
  const index = Number(gap.slice("gap ".length))
  if (lags(replica, index)) {
    const peer = replica.settings.nodeIds[index]!
    replica.repairing.add(peer)
    ask(replica, peer, "difference")
  }
}

/**
 * Asks somebody at once for what there was before this node started, which it may have had before a restart, and again
 * if the one who was asked does not answer, or has just started as well.
 */
export const seek = (replica: Replica): void => {
  const { heardFrom, peers } = replica
  if (peers.length > 0 && replica.sought < timesSought) {
    replica.sought += 1
    const others = peers.filter((peer) => !heardFrom.has(peer))
    // Where all have just started there is nothing to tell, and nobody does.
    ask(replica, oneOf(replica, others.length > 0 ? others : peers), "difference")
    arm(replica, "seek")
  }
}

export const onSeek = (replica: Replica): void => {
  if (replica.join === "seeking") {
    seek(replica)
  }
}

/**
 * Asks everyone from whom nothing was heard yet, until everyone has answered; or, once some have been asked in vain for
 * a while, until this node and those who have answered are most of all.
 */
export const catchUp = (replica: Replica): void => {
  replica.join = "catching up"
  replica.sought = 0
  onCatchUp(replica)
}

export const onCatchUp = (replica: Replica): void => {
  endIfCaughtUp(replica)
  if (replica.join === "catching up") {
    replica.sought += 1
    for (const peer of replica.peers.filter((peer) => !replica.heardFrom.has(peer))) {
      ask(replica, peer, "always")
    }
    arm(replica, "catch up", "next")
  }
}

/**
 * The peer at `index`, which has `have`, has told what it does. What it said before it knew that this node has started
 * anew does not count: it may go on taking items of an earlier log of this node.
 */
export const onHeard = (replica: Replica, peer: NodeId, index: number, have: VersionVector.VersionVector): void => {
  if (!replica.heardFrom.has(peer) && ViewExchange.knowsPresentLog(replica, index)) {
    replica.heardFrom.add(peer)
    if (lags(replica, index)) {
      replica.toCatchUp.set(peer, have)
    }
  } else if (replica.join === "catching up" && !replica.heardFrom.has(peer)) {
    // It was not there yet when it was asked, or the question is still under way.
    ask(replica, peer, "always")
  }
  if (replica.join === "catching up") {
    endIfCaughtUp(replica)
  } else if (have.some((count) => count > 0) && !lags(replica, index)) {
    replica.join = "done"
  }
}

/** This node has got something that it may have waited for. */
export const endIfCaughtUp = (replica: Replica): void => {
  const { heardFrom, incoming, join, log, peers, sought, toCatchUp } = replica
  const needed = sought < timesSought ? peers.length : Math.ceil(peers.length / 2)
  if (
    join === "catching up" &&
    incoming === undefined &&
    heardFrom.size >= needed &&
    [...toCatchUp.values()].every((have) => !VersionVector.isAhead(have, log.version))
  ) {
    replica.join = "done"
    toCatchUp.clear()
    emit(replica, { _tag: "CaughtUp" })
  }
}

const compare = (replica: Replica): NodeId => {
  const peer = oneOf(replica, replica.peers)
  ask(replica, peer, "difference")
  return peer
}

/** The shortest time after which the quiet schedule begins anew: a fraction of its first delay. */
const restartMillis = 500

/** How many comparisons follow soon once something was found to be missing. */
const restlessComparisons = 5

/**
 * How often a node that has just started asks before it leaves the rest to the quiet schedule, and before it goes on
 * without those that do not answer.
 */
const timesSought = 3
