/**
 * Confirms that somebody has what this node pushed, and suspects a hub that gives no sign of it: a failure detector by
 * timeouts, which may be wrong about a node that is only slow.
 */
import type { NodeId } from "../protocol/NodeId.ts"
import * as EagerPush from "./EagerPush.ts"
import { arm, indexOf, log, oneOf, ownPositions, role, type Replica } from "./Replica.ts"
import { ask } from "./Sending.ts"
import * as VersionVector from "./VersionVector.ts"

/** Pushes what is new, and asks for a sign if there is none soon that it has arrived. */
export const pushAndWatch = (replica: Replica): void => {
  if (EagerPush.push(replica) && replica.peers.length > 0 && replica.awaited === undefined) {
    watch(replica, "anew")
  }
}

/**
 * There was time enough for a sign. The first time it is asked for; the second time those who keep everyone waiting are
 * suspected, and somebody else is asked. From then on this node asks ever less often, as long as nothing changes.
 */
export const onTime = (replica: Replica): void => {
  const { awaited } = replica
  if (awaited === undefined) {
    return
  }
  if (isConfirmed(replica, awaited.goal)) {
    watch(replica, "anew")
  } else if (!awaited.isAsked) {
    askTargets(replica)
    awaited.isAsked = true
    arm(replica, "confirm", awaited.isRepeated ? "next" : "anew")
  } else {
    const isChanged = suspectTargets(replica)
    ask(replica, oneOf(replica, replica.peers), "always")
    watch(replica, isChanged ? "anew" : "next")
  }
}

/** A target of this node has spoken again: where it kept this node waiting, it is asked soon. */
export const onHeard = (replica: Replica, peer: NodeId): void => {
  const { awaited } = replica
  if (awaited?.isRepeated && !isConfirmed(replica, awaited.goal) && role(replica).targets.includes(peer)) {
    watch(replica, "anew")
  }
}

const watch = (replica: Replica, how: "anew" | "next"): void => {
  if (isConfirmed(replica, replica.pushed)) {
    replica.awaited = undefined
  } else {
    replica.awaited = { goal: [...replica.pushed], isAsked: false, isRepeated: how === "next" }
    arm(replica, "confirm", how)
  }
}

/** The hub of a star is to have all that went there; elsewhere anyone is to have this node's own items. */
const isConfirmed = (replica: Replica, goal: VersionVector.VersionVector): boolean => {
  const { known, peers } = replica
  const { replaceable, targets } = role(replica)
  const isAtLeast = (index: number) => !VersionVector.isAhead(goal, known[index]!)
  const own = ownPositions(replica)
  return replaceable
    ? targets.some((target) => isAtLeast(indexOf(replica, target)))
    : peers.some((peer) => own.every((position) => goal[position]! <= known[indexOf(replica, peer)]![position]!))
}

const askTargets = (replica: Replica): void => {
  const { targets } = role(replica)
  ask(replica, oneOf(replica, targets.length > 0 ? targets : replica.peers), "always")
}

/** Gives up on targets that everything depends on and that were asked in vain; whether there are any. */
const suspectTargets = (replica: Replica): boolean => {
  const { replaceable, targets } = role(replica)
  const silent = targets.filter((target) => replica.asked.has(target))
  if (!replaceable || silent.length === 0) {
    return false
  }
  for (const target of silent) {
    replica.suspected.add(target)
    // What it is not known to have it may not have passed on.
    VersionVector.meet(replica.pushed, replica.known[indexOf(replica, target)]!)
  }
  log(replica, "Info", `${silent.join(", ")} is out of reach, went on to ${role(replica).targets.join(", ")}`)
  EagerPush.push(replica)
  return true
}
