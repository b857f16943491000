/**
 * Replicates an append-only log of every node to all nodes, by eager push along a topology and anti-entropy behind it.
 *
 * New items are pushed without acknowledgements: every message carries its sender's version vector, which tells what
 * the sender has. Whatever pushes missed is found by comparing versions, and fetched: from whom one is known to lack
 * something after a short wait, else from a random node now and then. The idea is anti-entropy, from Demers et al.,
 * "Epidemic Algorithms for Replicated Database Maintenance" (1987), with the logs and vectors of Ladin et al., "Lazy
 * Replication" (1992), and Wuu and Bernstein's rule that a log may be truncated as far as everyone is known to have it
 * ("Efficient Solutions to the Replicated Log and Dictionary Problems", 1984).
 *
 * A node that restarts is not the one that it was, whatever its disk has kept: it opens a log of its own, under a new
 * incarnation, so that nothing which it appended before can be taken for what it appends now. The logs of its earlier
 * incarnations are closed, and go on being replicated by those who have some of them, to the restarted node as to
 * everyone. What is truncated everywhere comes to it as a snapshot of the state (`Snapshot`), with the vector that says
 * which items are in it, as delta CRDTs ship a causal context with their state: Almeida et al., "Delta State Replicated
 * Data Types" (2018). Once all nodes have the same of a closed log it is retired, and need not be counted any longer
 * (`View`).
 *
 * All of this is one state machine, `Step`; here is its shell, which has the clock, the network and chance.
 */
import { Clock, Deferred, Effect, Random, type Scope } from "effect"
import type { RpcError } from "../protocol/RpcError.ts"
import { Durability } from "../services/Durability.ts"
import { Node } from "../services/Node.ts"
import type { Storage } from "../services/Storage.ts"
import type { StorageError } from "../services/storage/StorageError.ts"
import * as Acknowledgement from "./Acknowledgement.ts"
import type { Action, Origin, Timer } from "./Action.ts"
import * as Application from "./Application.ts"
import * as Flush from "./Flush.ts"
import * as FlushNews from "./FlushNews.ts"
import * as FlushTimer from "./FlushTimer.ts"
import * as Incarnation from "../services/Incarnation.ts"
import * as Journal from "./Journal.ts"
import * as OwnLog from "./OwnLog.ts"
import * as Replica from "./Replica.ts"
import * as RepairPolicy from "./RepairPolicy.ts"
import { type Event, step } from "./Step.ts"
import * as TimerSchedules from "./TimerSchedules.ts"
import type { Topology } from "./Topology.ts"
import type * as VersionVector from "./VersionVector.ts"
import * as View from "./View.ts"
import * as Wire from "./Wire.ts"

export type { Origin } from "./Action.ts"
export type { Snapshots } from "./Application.ts"

export interface Options<A, S = never> extends Application.Application<A, S> {
  /** Tells the messages of several replicated logs apart; it is part of their type. */
  readonly name: string
  /** To whom a node pushes what is new. */
  readonly topology: Topology
  /** When it does. */
  readonly flush: Flush.Flush
  /** When it looks for what was lost. `RepairPolicy.standard` if left out. */
  readonly repair?: RepairPolicy.RepairPolicy
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
 * yield* additions.append(7)
 * yield* additions.durable
 * ```
 *
 * Guaranteed, whatever the network loses, repeats, reorders or cuts off, and whatever nodes restart, as long as it
 * heals in the end:
 *
 * - Every item of a node that stays up is delivered at every other node that does, and so is every item of a node that
 *   restarts which it has told one that stays up.
 * - Each is delivered once, and those of one log in the order in which they were appended; what is merged with a
 *   snapshot counts as delivered.
 * - Whatever is delivered was appended.
 * - An item is kept until all nodes are known to have it (`Stability`), so that a node which was cut off or paused gets
 *   all that it missed. As long as one is absent, the memory of the others grows.
 *
 * Not guaranteed:
 *
 * - An order between the items of different nodes: see `CausalOrder` for one that respects causes.
 * - That an item outlives its node: `append` waits for nobody. Whoever needs that waits for `durable`.
 * - A clock that has stepped back, before a restart, behind the last `View.keptRetired` restarts of its node: what the
 *   node then appends before it has heard of any other is lost.
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
   * Adds the item that `make` gives, in the same step in which it is added: for an item that says what this node had
   * before it, and for a change to the state that goes with it, so that no snapshot has the one without the other.
   */
  appendWith(make: (origin: Origin) => A): Effect.Effect<number>

  /**
   * Completes once another node is known to have the item with the sequence number `seq`, so that it outlives this
   * node; in a cluster of one at once. Where no other message tells, a sign is asked for after
   * `RepairPolicy.confirmAfter`.
   */
  whenConfirmed(seq: number): Effect.Effect<void>

  /**
   * Completes once all that was appended or delivered here so far is as safe as `Durability` says: at once (`memory`),
   * when it is on the disk (`synced`), or when another node is known to have what was appended (`replicated`). To be
   * waited for before a request is answered that has added something, or tells of it. Fails with `Timeout` after
   * `Policy.DurableTimeout`, and with `Crash` where the disk fails.
   */
  readonly durable: Effect.Effect<void, RpcError>

  /**
   * Asks all other nodes what they have, and completes once they have answered and this node has that: for who must not
   * go on where an earlier incarnation may have been without knowing how far it came. A second or two later the answers
   * of so many will do that they and this node are most of all; without them it waits.
   */
  readonly caughtUp: Effect.Effect<void>

  /** The log that this node appends to at present. */
  readonly origin: Origin
  /** How many earlier incarnations of this node are known to it, up to `View.keptRetired` and one. */
  readonly restarts: number

  /**
   * How many items this node has of every node's newest log, by the index of the node in `Node.nodeIds`. Its own count
   * once they are sent.
   */
  readonly version: VersionVector.VersionVector

  /** How many items are kept because some node may still ask for them. */
  readonly retained: Effect.Effect<number>
}

/**
 * Joins the replication of the log called `name`: with empty memory or, if `Durability` is `synced`, with what is in
 * the node's `Storage`. Everything that goes on in the background ends with the scope. Fails where the disk does; dies
 * if the node replicates a log of that name already.
 */
export const make = Effect.fnUntraced(function* <A, S = never>({
  name,
  topology,
  ...options
}: Options<A, S>): Effect.fn.Return<Replication<A>, StorageError, Node | Storage | Scope.Scope> {
  const node = yield* Node
  const durability = yield* Durability
  const { flush, repair: usual = RepairPolicy.standard, ...application } = options
  const wantsSigns = durability === "replicated"
  const repair = wantsSigns ? RepairPolicy.promptly(usual) : usual
  const { maxItems } = repair
  const hasSnapshots = application.snapshots !== undefined
  const now = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)
  const replica = Replica.make(
    { nodeIds: node.nodeIds, self: node.id, topology, maxItems, hasSnapshots, wantsSigns },
    yield* Incarnation.make,
    yield* Random.nextInt,
    yield* now
  )
  const annotated = Effect.annotateLogs({ component: "Replication", log: name })
  const written = Application.make(application)
  const wire = Wire.make(node, name, written)
  const again = Effect.suspend(() => checkpoint)
  const journal = durability === "synced" ? yield* Journal.open(name, node.nodeIds, again) : undefined
  const caughtUp = yield* Deferred.make<void>()
  const acknowledgement = yield* Acknowledgement.make(node.peers.length === 0, journal)

  const origin = () => ({ node: node.id, incarnation: replica.own.at(-1)!.incarnation })

  /** Does at once what must happen in one step with what was decided, and gives what may take its time. */
  const carryOut = (action: Action): Effect.Effect<void> => {
    switch (action._tag) {
      case "Send":
      case "SendPart":
      case "SendWant":
        return wire.send(action)
      case "Deliver":
        if (isRecovered) {
          journal?.append(action.origin, action.first, action.items)
        }
        return written.deliver(action.items, action.origin)
      case "Merge":
        written.merge(action.elements)
        return checkpoint
      case "TakeSnapshot":
        return dispatch({ ...action, _tag: "SnapshotTaken", elements: written.take() })
      case "Checkpoint":
        return journal!.checkpoint({ ...action, view: View.write(action.view), elements: written.take() })
      case "Retire":
        application.retire?.(action.origin)
        return Effect.void
      case "Settled":
        application.settle?.(action.logs)
        return Effect.void
      case "Confirm":
        return acknowledgement.note(action.count)
      case "CaughtUp":
        return Effect.asVoid(Deferred.succeed(caughtUp, undefined))
      case "Flush":
        return flushes.schedule(action.as, action.news)
      case "Arm":
        return timers.arm(action.timer, action.anew)
      case "Log":
        return Effect.logWithLevel(action.level)(action.text, ...(action.about === undefined ? [] : [action.about]))
    }
  }

  const perform = (event: Event, now: number): Effect.Effect<void> => {
    const logs = replica.own.length
    if (event._tag === "Appended") {
      journal?.append(origin(), OwnLog.length(replica), [event.item])
    }
    const done = Effect.all(step(replica, event, now).map(carryOut), { discard: true })
    // Items that waited may be in another log now than the journal says.
    const isDue = replica.own.length > logs || journal?.isLong === true
    return isDue ? Effect.andThen(done, checkpoint) : done
  }
  const happen = (event: Event): Effect.Effect<void> => Effect.flatMap(now, (now) => perform(event, now))
  const checkpoint: Effect.Effect<void> =
    journal === undefined || !hasSnapshots ? Effect.void : happen({ _tag: "CheckpointWanted" })

  const news = FlushNews.make(application.atFlush, replica, origin)
  const isWanted = () => !replica.armed.has("flush") && news.isWanted()
  const wantFlush = Effect.suspend(() => (isWanted() ? happen({ _tag: "FlushWanted" }) : Effect.void))
  const dispatch = (event: Event): Effect.Effect<void> => Effect.andThen(happen(event), wantFlush)

  const fire = (timer: Timer) => dispatch({ _tag: "TimerFired", timer })
  const fireFlush = Effect.suspend(() => {
    const items = news.take().map((item) => happen({ _tag: "Appended", item: written.encode(item), joins: true }))
    return Effect.andThen(Effect.all(items, { discard: true }), fire("flush"))
  })
  const flushes: FlushTimer.FlushTimer = yield* FlushTimer.make(wantsSigns ? Flush.promptly(flush) : flush, fireFlush)
  const timers: TimerSchedules.TimerSchedules = yield* TimerSchedules.make(repair, fire)

  const recovered = journal?.recovered
  written.merge(recovered?.elements ?? [])
  /** Whether what is delivered is not in the journal yet. */
  let isRecovered = recovered === undefined

  yield* annotated(
    Effect.all([wire.receive(dispatch), dispatch({ _tag: "Started", ...(recovered !== undefined && { recovered }) })])
  )
  if (!isRecovered) {
    isRecovered = true
    yield* annotated(checkpoint)
  }

  const appendWith = (make: (origin: Origin) => A) =>
    Effect.flatMap(now, (now) => {
      const seq = replica.appended
      const item = written.encode(make(origin()))
      // What this begins may log later on (`Confirmation`), in fibers that inherit from this one.
      return Effect.as(annotated(perform({ _tag: "Appended", item }, now)), seq)
    })

  return {
    append: (item) => appendWith(() => item),
    appendWith,
    whenConfirmed: (seq) => acknowledgement.confirmed(seq + 1),
    durable: Effect.suspend(() => acknowledgement.durable(replica.appended)),
    caughtUp: Effect.suspend(() =>
      replica.join === "catching up" || Deferred.isDoneUnsafe(caughtUp)
        ? Deferred.await(caughtUp)
        : Effect.andThen(annotated(dispatch({ _tag: "CatchUp" })), Deferred.await(caughtUp))
    ),

    get origin() {
      return origin()
    },
    get restarts() {
      return Replica.restarts(replica)
    },
    get version() {
      return node.nodeIds.map((_, index) => replica.log.version[View.newestOf(replica.view, index)] ?? 0)
    },

    retained: Effect.sync(() => replica.log.retained + replica.waiting.length)
  }
})
