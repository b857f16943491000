/**
 * The state of a replica, which the parts of replication work on, and what all of them need of it.
 *
 * It is changed in place, by one step at a time (`Step`).
 */
import type { Schema } from "effect"
import type { NodeId } from "../protocol/NodeId.ts"
import type { Action, Origin, Timer } from "./Action.ts"
import type { Incarnation } from "../services/Incarnation.ts"
import { murmurMix } from "./murmurMix.ts"
import * as ReplicatedLog from "./ReplicatedLog.ts"
import * as Stability from "./Stability.ts"
import type { Role, Topology } from "./Topology.ts"
import * as VersionVector from "./VersionVector.ts"
import * as View from "./View.ts"

export interface Settings {
  /** All nodes, sorted, so that all nodes have the same index for each. */
  readonly nodeIds: ReadonlyArray<NodeId>
  readonly self: NodeId
  readonly topology: Topology
  /** The most items in a message, and the most elements in a part of a snapshot. */
  readonly maxItems: number
  /**
   * Whether there are snapshots, so that logs can be truncated. Otherwise the logs are all there is, and are kept.
   */
  readonly hasSnapshots: boolean
  /** Whether somebody waits for a sign that another node has what this one pushes, so that a push asks for one. */
  readonly wantsSigns?: boolean
}

/** Vectors are in the order of `view`. Nodes are named by their ids, and by their index among all. */
export interface Replica {
  readonly settings: Settings
  readonly peers: ReadonlyArray<NodeId>
  /** This node's index. */
  readonly self: number
  /** The index of each node. */
  readonly indices: ReadonlyMap<NodeId, number>

  /** The time of the present step, in milliseconds from anywhere. */
  now: number
  /** What the present step has decided so far. */
  actions: Array<Action>
  /** The state of the random numbers. */
  random: number
  /** The timers that run. */
  readonly armed: Set<Timer>

  view: View.View
  /** The views before it, the newest first: a node that was in one of them may refer to it for a while. */
  pastViews: ReadonlyArray<View.View>
  /** Items are kept as they go over the wire. */
  readonly log: ReplicatedLog.ReplicatedLog<Schema.Json>
  /** The logs of this node since it started: one, or more where it learned that it had been here before (`OwnLog`). */
  readonly own: Array<OwnLog>
  /** Items of this node that are not in its log yet. */
  readonly waiting: Array<Schema.Json>
  /** How many items this node has appended, those that wait included. */
  appended: number

  /**
   * How much of every log this node has pushed. `EagerPush` raises it; `Confirmation` takes back what has to be pushed
   * again.
   */
  pushed: Array<number>
  /** What each node has, as it said last, by its index. Written by {@link hear}. */
  known: Array<VersionVector.VersionVector>
  /** What a node has said last. */
  lastHeard: VersionVector.VersionVector
  readonly stability: Stability.Stability
  /** The nodes that gave no sign when it mattered. */
  readonly suspected: Set<NodeId>
  /** The nodes that were asked and have sent nothing since. */
  readonly asked: Set<NodeId>
  /** The nodes that were asked for what this one has lacked for longer than a message takes. */
  readonly repairing: Set<NodeId>
  /** The nodes, each in its present incarnation, that were heard of since this one started. */
  readonly heardFrom: Set<NodeId>
  /** What some of these had when they were first heard of, and this node lacked. */
  readonly toCatchUp: Map<NodeId, VersionVector.VersionVector>
  /** When a node was last told what is stable, by its index. */
  readonly toldStableAt: Map<number, number>

  /** The present logs of all nodes that were last found to be settled, as a text. */
  settled: string

  /** The views that a node has sent last, the newest first, by its index. */
  readonly viewsOf: Array<ReadonlyArray<View.View>>
  /** The id of the view that a node was sent last, by its index. */
  readonly viewTold: Array<string | undefined>

  /** What this node had when something was last found to have been missing here (`AntiEntropy`). */
  rumour: Array<number>
  /** When the quiet schedule last began anew. */
  quietSince: number
  /** How many more comparisons follow soon, since messages get lost. */
  unrest: number
  join: "seeking" | "catching up" | "done"
  /** How often this node has sought somebody who knows more than itself. */
  sought: number

  /** How many items of this node another one is known to have. */
  confirmed: number
  /** What this node had pushed when it last began to wait for a sign, and whether it has asked for one since. */
  awaited: { goal: Array<number>; isAsked: boolean; isRepeated: boolean } | undefined

  /** The snapshot that this node gives to others. */
  outgoing: Outgoing | undefined
  /** How many snapshots it has taken. */
  snapshots: number
  /** The snapshot that this node gets. */
  incoming: Incoming | undefined
}

interface OwnLog {
  readonly incarnation: Incarnation
  /** How many items this node had appended when it opened this log. */
  readonly first: number
}

/** A snapshot that this node has taken, as of a version. */
export interface Outgoing {
  readonly id: string
  readonly view: View.View
  readonly version: VersionVector.VersionVector
  readonly parts: ReadonlyArray<ReadonlyArray<Schema.Json>>
  /** When a node was last offered it, by its index. */
  readonly offeredAt: Map<number, number>
}

/** A snapshot that this node gathers from the peer at an index. */
export interface Incoming {
  readonly id: string
  readonly peer: number
  readonly view: View.View
  readonly version: VersionVector.VersionVector
  readonly of: number
  readonly parts: Map<number, ReadonlyArray<Schema.Json>>
  /** How many of the first parts were sent or asked for so far. */
  wanted: number
  /** How often in a row this node has asked in vain. */
  attempts: number
}

/** The state of a node that has just started, and knows of nothing but its own empty log. */
export const make = (settings: Settings, incarnation: Incarnation, seed: number, now: number): Replica => {
  const { nodeIds } = settings
  const indices = new Map(nodeIds.map((id, index) => [id, index]))
  const self = indices.get(settings.self)!
  const log = ReplicatedLog.make<Schema.Json>(1)
  const nothing = VersionVector.empty(1)
  return {
    settings,
    peers: nodeIds.filter((_, index) => index !== self),
    self,
    indices,
    now,
    actions: [],
    random: seed,
    armed: new Set(),
    view: View.make({ logs: [[self, incarnation]] }),
    pastViews: [],
    log,
    own: [{ incarnation, first: 0 }],
    waiting: [],
    appended: 0,
    pushed: [0],
    known: nodeIds.map(() => nothing),
    lastHeard: nothing,
    stability: Stability.make({ self, version: log.version }),
    suspected: new Set(),
    asked: new Set(),
    repairing: new Set(),
    heardFrom: new Set(),
    toCatchUp: new Map(),
    toldStableAt: new Map(),
    settled: "",
    viewsOf: nodeIds.map(() => []),
    viewTold: nodeIds.map(() => undefined),
    rumour: [0],
    quietSince: Number.NEGATIVE_INFINITY,
    unrest: 0,
    join: "seeking",
    sought: 0,
    confirmed: 0,
    awaited: undefined,
    outgoing: undefined,
    snapshots: 0,
    incoming: undefined
  }
}

/** Decides that something is to be done. */
export const emit = ({ actions }: Replica, action: Action): void => {
  actions.push(action)
}

/** Starts a timer. One that runs is left alone, unless it is to begin `anew`. */
export const arm = (replica: Replica, timer: Timer, anew: "anew" | "next" = "anew"): void => {
  if (anew === "anew" || !replica.armed.has(timer)) {
    replica.armed.add(timer)
    emit(replica, { _tag: "Arm", timer, anew: anew === "anew" })
  }
}

export const log = (replica: Replica, level: "Info" | "Warn", text: string, about?: unknown): void =>
  emit(replica, { _tag: "Log", level, text, ...(about !== undefined && { about }) })

/** Hands items over that have just been taken into the log at `position`. */
export const deliver = (replica: Replica, position: number, items: ReadonlyArray<Schema.Json>): void => {
  if (items.length > 0) {
    const first = replica.log.version[position]! - items.length
    emit(replica, { _tag: "Deliver", origin: originOf(replica, replica.view.logs[position]!), first, items })
  }
}

export const originOf = ({ settings }: Replica, [node, incarnation]: View.LogId): Origin => ({
  node: settings.nodeIds[node]!,
  incarnation
})

/** A node's index, if it is one of the cluster; −1 otherwise. */
export const indexOf = ({ indices }: Replica, node: NodeId): number => indices.get(node) ?? -1

/** What this node does at present. Nodes that a topology names and that are not there, or twice, are left out. */
export const role = ({ peers, settings: { nodeIds, self, topology }, suspected }: Replica): Role => {
  const role = topology({ self, nodeIds, isSuspected: (node) => suspected.has(node) })
  const targets = new Set(role.targets)
  return { ...role, targets: peers.filter((peer) => targets.has(peer)) }
}

/** The node at `index` has said that it has `have`. */
export const hear = (replica: Replica, index: number, have: VersionVector.VersionVector): void => {
  // Most nodes have the same most of the time, which is kept once: with 500 nodes a vector for each takes 2 MB.
  if (!VersionVector.equals(have, replica.lastHeard)) {
    replica.lastHeard = have
  }
  replica.known[index] = replica.lastHeard
}

/** Whether this node lacks something that the one at `index` has. */
export const lags = ({ known, log }: Replica, index: number): boolean =>
  VersionVector.isAhead(known[index]!, log.version)

/** One of these nodes, at random. */
export const oneOf = (replica: Replica, nodes: ReadonlyArray<NodeId>): NodeId => {
  // The additive generator of SplitMix.
  replica.random = (replica.random + 0x9e3779b9) | 0
  return nodes[murmurMix(replica.random) % nodes.length]!
}

/** This node, as what gathers what is stable. */
export const gatherer = ({ log, self, settings, view }: Replica): Stability.Gatherer => ({
  self,
  size: settings.nodeIds.length,
  version: log.version,
  isClosed: (position) => View.isClosed(view, position)
})

/** The positions of the logs that this node has had since it started, as far as they are still counted. */
export const ownPositions = ({ own, self, view }: Replica): ReadonlyArray<number> =>
  own.map(({ incarnation }) => View.positionOf(view, [self, incarnation])).filter((position) => position >= 0)

/** How many logs of this node from before it started this node has heard of, those counted that views still name. */
export const restarts = ({ own, self, view }: Replica): number =>
  [...view.before, ...view.retired, ...view.logs].filter(
    ([node, incarnation]) => node === self && own.every((log) => log.incarnation !== incarnation)
  ).length
