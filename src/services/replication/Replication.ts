/**
 * Brings every node's items to every node: in order for each node, each once, whatever the network loses, repeats, mixes
 * up or cuts off.
 *
 * Each node owns an append-only log. New items are pushed along a topology, without acknowledgements: every message
 * carries its sender's version vector, which tells what the sender has. Whatever pushes missed is found by comparing
 * versions, and fetched: from whom one is known to lack something after a short wait, else from a random node now and
 * then. The idea is anti-entropy, from Demers et al., "Epidemic Algorithms for Replicated Database Maintenance" (1987),
 * with the logs and vectors of Ladin et al., "Lazy Replication" (1992).
 */
import { Clock, Duration, Effect, FiberHandle, FiberMap, Random, Schedule, Schema, type Scope } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import * as Rpc from "../../protocol/Rpc.ts"
import { Node } from "../Node.ts"
import { Timers } from "../Timers.ts"
import type { Flush } from "./Flush.ts"
import * as Repair from "./Repair.ts"
import * as ReplicatedLog from "./ReplicatedLog.ts"
import type { Topology } from "./Topology.ts"
import * as VersionVector from "./VersionVector.ts"

export interface Options<A> {
  /** Tells the messages of several replicated logs apart. */
  readonly name: string
  readonly item: Schema.Codec<A, Schema.Json>
  readonly topology: Topology
  readonly flush: Flush
  readonly repair?: Repair.Repair
  /**
   * Takes the items of other nodes: of each node in the order in which it appended them, every one once. It must not
   * wait, so that this order holds.
   */
  readonly deliver: (item: A, origin: NodeId) => void
}

export interface Replication<A> {
  /** Adds an item to this node's log and sends it when the flush policy says so. It is not delivered to this node. */
  append(item: A): Effect.Effect<void>

  /** How many items of each node this one knows, by the place of the node in `Node.nodeIds`. */
  readonly version: VersionVector.VersionVector

  /** How many items are kept because some node may still ask for them. */
  readonly retained: Effect.Effect<number>
}

/** Starts with empty logs. Everything that goes on in the background ends with the scope. */
export const make = Effect.fnUntraced(function* <A>(
  options: Options<A>
): Effect.fn.Return<Replication<A>, never, Node | Timers | Scope.Scope> {
  const { deliver, flush, name, repair = Repair.standard, topology } = options
  const node = yield* Node
  const timers = yield* Timers
  const { nodeIds, peers } = node
  const size = nodeIds.length
  const self = nodeIds.indexOf(node.id)

  const log = ReplicatedLog.make<A>(size)
  /** What each node is known to know, and what this node has pushed. */
  const known = nodeIds.map(() => VersionVector.empty(size))
  const pushed = VersionVector.empty(size)
  const suspected = new Set<NodeId>()
  const role = () => topology({ self: node.id, nodeIds, isSuspected: (id) => suspected.has(id) })

  const message = replicate(name, options.item)
  /** Who was asked and has not answered yet. */
  const asked = new Set<NodeId>()
  const send = Effect.fnUntraced(function* (dest: NodeId, entries: ReadonlyArray<ReplicatedLog.Run<A>>, ask?: Ask) {
    if (ask !== undefined) asked.add(dest)
    yield* node.send(message, dest, { have: [...log.version], entries, ...(ask === undefined ? {} : { ask }) })
  })

  // ---- Pushing what is new

  const push: Effect.Effect<void> = Effect.suspend(() => {
    const { relays, targets } = role()
    const from = [...pushed]
    VersionVector.merge(pushed, log.version)
    const sends = Effect.forEach(
      targets,
      (target) => {
        const lacking = [...from]
        const index = nodeIds.indexOf(target)
        VersionVector.merge(lacking, known[index]!)
        const entries = log.since(lacking, repair.maxItems, (origin) => origin !== index && (relays || origin === self))
        return entries.length === 0 ? Effect.void : send(target, entries)
      },
      { discard: true }
    )
    return pushed[self]! > from[self]! ? Effect.andThen(sends, startConfirm) : sends
  })

  const flushing = yield* FiberHandle.make()
  const nextFlush = {
    leaf: yield* Schedule.toStep(flush.leaf),
    hub: yield* Schedule.toStep(flush.hub)
  }
  const scheduleFlush = Effect.fnUntraced(function* () {
    const { relays, targets } = role()
    if (targets.length === 0) return
    const now = yield* Clock.currentTimeMillis
    const [, delay] = yield* nextFlush[relays && targets.length > 1 ? "hub" : "leaf"](now, undefined).pipe(Effect.orDie)
    if (Duration.isZero(delay)) {
      yield* push
    } else {
      yield* FiberHandle.run(flushing, Effect.delay(push, delay), { onlyIfMissing: true })
    }
  })

  // ---- Asking for what is missing

  const asking = yield* FiberMap.make<NodeId>()
  /** Whether this node lacks something that `index` is known to know. */
  const lags = (index: number) => VersionVector.isAhead(known[index]!, log.version)

  const askSoon = (peer: NodeId) =>
    Effect.suspend(() => (lags(nodeIds.indexOf(peer)) ? send(peer, [], "difference") : Effect.void)).pipe(
      Effect.delay(repair.gapAfter),
      FiberMap.run(asking, peer, { onlyIfMissing: true })
    )

  /** Compares versions with random nodes from now on: soon if `soon`, and in any case on the quiet schedule. */
  const comparing = yield* FiberHandle.make()
  const compare = Effect.flatMap(randomOf(peers), (peer) => send(peer, [], "difference"))
  const compareOn = (first: Effect.Effect<void>) =>
    FiberHandle.run(comparing, Effect.andThen(first, Effect.schedule(compare, Schedule.jittered(repair.quiet))))
  const compareWhenQuiet = compareOn(Effect.void)
  let quietSince = Number.NEGATIVE_INFINITY
  /** Under load there is news all the time; now and then is often enough to begin anew. */
  const restartQuiet = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    if (now - quietSince < restartMillis) return Effect.void
    quietSince = now
    return compareWhenQuiet
  })
  const compareSoon = compareOn(Effect.delay(compare, repair.gapAfter))

  // ---- Making sure that somebody has what was pushed

  const confirming = yield* FiberHandle.make()
  const confirmed = () =>
    known.reduce((most, vector, index) => (index === self ? most : Math.max(most, vector[self]!)), 0)

  const confirm = Effect.gen(function* () {
    const upTo = pushed[self]!
    const isConfirmed = Effect.sync(() => confirmed() >= upTo)
    const waitAndSee = Effect.delay(isConfirmed, repair.confirmAfter)
    if (yield* waitAndSee) return
    const { replaceable, targets } = role()
    yield* send(yield* randomOf(targets.length > 0 ? targets : peers), [], "always")
    if (!(yield* waitAndSee) && replaceable) {
      yield* Effect.logInfo(`${name}: gave up on ${targets.join(", ")} for the time being`)
      for (const target of targets) suspected.add(target)
      pushed[self] = confirmed()
      yield* push
    }
    yield* randomOf(peers).pipe(
      Effect.flatMap((peer) => send(peer, [], "always")),
      Effect.andThen(waitAndSee),
      Effect.repeat({ until: (isConfirmed) => isConfirmed })
    )
  })
  const startConfirm = Effect.suspend(() =>
    confirmed() >= pushed[self]! ? Effect.void : FiberHandle.run(confirming, confirm, { onlyIfMissing: true })
  )

  // ---- Messages of others

  yield* node.handle(message, ({ ask, entries, have }, { src }) =>
    Effect.gen(function* () {
      const peer = nodeIds.indexOf(src)
      if (peer === -1 || peer === self || have.length !== size || entries.some(([origin]) => origin >= size)) {
        yield* Effect.logWarning(`${name}: dropped a message of another cluster from ${src}`)
        return {}
      }
      suspected.delete(src)
      VersionVector.merge(known[peer]!, have)
      // Nobody knows more of this node than it has said itself, unless it has forgotten that it did.
      known[peer]![self] = Math.min(known[peer]![self]!, log.version[self]!)

      let isNew = false
      for (const run of entries) {
        const [origin] = run
        if (origin === self) continue
        for (const item of log.receive(run)) {
          isNew = true
          deliver(item, nodeIds[origin]!)
        }
      }
      const isAnswer = asked.delete(src)
      if (isNew) {
        // What had to be asked for is likely to be missing elsewhere as well.
        yield* isAnswer ? compareSoon : restartQuiet
        if (role().relays) yield* scheduleFlush()
      }
      if (ask !== undefined) {
        const entries = log.since(known[peer]!, repair.maxItems, (origin) => origin !== peer)
        if (ask === "always" || entries.length > 0 || lags(peer)) {
          yield* send(src, entries, lags(peer) ? "difference" : undefined)
        }
      } else if (lags(peer)) {
        yield* askSoon(src)
      }
      return {}
    })
  )

  yield* timers.recur(
    `${name}: forget what all nodes know`,
    { schedule: Schedule.spaced(forgetEvery), jitter: true },
    Effect.sync(() => {
      known[self] = [...log.version]
      log.forget(VersionVector.meet(known))
    })
  )
  if (peers.length > 0) yield* compareWhenQuiet

  return {
    append: Effect.fnUntraced(function* (item) {
      log.append(self, item)
      if (peers.length === 0) return
      yield* scheduleFlush()
    }),
    version: log.version,
    retained: Effect.sync(() => log.retained)
  }
})

/** Whether an answer is wanted in any case, or only if one of the two knows something that the other does not. */
const Ask = Schema.Literals(["always", "difference"])
type Ask = typeof Ask.Type

/** What nodes tell each other: what they have, items, and whether they would like to hear what they lack. */
const replicate = <A>(name: string, item: Schema.Codec<A, Schema.Json>) =>
  Rpc.make(`replicate ${name}`, {
    request: {
      have: VersionVector.VersionVector,
      entries: Schema.Array(Schema.Tuple([Count, Count, Schema.Array(item)])),
      ask: Schema.optionalKey(Ask)
    }
  })

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

const randomOf = (ids: ReadonlyArray<NodeId>) =>
  Effect.map(Random.nextIntBetween(0, ids.length, { halfOpen: true }), (index) => ids[index]!)

const restartMillis = 500

const forgetEvery = Duration.seconds(1)
