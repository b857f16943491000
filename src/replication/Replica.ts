/**
 * A replica's state that the parts of replication share: its logs, what it knows of the others, and how it talks to
 * them.
 */
import { Clock, Effect, Random, type Schema } from "effect"
import type { NodeId } from "../protocol/NodeId.ts"
import type { Node } from "../services/Node.ts"
import * as Gossip from "./Gossip.ts"
import type { RepairPolicy } from "./RepairPolicy.ts"
import * as ReplicatedLog from "./ReplicatedLog.ts"
import * as Stability from "./Stability.ts"
import type { Role, Topology } from "./Topology.ts"
import * as VersionVector from "./VersionVector.ts"

/** Nodes are named by their ids, and by their index among all, which is how vectors name them. */
export interface Replica {
  readonly repair: RepairPolicy
  readonly nodeIds: ReadonlyArray<NodeId>
  readonly peers: ReadonlyArray<NodeId>
  /** This node's index. */
  readonly self: number
  /** A node's index, if it is one of the cluster. */
  indexOf(node: NodeId): number | undefined

  /** Items are kept as they go over the wire. The gossip's handler appends and truncates, `OwnLog` appends its own. */
  readonly log: ReplicatedLog.ReplicatedLog<Schema.Json>
  /**
   * Of every node's log, how much this node has pushed. `EagerPush` raises it; `Confirmation` and `OwnLog` take back
   * what has to be pushed again.
   */
  readonly pushed: Array<number>
  /**
   * What each node has, as it said last, by its index; of this node's own log no more than there is. Written by the
   * gossip's handler, through {@link hear}.
   */
  readonly known: ReadonlyArray<VersionVector.VersionVector>
  readonly stability: Stability.Stability
  /**
   * The nodes that gave no sign when it mattered. `Confirmation` adds them; the gossip's handler removes who gives one.
   */
  readonly suspected: Set<NodeId>
  /** The nodes that were asked, in {@link send}, and have sent nothing since: the gossip's handler removes who has. */
  readonly asked: Set<NodeId>

  /** The node at `index` has said what it has. */
  hear(index: number, have: VersionVector.VersionVector): void

  /** What this node does at present. */
  role(): Role
  /** Whether this node lacks something that the one at `index` has. */
  lags(index: number): boolean

  send(dest: NodeId, parts: Parts): Effect.Effect<void>
  /** Asks a node for what this one lacks, and tells it what this one has. */
  ask(dest: NodeId, ask: Gossip.Ask): Effect.Effect<void>
  /** Asks a random one of these nodes. */
  askOneOf(nodes: ReadonlyArray<NodeId>, ask: Gossip.Ask): Effect.Effect<void>
}

/** A message without what is the same for all that are sent at a time. */
export interface Parts extends Pick<Gossip.Gossip, "ask" | "gone"> {
  readonly entries: Gossip.Gossip["entries"]
  /** Whether to tell what is stable, which makes a message longer. It is left out if told a short time ago. */
  readonly tellStable: boolean
}

/** Starts with empty logs. */
export const make = (
  node: Node["Service"],
  { name, repair, topology }: { readonly name: string; readonly repair: RepairPolicy; readonly topology: Topology }
): Replica => {
  const { nodeIds, peers } = node
  const size = nodeIds.length
  const indices = new Map(nodeIds.map((id, index) => [id, index]))
  const self = indices.get(node.id)!
  const log = ReplicatedLog.make<Schema.Json>(size)
  const nothing: VersionVector.VersionVector = VersionVector.empty(size)
  const known = nodeIds.map(() => nothing)
  // Most nodes have the same most of the time, which is kept once: with 500 nodes a vector for each takes 2 MB.
  let lastHeard = nothing
  const stability = Stability.make(self, log.version)
  const suspected = new Set<NodeId>()
  const asked = new Set<NodeId>()
  const gossip = Gossip.make(name)
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
    yield* node.send(gossip, dest, {
      have: [...log.version],
      ...parts,
      ...(tellStable && (yield* shouldTell(dest)) ? { stability: stability.claim } : {})
    })
  })

  const ask: Replica["ask"] = (dest, ask) => send(dest, { entries: [], ask, tellStable: true })

  return {
    repair,
    nodeIds,
    peers,
    self,
    indexOf: (node) => indices.get(node),
    log,
    pushed: VersionVector.empty(size),
    known,
    stability,
    suspected,
    asked,
    hear: (index, have) => {
      lastHeard = VersionVector.equals(have, lastHeard) ? lastHeard : have
      known[index] = lastHeard
    },
    role: () => topology(cluster),
    lags: (index) => VersionVector.isAhead(known[index]!, log.version),
    send,
    ask,
    askOneOf: (nodes, how) =>
      Effect.flatMap(Random.nextIntBetween(0, nodes.length, { halfOpen: true }), (index) => ask(nodes[index]!, how))
  }
}

/** The shortest time between two messages to the same node that tell what is stable. */
const tellStableMillis = 2_000
