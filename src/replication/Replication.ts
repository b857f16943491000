/**
 * Replicates an append-only log of every node to all nodes, by eager push along a topology and anti-entropy behind it.
 *
 * New items are pushed without acknowledgements: every message carries its sender's version vector, which tells what
 * the sender has. Whatever pushes missed is found by comparing versions, and fetched: from whom one is known to lack
 * something after a short wait, else from a random node now and then. The idea is anti-entropy, from Demers et al.,
 * "Epidemic Algorithms for Replicated Database Maintenance" (1987), with the logs and vectors of Ladin et al., "Lazy
 * Replication" (1992).
 */
import { Cause, Effect, Exit, Schema, type Scope } from "effect"
import { explain } from "../protocol/Malformed.ts"
import type { NodeId } from "../protocol/NodeId.ts"
import { Node } from "../services/Node.ts"
import * as AntiEntropy from "./AntiEntropy.ts"
import * as Confirmation from "./Confirmation.ts"
import * as EagerPush from "./EagerPush.ts"
import type { Flush } from "./Flush.ts"
import * as Gossip from "./Gossip.ts"
import * as OwnLog from "./OwnLog.ts"
import * as Replica from "./Replica.ts"
import * as RepairPolicy from "./RepairPolicy.ts"
import type { Topology } from "./Topology.ts"
import * as VersionVector from "./VersionVector.ts"

export interface Options<A> {
  /** Tells the messages of several replicated logs apart; it is part of their type. */
  readonly name: string
  /** What is replicated, and how it is written. What another node has written otherwise is logged and left out. */
  readonly item: Schema.Codec<A, Schema.Json>
  /** To whom a node pushes what is new. */
  readonly topology: Topology
  /** When it does. */
  readonly flush: Flush
  /** When it looks for what was lost. `RepairPolicy.standard` if left out. */
  readonly repair?: RepairPolicy.RepairPolicy
  /**
   * Takes the items of other nodes: of each node in the order in which it appended them, every one once; and after a
   * restart those that this node appended before it. It must not wait, so that this order holds.
   */
  readonly deliver: (item: A, origin: NodeId) => void
}

/**
 * A log of every node, replicated at every node of the cluster.
 *
 * Use it for what nodes have to tell all others and what may arrive late: values, additions, records, transactions
 * whose order is settled by what is in them. Use a store (`LinKv`) where nodes have to agree before they go on.
 *
 * ```ts
 * let sum = 0
 * const additions = yield* Replication.make({
 *   name: "additions",
 *   item: Schema.Int,
 *   topology: Topology.ring,
 *   flush: Flush.after("1 second"),
 *   deliver: (delta) => {
 *     sum += delta
 *   }
 * })
 *
 * sum += 7 // a node's own items are not delivered to it
 * const seq = yield* additions.append(7)
 * yield* additions.whenConfirmed(seq)
 * ```
 *
 * Guaranteed, whatever the network loses, repeats, reorders or cuts off, as long as it heals in the end:
 *
 * - Every item of a node that stays up is delivered at every other node that does.
 * - Each is delivered once, and those of one node in the order in which it appended them.
 * - Whatever is delivered was appended.
 * - An item is kept until all nodes are known to have it (`Stability`), so that a node which was cut off or paused gets
 *   all that it missed. As long as one is absent, the memory of the others grows.
 *
 * Not guaranteed:
 *
 * - An order between the items of different nodes: see `CausalOrder` for one that respects causes.
 * - That an item outlives its node: `append` waits for nobody. Whoever needs that waits for {@link whenConfirmed},
 *   after which a second node has it.
 * - Durability: memory is all there is. A node that ends and starts again has lost its items. The others lose nothing
 *   of each other's by that, and agree on what they have of it. The node itself gets what they still keep, its own
 *   former items among them, behind which it then adds its new ones (`OwnLog`); what was truncated is lost for it, and
 *   it goes on behind that.
 * - There is one gap: until a restarted node has heard from those who have most of its log, it cannot tell its new
 *   items from its former ones. What it sends in that time may be taken for these, and so be confirmed without getting
 *   to anybody.
 * - A cluster that changes: the nodes are those that `init` names.
 */
export interface Replication<A> {
  /**
   * Adds an item to this node's log and sends it when the flush policy says so. It is not delivered to this node.
   * Returns its sequence number: how many items this node had appended before it since it started. Dies if the item
   * does not fit its schema.
   */
  append(item: A): Effect.Effect<number>

  /**
   * Completes once another node is known to have the item with the sequence number `seq`, so that it outlives this
   * node; in a cluster of one at once. Where no other message tells, a sign is asked for after
   * `RepairPolicy.confirmAfter`.
   */
  whenConfirmed(seq: number): Effect.Effect<void>

  /**
   * How many items of each node this one has, by the index of the node in `Node.nodeIds`. Its own count once they are
   * sent.
   */
  readonly version: VersionVector.VersionVector

  /** How many items are kept because some node may still ask for them. */
  readonly retained: Effect.Effect<number>
}

/**
 * Joins the replication of the log called `name`, with empty memory. Everything that goes on in the background ends
 * with the scope. Dies if the node replicates a log of that name already.
 */
export const make = Effect.fnUntraced(function* <A>({
  deliver,
  flush,
  item,
  name,
  repair = RepairPolicy.standard,
  topology
}: Options<A>): Effect.fn.Return<Replication<A>, never, Node | Scope.Scope> {
  const node = yield* Node
  const replica = Replica.make(node, { name, repair, topology })
  const { known, lags, log, nodeIds, peers, self, stability } = replica
  const annotated = Effect.annotateLogs({ component: "Replication", log: name })
  const antiEntropy = yield* AntiEntropy.make(replica)
  const confirmation: Confirmation.Confirmation = yield* Confirmation.make(
    replica,
    Effect.suspend(() => eagerPush.now)
  )
  const eagerPush: EagerPush.EagerPush = yield* EagerPush.make(replica, flush, {
    publish: () => own.publish(),
    onPush: confirmation.watch
  })
  const own = yield* OwnLog.make(replica, {
    isKnownElsewhere: () => confirmation.count > 0,
    onRejoined: eagerPush.schedule("own")
  })

  const encode = Schema.encodeUnknownSync(item)
  const decode = Schema.decodeUnknownExit(item)

  /** Takes what has come and returns whether anything is new. */
  const take = Effect.fnUntraced(function* ({ entries, gone: truncated }: Gossip.Gossip) {
    let isNew = false
    const hand = Effect.fnUntraced(function* (origin: number, items: ReadonlyArray<Schema.Json>) {
      for (const json of items) {
        const decoded = decode(json)
        if (Exit.isSuccess(decoded)) {
          deliver(decoded.value, nodeIds[origin]!)
        } else {
          const reason = explain(Cause.squash(decoded.cause))
          yield* Effect.logWarning(`Left out an item of ${nodeIds[origin]}`, reason, json)
        }
      }
      isNew ||= items.length > 0
    })
    if (truncated !== undefined && VersionVector.isAhead(truncated, log.version)) {
      yield* Effect.logWarning("Items from before this node started can no longer be had", truncated)
      for (const [origin, count] of truncated.entries()) {
        if (origin !== self || own.isRejoining) {
          yield* hand(origin, log.skip(origin, count))
        }
      }
    }
    for (const run of entries) {
      const [origin] = run
      if (origin !== self || own.isRejoining) {
        yield* hand(origin, log.receive(run))
      }
    }
    return isNew
  })

  const onGossip = Effect.fnUntraced(function* (gossip: Gossip.Gossip, src: NodeId) {
    const peer = replica.indexOf(src)
    if (peer === undefined || peer === self || !Gossip.fits(gossip, nodeIds.length)) {
      yield* Effect.logWarning(`Dropped a message of another cluster from ${src}`)
      return
    }
    const { ask, have } = gossip
    replica.suspected.delete(src)
    const isAnswer = replica.asked.delete(src)
    replica.hear(peer, yield* own.clampToOwnLog(have))
    if (!own.isRejoining) {
      confirmation.note(known[peer]![self]!)
    }

    const isNew = yield* take(gossip)
    stability.heard(peer, have)
    if (gossip.stability !== undefined) {
      stability.receive(gossip.stability)
    }
    log.truncate(stability.stable)

    if (isNew) {
      // What had to be asked for is likely to be missing elsewhere as well.
      yield* isAnswer ? antiEntropy.mongerRumour : antiEntropy.whenQuiet
      if (replica.role().relays) {
        yield* eagerPush.schedule("heard")
      }
    }
    if (ask !== undefined) {
      yield* antiEntropy.feedback(have)
      // Not what the node has said before, since it may have lost that in a restart.
      const entries = log.since(have, repair.maxItems)
      const isTruncated = VersionVector.isAhead(log.truncated, have)
      if (ask === "always" || entries.length > 0 || isTruncated || lags(peer)) {
        yield* replica.send(src, {
          entries,
          tellStable: true,
          ...(isTruncated ? { gone: [...log.truncated] } : {}),
          ...(lags(peer) ? { ask: "difference" } : {})
        })
      }
    } else if (lags(peer)) {
      // There is more where this came from.
      yield* isAnswer && isNew ? replica.ask(src, "difference") : antiEntropy.fetchFrom(src)
    }
  })

  yield* annotated(node.receive(Gossip.make(name), (gossip, { src }) => onGossip(gossip, src)))
  if (peers.length > 0) {
    yield* antiEntropy.whenQuiet
  }

  return {
    append: Effect.fnUntraced(function* (item) {
      const seq = own.add(encode(item))
      // What this begins may log later on (`Confirmation`), in fibers that inherit from this one.
      yield* annotated(eagerPush.schedule("own"))
      return seq
    }),
    whenConfirmed: (seq) => confirmation.when(() => own.seqInLog(seq) + 1),
    version: log.version,
    retained: Effect.sync(() => log.retained + own.waiting)
  }
})
