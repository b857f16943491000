/**
 * Challenge 5c: logs in memory that nobody owns, with a copy at every node.
 *
 * The node that gets a send gives the record its offset by its own Lamport clock, at once, and forwards nothing (see
 * `TotalOrder`): offsets are `tick × n + node`, so that no two nodes give the same, and have gaps, which Kafka's rules
 * allow. Records go to all other nodes in batches. A poll returns records up to where every node has promised to append
 * nothing any more, so that it skips nothing and all nodes show the same: a record is seen once it has come and the
 * others have told that it has, one flush and one hop later than with owners. A node whose clock was pushed ahead by
 * others, and that has nothing to append, promises with its next flush.
 *
 * Sends are always available, also where nodes cannot reach each other. Polls are answered always, but a node that
 * stays away holds them back at all others: what was appended since then is seen once it is back. Where nodes go away
 * for good, logs with owners (`replicated`) suffer less.
 *
 * A record is acknowledged when it is as safe as `Durability` says. With `memory`, when its node has it: what a node
 * had told nobody when it crashed is lost, the records of 50 ms, or of all the time in which it was cut off. The same
 * holds for commits, which are merged by maximum.
 *
 * A node that starts anew has forgotten what it gave and promised. It takes no sends, and lists no commits, before it
 * has got what the others have; it then is behind everything that any poll has passed, since polls pass only what all
 * nodes have promised. And it goes on behind whatever it may have given without telling anybody, as no cluster appends
 * more than so many records a second on average (`ticksPerMilli`): clocks begin at 0 and count records, while the
 * offsets that a restarted node gives begin where time has come. Where nothing is on their disks and
 * all that it can reach have crashed as well, there is nobody to get anything from, and logs begin anew at 0; and where
 * its clock was set back, time says nothing about what it had told nobody.
 */
import { Clock, Effect, Fiber, Schema } from "effect"
import { Kafka, Offset, Offsets } from "../../protocol/Kafka.ts"
import { TemporarilyUnavailable } from "../../protocol/RpcError.ts"
import * as Flush from "../../replication/Flush.ts"
import * as Incarnation from "../../services/Incarnation.ts"
import * as Replication from "../../replication/Replication.ts"
import * as Topology from "../../replication/Topology.ts"
import { Node } from "../../services/Node.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as CommittedOffsets from "./CommittedOffsets.ts"
import * as Logs from "./Logs.ts"
import { Promised, Tick } from "./Promises.ts"
import * as TotalOrder from "./TotalOrder.ts"

/** The node. */
export const layer: NodeLayer = Kafka.toLayer(
  Effect.gen(function* () {
    const { id: self, nodeIds } = yield* Node
    const clock = yield* Clock.Clock
    const logs = Logs.make()
    const committed = CommittedOffsets.make()
    const order = TotalOrder.make<Keyed>({
      nodeIds,
      self,
      release: (offset, [key, record]) => logs.put(key, offset, record)
    })
    /** The first start of a node that this one knows of. */
    let since = Number.POSITIVE_INFINITY
    /** What this node has promised so far, and in which log. */
    let promised = { log: -1, tick: 0 }

    const isPossible = (tick: number) =>
      tick <=
      Math.max(order.next, ticksPerMilli * (clock.currentTimeMillisUnsafe() - Incarnation.startedAt(since))) +
        ticksPerMilli * mostAheadMillis

    const replication = yield* Replication.make({
      name: "log",
      item: Item,
      topology: Topology.direct,
      flush: Flush.after("50 millis"),
      deliver: (item, origin) => {
        since = Math.min(since, origin.incarnation)
        if (isRecord(item)) {
          const [key, tick, record] = item
          return isPossible(tick) ? order.receive(origin, tick, [key, record]) : impossible
        }
        return typeof item === "number"
          ? isPossible(item)
            ? order.promise(origin, item)
            : impossible
          : committed.commit(item)
      },
      settle: order.settle,
      atFlush: {
        isWanted: ({ incarnation }) => order.next > (promised.log === incarnation ? promised.tick : 0),
        make: (log) => {
          promised = { log: log.incarnation, tick: order.next }
          order.promise(log, order.next)
          return order.next
        }
      },
      snapshots: {
        element: Element,
        take: () => {
          const { promises, waiting } = order.take()
          return [
            ...logs.entries(),
            ...waiting.map(([offset, [key, record]]) => [key, offset, record] as const),
            ...promises.map((promise) => ({ promise })),
            ...committed.entries().map((committed) => ({ committed })),
            { since }
          ]
        },
        merge: (elements) => {
          for (const element of elements) {
            if ("committed" in element) {
              committed.commit(element.committed)
            } else if ("since" in element) {
              since = Math.min(since, element.since)
            }
          }
          order.merge(
            elements.filter(isPlaced).map(([key, offset, record]) => [offset, [key, record]]),
            elements.flatMap((element) => ("promise" in element ? [element.promise] : []))
          )
        }
      }
    })
    since = Math.min(since, replication.origin.incarnation)

    // Behind all that this node may have given before.
    const started = yield* Effect.forkScoped(
      Effect.andThen(
        replication.caughtUp,
        Effect.sync(() => {
          const { incarnation } = replication.origin
          order.advance(ticksPerMilli * (Incarnation.startedAt(incarnation) - Incarnation.startedAt(since)))
        })
      )
    )
    // A moment before the node says that it is there, since a partition may begin when all have said so.
    yield* Effect.timeoutOption(Fiber.join(started), initWait)
    const hasStarted = Effect.timeoutOrElse(Fiber.join(started), {
      duration: startWait,
      orElse: () => Effect.fail(new TemporarilyUnavailable({ text: "this node has just started" }))
    })

    const commits = CommittedOffsets.handlers(committed, replication)
    return {
      send: Effect.fnUntraced(function* ({ key, msg }) {
        yield* hasStarted
        let tick = 0
        yield* replication.appendWith((log) => {
          tick = order.append(log, [key, msg])
          promised = { log: log.incarnation, tick: order.next }
          return [key, tick, msg]
        })
        yield* replication.durable
        return { offset: TotalOrder.placeOf(tick, nodeIds.indexOf(self), nodeIds.length) }
      }),
      poll: Logs.pollHandler(logs, replication.durable),
      commit_offsets: commits.commit_offsets,
      list_committed_offsets: (...request) => Effect.andThen(hasStarted, commits.list_committed_offsets(...request))
    }
  })
)

/** A record with the key of its log. */
type Keyed = readonly [key: string, record: Schema.Json]

/** What nodes tell each other: a record with its key and tick, a promise, or offsets that were committed. */
const Item = Schema.Union([Schema.Tuple([Schema.String, Tick, Schema.Json]), Tick, Offsets])
type Item = typeof Item.Type

const isRecord = (item: Item): item is Extract<Item, ReadonlyArray<unknown>> => Array.isArray(item)

/**
 * What a node tells one that starts anew: records with their keys and offsets, promises, commits, and when the first
 * node started.
 */
const Element = Schema.Union([
  Schema.Tuple([Schema.String, Offset, Schema.Json]),
  Schema.Struct({ promise: Promised }),
  Schema.Struct({ committed: Offsets }),
  Schema.Struct({ since: Incarnation.Incarnation })
])
type Element = typeof Element.Type

const isPlaced = (element: Element): element is Extract<Element, ReadonlyArray<unknown>> => Array.isArray(element)

/**
 * How fast clocks go at most: records per millisecond, on average since the first node started. Offsets stay small with
 * it, as Maelstrom's checker keeps a place for every offset up to the highest.
 */
const ticksPerMilli = 4

/** How far ahead of the time another node's clock may be: an hour. */
const mostAheadMillis = 3_600_000

/** Why something is left out. */
const impossible = "its clock is hours ahead"

/** How long a node that starts waits for others to tell what they have, before it says that it is there. */
const initWait = "4 seconds"

/** How long a node that has just started lets a request wait. Shorter than clients wait. */
const startWait = "4 seconds"
