/**
 * What a node knows of a replicated log and of the others' state, and how it talks to them: what all parts of
 * replication share.
 */
import { Clock, Effect, Random, type Schema } from "effect"
import type { NodeId } from "../protocol/NodeId.ts"
import type { Node } from "../services/Node.ts"
import * as Message from "./Gossip.ts"
import type { Repair } from "./RepairPolicy.ts"
import * as ReplicatedLog from "./ReplicatedLog.ts"
import * as Stability from "./Stability.ts"
import type { Role, Topology } from "./Topology.ts"
import * as VersionVector from "./VersionVector.ts"

export interface Replica {
  readonly name: string
  readonly repair: Repair
  readonly nodeIds: ReadonlyArray<NodeId>
  readonly peers: ReadonlyArray<NodeId>
  /** This node's place among all. */
  readonly self: number
  /** A node's place among all, if it is one of them. */
  placeOf(node: NodeId): number | undefined

  /** Items are kept as they go over the wire. */
  readonly log: ReplicatedLog.ReplicatedLog<Schema.Json>
  /** Of every node's log, how much this node has pushed. */
  readonly pushed: Array<number>
  /** What each node said last that it knows, by its place; of this node's own log no more than there is. */
  readonly known: Array<VersionVector.VersionVector>
  readonly stability: Stability.Stability
  /** The nodes that did not answer when it mattered. */
  readonly suspected: Set<NodeId>
  /** The nodes that were asked and have not said anything since. */
  readonly asked: Set<NodeId>

  /** What this node does at present. */
  role(): Role
  /** Whether this node lacks something that the one at `place` knows. */
  lags(place: number): boolean

  send(dest: NodeId, parts: Parts): Effect.Effect<void>
  /** Asks a node for what this one lacks, and tells it what this one has. */
  ask(dest: NodeId, ask: Message.Ask): Effect.Effect<void>
  /** Asks a random one of these nodes. */
  askOneOf(nodes: ReadonlyArray<NodeId>, ask: Message.Ask): Effect.Effect<void>
}

/** A message without what is the same for all that are sent at a time. */
export interface Parts extends Pick<Message.Message, "ask" | "gone"> {
  readonly entries: Message.Message["entries"]
  /** Whether to tell what is known to be stable, which makes a message longer. It is left out if told a short time ago. */
  readonly tellStable: boolean
}

/** Starts with empty logs. */
export const make = (
  node: Node["Service"],
  { name, repair, topology }: { readonly name: string; readonly repair: Repair; readonly topology: Topology }
): Replica => {
  const { nodeIds, peers } = node
  const size = nodeIds.length
  const places = new Map(nodeIds.map((id, place) => [id, place]))
  const self = places.get(node.id)!
  const log = ReplicatedLog.make<Schema.Json>(size)
  const known = nodeIds.map((): VersionVector.VersionVector => VersionVector.empty(size))
  const stability = Stability.make(self, log.version)
  const suspected = new Set<NodeId>()
  const asked = new Set<NodeId>()
  const message = Message.make(name)
  const cluster = { self: node.id, nodeIds, isSuspected: (id: NodeId) => suspected.has(id) }
  const toldStableAt = new Map<NodeId, number>()

  const shouldTell = (dest: NodeId) =>
    Effect.map(Clock.monotonicTimeNanos, (nanos) => {
      const now = Number(nanos) / 1e6
      if (now - (toldStableAt.get(dest) ?? Number.NEGATIVE_INFINITY) < tellStableMillis) {
        return false
      }
      toldStableAt.set(dest, now)
      return true
    })

  const send = Effect.fnUntraced(function* (dest: NodeId, { tellStable, ...parts }: Parts) {
    if (parts.ask !== undefined) {
      asked.add(dest)
    }
    yield* node.send(message, dest, {
      have: [...log.version],
      ...parts,
      ...(tellStable && (yield* shouldTell(dest)) ? { stability: stability.claim } : {})
    })
  })

  const ask: Replica["ask"] = (dest, ask) => send(dest, { entries: [], ask, tellStable: true })

  return {
    name,
    repair,
    nodeIds,
    peers,
    self,
    placeOf: (node) => places.get(node),
    log,
    pushed: VersionVector.empty(size),
    known,
    stability,
    suspected,
    asked,
    role: () => topology(cluster),
    lags: (place) => VersionVector.isAhead(known[place]!, log.version),
    send,
    ask,
    askOneOf: (nodes, how) =>
      Effect.flatMap(Random.nextIntBetween(0, nodes.length, { halfOpen: true }), (index) => ask(nodes[index]!, how))
  }
}

/** The shortest time between two messages to the same node that tell what is stable. */
const tellStableMillis = 2_000
