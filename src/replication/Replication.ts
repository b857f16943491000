/**
 * Brings every node's items to every node: in order for each node, each once, whatever the network loses, repeats, mixes
 * up or cuts off.
 *
 * Each node owns an append-only log. New items are pushed along a topology, without acknowledgements: every message
 * carries its sender's version vector, which tells what the sender has. Whatever pushes missed is found by comparing
 * versions, and fetched: from whom one is known to lack something after a short wait, else from a random node now and
 * then. The idea is anti-entropy, from Demers et al., "Epidemic Algorithms for Replicated Database Maintenance" (1987),
 * with the logs and vectors of Ladin et al., "Lazy Replication" (1992).
 *
 * A node keeps items until it has heard that every node has them; as long as one is absent, that is all that it misses.
 *
 * Memory is all there is, so a node that ends and starts again has lost its items. The others lose nothing of each
 * other's by that, and agree on what they have of it. The node itself gets what they still keep, its own former items
 * among them, behind which it then adds its new ones; what all nodes had been known to have is gone for it, and it goes on
 * behind that. There is one gap: until it has heard from those who know most of it, it cannot tell its new items from its
 * former ones. What it sends in that time may be taken for these, and so be confirmed without getting to anybody.
 */
import { Cause, Effect, Exit, Schema, type Scope } from "effect"
import { explain } from "../protocol/Malformed.ts"
import type { NodeId } from "../protocol/NodeId.ts"
import { Node } from "../services/Node.ts"
import * as Comparison from "./AntiEntropy.ts"
import * as Confirmation from "./Confirmation.ts"
import type { Flush } from "./Flush.ts"
import * as Message from "./Gossip.ts"
import * as OwnLog from "./OwnLog.ts"
import * as Pushing from "./EagerPush.ts"
import * as Repair from "./RepairPolicy.ts"
import * as Replica from "./Replica.ts"
import type { Topology } from "./Topology.ts"
import * as VersionVector from "./VersionVector.ts"

export interface Options<A> {
  /** Tells the messages of several replicated logs apart. */
  readonly name: string
  /** What is replicated, and how it is written. What another node has written otherwise is logged and left out. */
  readonly item: Schema.Codec<A, Schema.Json>
  readonly topology: Topology
  readonly flush: Flush
  readonly repair?: Repair.Repair
  /**
   * Takes the items of other nodes: of each node in the order in which it appended them, every one once; and after a
   * restart those that this node appended before it. It must not wait, so that this order holds.
   */
  readonly deliver: (item: A, origin: NodeId) => void
}

export interface Replication<A> {
  /**
   * Adds an item to this node's log and sends it when the flush policy says so. It is not delivered to this node. Returns
   * its place among the items that this node has appended since it started, from 0. Dies if the item does not fit its
   * schema.
   */
  append(item: A): Effect.Effect<number>

  /**
   * Completes once another node is known to have the item at `place`, so that it outlives this node; in a cluster of one
   * at once. Where no other message tells, one is asked for after `Repair.confirmAfter`.
   */
  whenConfirmed(place: number): Effect.Effect<void>

  /**
   * How many items of each node this one knows, by the place of the node in `Node.nodeIds`. Its own count once they are
   * sent.
   */
  readonly version: VersionVector.VersionVector

  /** How many items are kept because some node may still ask for them. */
  readonly retained: Effect.Effect<number>
}

/** Starts with empty logs. Everything that goes on in the background ends with the scope. */
export const make = Effect.fnUntraced(function* <A>({
  deliver,
  flush,
  item,
  name,
  repair = Repair.standard,
  topology
}: Options<A>): Effect.fn.Return<Replication<A>, never, Node | Scope.Scope> {
  const node = yield* Node
  const replica = Replica.make(node, { name, repair, topology })
  const { known, lags, log, nodeIds, peers, self, stability } = replica
  const comparison = yield* Comparison.make(replica)
  const confirmation: Confirmation.Confirmation = yield* Confirmation.make(
    replica,
    Effect.suspend(() => pushing.now)
  )
  const pushing: Pushing.Pushing = yield* Pushing.make(replica, flush, {
    publish: () => own.publish(),
    onPush: confirmation.watch
  })
  const own = yield* OwnLog.make(replica, {
    isKnownElsewhere: () => confirmation.count > 0,
    onRejoined: pushing.schedule
  })

  const encode = Schema.encodeUnknownSync(item)
  const decode = Schema.decodeUnknownExit(item)

  /** Takes what has come and returns whether anything is new. */
  const take = Effect.fnUntraced(function* ({ entries, gone }: Message.Message) {
    let isNew = false
    const hand = Effect.fnUntraced(function* (origin: number, items: ReadonlyArray<Schema.Json>) {
      for (const json of items) {
        const decoded = decode(json)
        if (Exit.isSuccess(decoded)) {
          deliver(decoded.value, nodeIds[origin]!)
        } else {
          const reason = explain(Cause.squash(decoded.cause))
          yield* Effect.logWarning(`${name}: left out an item of ${nodeIds[origin]}`, reason, json)
        }
      }
      isNew ||= items.length > 0
    })
    if (gone !== undefined && VersionVector.isAhead(gone, log.version)) {
      yield* Effect.logWarning(`${name}: items from before this node started can no longer be had`, gone)
      for (const [origin, count] of gone.entries()) {
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

  const message = Message.make(name)
  yield* node.receive(
    message,
    Effect.fnUntraced(function* (request, { src }) {
      const peer = replica.placeOf(src)
      if (peer === undefined || peer === self || !Message.fits(request, nodeIds.length)) {
        yield* Effect.logWarning(`${name}: dropped a message of another cluster from ${src}`)
        return
      }
      const { ask, have } = request
      replica.suspected.delete(src)
      const isAnswer = replica.asked.delete(src)
      known[peer] = yield* own.credible(have)
      if (!own.isRejoining) {
        confirmation.note(known[peer][self]!)
      }

      const isNew = yield* take(request)
      stability.heard(peer, have)
      if (request.stability !== undefined) {
        stability.receive(request.stability)
      }
      log.forget(stability.stable)

      if (isNew) {
        // What had to be asked for is likely to be missing elsewhere as well.
        yield* isAnswer ? comparison.spread : comparison.whenQuiet
        if (replica.role().relays) {
          yield* pushing.schedule
        }
      }
      if (ask !== undefined) {
        yield* comparison.gave(have)
        // Not what the node has said before, since it may have forgotten that.
        const entries = log.since(have, repair.maxItems)
        const isGone = VersionVector.isAhead(log.forgotten, have)
        if (ask === "always" || entries.length > 0 || isGone || lags(peer)) {
          yield* replica.send(src, {
            entries,
            tellStable: true,
            ...(isGone ? { gone: [...log.forgotten] } : {}),
            ...(lags(peer) ? { ask: "difference" } : {})
          })
        }
      } else if (lags(peer)) {
        // There is more where this came from.
        yield* isAnswer && isNew ? replica.ask(src, "difference") : comparison.fetchFrom(src)
      }
    })
  )
  if (peers.length > 0) {
    yield* comparison.whenQuiet
  }

  return {
    append: Effect.fnUntraced(function* (item) {
      const place = own.add(encode(item))
      yield* pushing.schedule
      return place
    }),
    whenConfirmed: (place) => confirmation.when(() => own.placeInLog(place) + 1),
    version: log.version,
    retained: Effect.sync(() => log.retained + own.waiting)
  }
})
