/**
 * Tells peers which view a message's vectors are in: all of it where it has changed since the peer was told, and its id
 * otherwise; and widens this node's view by those of others.
 */
import type { Incarnation } from "../services/Incarnation.ts"
import * as OwnLog from "./OwnLog.ts"
import { emit, gatherer, originOf, type Replica } from "./Replica.ts"
import * as Stability from "./Stability.ts"
import type { VersionVector } from "./VersionVector.ts"
import * as View from "./View.ts"

/** This node's view, as it is written in a message to the peer at `index`. */
export const refer = ({ view, viewTold, viewsOf }: Replica, index: number, inFull: boolean): string | View.Written => {
  if (!inFull && (viewTold[index] === view.id || viewsOf[index]![0]?.text === view.text)) {
    return view.id
  }
  viewTold[index] = view.id
  return View.write(view)
}

/** The view that the peer at `index` refers to; undefined if this node does not know it. */
export const read = (
  { pastViews, view, viewsOf }: Replica,
  index: number,
  reference: string | View.Written
): View.View | undefined => {
  if (typeof reference === "string") {
    const isMeant = ({ id }: View.View) => id === reference
    return viewsOf[index]!.find(isMeant) ?? (isMeant(view) ? view : pastViews.find(isMeant))
  }
  // Most nodes are in the same view most of the time, which is kept once: in a cluster of hundreds it is large.
  const theirs = View.make(reference)
  const isSame = ({ text }: View.View) => text === theirs.text
  return isSame(view) ? view : (pastViews.find(isSame) ?? theirs)
}

/** Takes note that the peer at `index` is in a view. One that forgot what it was told is told again. */
export const note = (replica: Replica, index: number, view: View.View): void => {
  const { viewTold, viewsOf } = replica
  const [last] = viewsOf[index]!
  if (last?.text === view.text) {
    return
  }
  if (last !== undefined && incarnationOf(last, index) !== incarnationOf(view, index)) {
    viewTold[index] = undefined
    // What it had before it restarted may be nowhere any more, and not to be caught up with.
    replica.heardFrom.delete(replica.settings.nodeIds[index]!)
    replica.toCatchUp.delete(replica.settings.nodeIds[index]!)
  }
  viewsOf[index] = [view, ...viewsOf[index]!.filter(({ text }) => text !== view.text)].slice(0, keptViews)
}

/** The present incarnation of a node in a view. */
const incarnationOf = (view: View.View, index: number): Incarnation | undefined =>
  view.logs[View.newestOf(view, index)]?.[1]

/** Whether the peer at `index` was last in a view that names the log to which this node appends at present. */
export const knowsPresentLog = ({ own, self, viewsOf }: Replica, index: number): boolean =>
  incarnationOf(viewsOf[index]![0]!, self) === own.at(-1)!.incarnation

/**
 * Whether what the peer at `index` says in a view is from before it restarted. It is not taken: of a closed log nobody
 * gets anything but from nodes that are still there, so that these can find out that all have the same of it.
 */
export const isStale = (replica: Replica, index: number, view: View.View): boolean =>
  incarnationOf(replica.view, index)! > incarnationOf(view, index)!

/** Widens the view of this node by that of another, which has `counts`. */
export const widen = (replica: Replica, theirs: View.View, counts: VersionVector): void =>
  adopt(replica, View.union(replica.view, replica.log.version, theirs, counts))

/** Retires the closed logs, of which all nodes have the same. */
export const retire = (replica: Replica): void => adopt(replica, View.retireClosed(replica.view, replica.log.version))

/** All nodes are in the view of this one, in which all have the same of the closed logs. */
export const settle = (replica: Replica): void => {
  const { settings, view } = replica
  const logs = settings.nodeIds.map((_, index) => view.logs[View.newestOf(view, index)]!)
  const text = JSON.stringify(logs)
  if (replica.settled !== text) {
    replica.settled = text
    emit(replica, { _tag: "Settled", logs: logs.map((log) => originOf(replica, log)) })
  }
}

/** Goes over to a view in which all logs of the present one are counted or retired. */
export const adopt = (replica: Replica, next: View.View): void => {
  const { view: present } = replica
  if (next.text === present.text) {
    return
  }
  for (const log of present.logs) {
    if (View.isRetired(next, log)) {
      emit(replica, { _tag: "Retire", origin: originOf(replica, log) })
    }
  }
  const align = (counts: ReadonlyArray<number>) => View.align(counts, present, next, 0)
  replica.log.reorder(next.logs.map((log) => View.positionOf(present, log)))
  for (const [position, log] of next.logs.entries()) {
    // Of a log that is counted again, this node has what all had.
    replica.log.skip(position, View.finalOf(present, log) ?? 0)
  }
  replica.pastViews = [present, ...replica.pastViews].slice(0, keptPast)
  replica.view = next
  replica.pushed = align(replica.pushed)
  replica.rumour = align(replica.rumour)
  for (const [peer, have] of replica.toCatchUp) {
    replica.toCatchUp.set(peer, align(have))
  }
  // Many of these are one and the same (`Replica.hear`), and stay so.
  const aligned = new Map<VersionVector, VersionVector>()
  for (const known of replica.known) {
    if (!aligned.has(known)) {
      aligned.set(known, align(known))
    }
  }
  replica.known = replica.known.map((known) => aligned.get(known)!)
  replica.lastHeard = align(replica.lastHeard)
  if (replica.awaited !== undefined) {
    replica.awaited.goal = align(replica.awaited.goal)
  }
  replica.stability.stable = align(replica.stability.stable)
  // Those that were counted may know of fewer logs, and one of them may have started anew.
  Stability.beginAnew(replica.stability, gatherer(replica))
  if (incarnationOf(next, replica.self) !== replica.own.at(-1)!.incarnation) {
    OwnLog.reopen(replica)
    adopt(replica, View.open(next, replica.self, replica.own.at(-1)!.incarnation))
  }
}

/** The last view of a peer, and the one before it, for messages that were overtaken. */
const keptViews = 2

/** How many views this node remembers of those that it was in: a start brings some for each node of a cluster. */
const keptPast = 32
