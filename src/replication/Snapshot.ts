/**
 * Snapshots: brings a node that lacks what is truncated everywhere the state itself, in parts of bounded size.
 *
 * Items that all nodes are known to have are truncated from the logs, so that a node that restarts with empty memory
 * finds them in nobody's. Whom it asks sends it a snapshot of its state instead, and the version vector that goes with
 * it: who has merged the one has all that the other counts. The receiver gathers the parts and merges them in one step,
 * so that nothing is seen half done. It asks again for parts that get lost, and somebody else if none comes any more.
 */
import type { Schema } from "effect"
import type { NodeId } from "../protocol/NodeId.ts"
import * as AntiEntropy from "./AntiEntropy.ts"
import { mostParts, type Part, type Want } from "./Gossip.ts"
import * as OwnLog from "./OwnLog.ts"
import { arm, deliver, emit, type Incoming, indexOf, log, oneOf, type Outgoing, type Replica } from "./Replica.ts"
import { ask } from "./Sending.ts"
import * as VersionVector from "./VersionVector.ts"
import * as View from "./View.ts"
import * as ViewExchange from "./ViewExchange.ts"

/** Gives the peer at `index` a snapshot, unless it was given this one a moment ago. */
export const offer = (replica: Replica, index: number): void => {
  const { now, outgoing, view } = replica
  if (outgoing === undefined || !covers(outgoing, replica)) {
    OwnLog.publish(replica)
    emit(replica, { _tag: "TakeSnapshot", peer: index, view, version: [...replica.log.version] })
  } else if (now - (outgoing.offeredAt.get(index) ?? Number.NEGATIVE_INFINITY) >= offerMillis) {
    outgoing.offeredAt.set(index, now)
    sendParts(replica, outgoing, index, 0, window)
  }
}

/** The elements of a snapshot, as of a version. */
export const onTaken = (
  replica: Replica,
  index: number,
  view: View.View,
  version: VersionVector.VersionVector,
  elements: ReadonlyArray<Schema.Json>
): void => {
  const { maxItems } = replica.settings
  replica.snapshots += 1
  const parts = Array.from({ length: Math.max(1, Math.ceil(elements.length / maxItems)) }, (_, part) =>
    elements.slice(part * maxItems, (part + 1) * maxItems)
  )
  if (parts.length > mostParts) {
    log(replica, "Warn", `A snapshot of ${elements.length} elements is too large to be sent`)
    return
  }
  replica.outgoing = {
    id: `${replica.own[0]!.incarnation}-${replica.snapshots}`,
    view,
    version,
    parts,
    offeredAt: new Map()
  }
  offer(replica, index)
}

export const onWant = (replica: Replica, src: NodeId, { parts, snapshot }: Want): void => {
  const index = indexOf(replica, src)
  const { outgoing } = replica
  if (outgoing?.id !== snapshot) {
    offer(replica, index)
    return
  }
  for (const part of parts.slice(0, window)) {
    sendParts(replica, outgoing, index, part, part + 1)
  }
}

/** Nobody has asked for anything of this node's snapshot for a while, so that it is not kept any longer. */
export const onGiven = (replica: Replica): void => {
  replica.outgoing = undefined
}

export const onPart = (replica: Replica, src: NodeId, message: Part): void => {
  const { elements, have, of, part, snapshot } = message
  const index = indexOf(replica, src)
  if (replica.incoming?.id !== snapshot && !begin(replica, index, message)) {
    return
  }
  const incoming = replica.incoming!
  if (incoming.of !== of || part >= of || incoming.view.text !== View.make(have[0]).text) {
    log(replica, "Warn", `Dropped a part of a snapshot from ${src} that is unlike the others`)
    return
  }
  incoming.parts.set(part, elements)
  incoming.attempts = 0
  if (incoming.parts.size === of) {
    finish(replica, incoming)
  } else if (missing(incoming).length === 0) {
    incoming.wanted += window
    fetch(replica, incoming, "anew")
  }
}

/** Parts were to have come by now. */
export const onFetch = (replica: Replica): void => {
  const { incoming } = replica
  if (incoming === undefined) {
    return
  }
  incoming.attempts += 1
  if (incoming.attempts <= mostAttempts) {
    fetch(replica, incoming, "next")
    return
  }
  replica.incoming = undefined
  ask(replica, oneOf(replica, replica.peers), "difference")
}

/** Starts to gather a snapshot if there is something in it that this node lacks, and it gets no other at present. */
const begin = (replica: Replica, index: number, { have: [written, version], of, part, snapshot }: Part): boolean => {
  const { incoming, settings } = replica
  const view = View.make(written)
  if (!View.fits(written, settings.nodeIds.length) || version.length !== view.logs.length || part >= of) {
    log(replica, "Warn", `Dropped a part of a snapshot of another cluster from ${settings.nodeIds[index]}`)
    return false
  }
  if (incoming !== undefined && incoming.peer !== index && incoming.attempts === 0) {
    return false
  }
  ViewExchange.widen(replica, view, version)
  const has = View.align(version, view, replica.view)
  if (
    ViewExchange.isStale(replica, index, view) ||
    OwnLog.forgedPosition(replica, has) >= 0 ||
    !VersionVector.isAhead(has, replica.log.version)
  ) {
    return false
  }
  replica.incoming = { id: snapshot, peer: index, view, version, of, parts: new Map(), wanted: window, attempts: 0 }
  arm(replica, "fetch")
  return true
}

const finish = (replica: Replica, { parts, peer, version, view }: Incoming): void => {
  replica.incoming = undefined
  if (ViewExchange.isStale(replica, peer, view)) {
    ask(replica, oneOf(replica, replica.peers), "difference")
    return
  }
  const elements = Array.from(parts.keys())
    .toSorted((a, b) => a - b)
    .flatMap((part) => parts.get(part)!)
  emit(replica, { _tag: "Merge", elements })
  ViewExchange.adopt(replica, View.absorb(replica.view, replica.log.version, view))
  for (const [position, count] of View.align(version, view, replica.view, 0).entries()) {
    deliver(replica, position, replica.log.skip(position, count))
  }
  VersionVector.merge(replica.pushed, View.align(version, view, replica.view, 0))
  // There may be more by now.
  ask(replica, replica.settings.nodeIds[peer]!, "difference")
  AntiEntropy.endIfCaughtUp(replica)
}

const fetch = (replica: Replica, incoming: Incoming, how: "anew" | "next"): void => {
  emit(replica, {
    _tag: "SendWant",
    to: replica.settings.nodeIds[incoming.peer]!,
    message: { snapshot: incoming.id, parts: missing(incoming).slice(0, window) }
  })
  arm(replica, "fetch", how)
}

/** The parts that were sent or asked for, and have not come. */
const missing = ({ of, parts, wanted }: Incoming): ReadonlyArray<number> =>
  Array.from({ length: Math.min(wanted, of) }, (_, part) => part).filter((part) => !parts.has(part))

const sendParts = (
  replica: Replica,
  { id, parts, version, view }: Outgoing,
  index: number,
  from: number,
  to: number
) => {
  arm(replica, "given")
  for (const [offset, elements] of parts.slice(from, to).entries()) {
    emit(replica, {
      _tag: "SendPart",
      to: replica.settings.nodeIds[index]!,
      message: {
        snapshot: id,
        part: from + offset,
        of: parts.length,
        have: [View.write(view), version],
        elements
      }
    })
  }
}

/** Whether whoever has merged the snapshot finds all else in the logs. */
const covers = ({ version, view }: Outgoing, replica: Replica): boolean =>
  view.text === replica.view.text && !VersionVector.isAhead(replica.log.truncated, version)

/** How many parts are on their way at a time. */
const window = 8

/** How often a node asks for missing parts until it gives up on whom it asks. */
const mostAttempts = 4

/** The shortest time between two times that a node is offered the same snapshot unasked. */
const offerMillis = 500
