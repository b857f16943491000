/**
 * Takes in gossip: what its sender has, its items, and its question.
 */
import type { NodeId } from "../protocol/NodeId.ts"
import * as AntiEntropy from "./AntiEntropy.ts"
import * as Confirmation from "./Confirmation.ts"
import * as EagerPush from "./EagerPush.ts"
import * as Gossip from "./Gossip.ts"
import * as OwnLog from "./OwnLog.ts"
import { deliver, gatherer, hear, indexOf, lags, log, role, type Replica } from "./Replica.ts"
import { ask, send } from "./Sending.ts"
import * as Snapshot from "./Snapshot.ts"
import * as Stability from "./Stability.ts"
import * as VersionVector from "./VersionVector.ts"
import * as View from "./View.ts"
import * as ViewExchange from "./ViewExchange.ts"

export const onGossip = (replica: Replica, src: NodeId, message: Gossip.Gossip): void => {
  const { settings } = replica
  const index = indexOf(replica, src)
  const [reference, have] = message.have
  const view = ViewExchange.read(replica, index, reference)
  if (view === undefined) {
    // It was told in a message that got lost, or before this node started.
    send(replica, src, { entries: [], ask: "difference", unread: reference as string, tellStable: false, inFull: true })
    return
  }
  if (!Gossip.fits(message, view, index, settings.nodeIds.length)) {
    log(replica, "Warn", `Dropped a message of another cluster from ${src}`, message)
    return
  }
  const claimed = View.align(have, view, replica.view)
  const forged = OwnLog.forgedPosition(replica, claimed)
  if (forged >= 0) {
    const sent = replica.log.version[forged]
    log(
      replica,
      "Warn",
      `Dropped a message: ${src} knows ${claimed[forged]} items of this node, which has sent ${sent}`
    )
    return
  }
  // Which logs there are is true whoever says so, and may be news to this node of itself.
  ViewExchange.widen(replica, view, have)
  if (ViewExchange.isStale(replica, index, view)) {
    // Or it comes from after the restart, but the clock has stepped back: the node is told that it goes by a number
    // which is too low.
    if (message.ask !== undefined) {
      send(replica, src, { entries: [], tellStable: false, inFull: true })
    }
    return
  }
  ViewExchange.note(replica, index, view)
  if (message.unread !== undefined) {
    replica.viewTold[index] = undefined
  }
  takeIn(replica, src, index, view, message)
}

const takeIn = (replica: Replica, src: NodeId, index: number, view: View.View, message: Gossip.Gossip) => {
  const {
    have: [, have],
    unread
  } = message
  replica.suspected.delete(src)
  replica.asked.delete(src)
  const isAnswer = message.answer === true
  const has = View.align(have, view, replica.view)
  hear(replica, index, has)
  OwnLog.acknowledge(replica, has)
  const isNew = takeItems(replica, view, message.entries)
  gatherStability(replica, index, view, message)

  if (isNew) {
    // What had to be asked for is likely to be missing elsewhere as well, but not what was only under way.
    if (isAnswer && replica.repairing.delete(src)) {
      AntiEntropy.mongerRumour(replica)
    } else {
      AntiEntropy.whenQuiet(replica)
    }
    if (role(replica).relays) {
      EagerPush.schedule(replica, "heard")
    }
  }
  // In the present view, which may be another by now.
  AntiEntropy.onHeard(replica, src, index, replica.known[index]!)
  Confirmation.onHeard(replica, src)
  const question = unread === undefined ? message.ask : "always"
  if (question !== undefined) {
    answer(replica, src, index, view, have, question)
  } else if (lags(replica, index)) {
    if (isAnswer && isNew) {
      // There is more where this came from.
      ask(replica, src, "difference")
    } else {
      AntiEntropy.fetchFrom(replica, index)
    }
  }
}

/** Whether anything is new. */
const takeItems = (replica: Replica, view: View.View, entries: Gossip.Gossip["entries"]): boolean => {
  let isNew = false
  for (const [theirs, first, items] of entries) {
    const position = view.text === replica.view.text ? theirs : View.positionOf(replica.view, view.logs[theirs]!)
    if (position >= 0) {
      const next = replica.log.receive([position, first, items])
      deliver(replica, position, next)
      isNew ||= next.length > 0
    }
  }
  return isNew
}

const gatherStability = (replica: Replica, index: number, view: View.View, { have, stability }: Gossip.Gossip) => {
  const isAlike = view.text === replica.view.text
  const align = (counts: ReadonlyArray<number>) => View.align(counts, view, replica.view, 0)
  Stability.heard(replica.stability, gatherer(replica), index, align(have[1]), isAlike)
  if (stability !== undefined) {
    const [round, nodes, floor, stable, isEven] = stability
    const claim = [round, nodes, align(floor), align(stable), isEven] as const
    Stability.receive(replica.stability, gatherer(replica), claim, isAlike)
  }
  if (!replica.settings.hasSnapshots) {
    return
  }
  replica.log.truncate(replica.stability.stable)
  if (replica.stability.endedEven) {
    replica.stability.endedEven = false
    ViewExchange.retire(replica)
    ViewExchange.settle(replica)
  }
}

/** Gives a node, which has `have` in its `view`, what it lacks, and asks back for what this one lacks. */
const answer = (
  replica: Replica,
  src: NodeId,
  index: number,
  view: View.View,
  have: VersionVector.VersionVector,
  question: Gossip.Ask
) => {
  // Not what the node has said before, since it may have lost that in a restart.
  const has = View.align(have, view, replica.view)
  AntiEntropy.feedback(replica, has)
  const isTruncated = VersionVector.isAhead(replica.log.truncated, has) || View.hasMoreRetired(replica.view, view, have)
  if (isTruncated) {
    Snapshot.offer(replica, index)
  }
  const entries = isTruncated ? [] : replica.log.since(has, replica.settings.maxItems)
  if (question === "always" || entries.length > 0 || lags(replica, index)) {
    const isAskedBack = lags(replica, index)
    send(replica, src, { entries, answer: true, tellStable: true, ...(isAskedBack && { ask: "difference" as const }) })
  }
}
