/**
 * Challenge 5b: logs in `lin-kv`, each in the charge of one node.
 *
 * The owner of a log gives its records their offsets and stores them before it acknowledges them: all records that have
 * gathered while the last ones were being stored go into one segment, a value that is written once and never changes.
 * So no value in the store grows without bound, and a segment may be stored again when the answer fails to come, since
 * it says the same. Sends and polls for logs of others are passed on to their owners. An owner that restarts with empty
 * memory reads its segments in order, which gives all records their old offsets.
 *
 * A poll leaves out logs whose owner does not answer: consumers get nothing of these for a while, and skip nothing.
 */
import { Array, Effect, Option, Schema } from "effect"
import { Kafka, type Offsets } from "../../protocol/Kafka.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import type { RpcError } from "../../protocol/RpcError.ts"
import * as GroupCommit from "../../services/GroupCommit.ts"
import { LinKv } from "../../services/Kv.ts"
import { Node } from "../../services/Node.ts"
import * as Policy from "../../services/Policy.ts"
import * as IdGenerator from "../../services/IdGenerator.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Forwarding from "./Forwarding.ts"
import * as Logs from "./Logs.ts"
import type { Ownership } from "./Ownership.ts"
import * as SharedOffsets from "./SharedOffsets.ts"

/** The node, where `ownership` says who appends to which log. An acknowledged record is in the store. */
export const layer = (ownership: (nodeIds: ReadonlyArray<NodeId>) => Ownership): NodeLayer =>
  Kafka.toLayer(
    Effect.gen(function* () {
      const node = yield* Node
      const ownerOf = ownership(node.nodeIds)
      const segments = (yield* LinKv).collection({ key: Schema.String, value: Segment })
      const logs = Logs.make()
      let stored = 0
      const keyOf = (index: number) => `segment ${index} of ${node.id}`
      const nextId = yield* IdGenerator.make
      const take = ({ records }: Segment) => {
        stored += 1
        return records.map(([key, record]) => logs.append(key, record))
      }

      const recover = Effect.gen(function* () {
        const segment = yield* Policy.retryForever(segments.readOption(keyOf(stored)))
        Option.map(segment, take)
        return Option.isSome(segment)
      })
      yield* Effect.repeat(recover, { while: (found) => found })

      /**
       * Stores a segment behind all others, also behind one that an earlier incarnation of this node did not know was
       * stored.
       */
      const store = (segment: Segment): Effect.Effect<ReadonlyArray<number>, RpcError> =>
        Policy.retryForever(
          segments.createIfNotExists(keyOf(stored), segment).pipe(
            Effect.as(true),
            Effect.catchTag("KeyAlreadyExists", () => Effect.as(recover, false))
          )
        ).pipe(Effect.flatMap((isStored) => (isStored ? Effect.sync(() => take(segment)) : store(segment))))

      const sends = yield* GroupCommit.make({
        max: segmentLimit,
        run: (records: Segment["records"]) => store({ name: nextId(), records })
      })

      const poll = Effect.fnUntraced(function* (offsets: Offsets) {
        const byOwner = Array.groupBy(Object.entries(offsets), ([key]) => ownerOf(key))
        const polled = yield* Effect.forEach(
          Object.entries(byOwner),
          ([owner, entries]) =>
            owner === node.id
              ? Effect.sync(() => logs.poll(entries))
              : node.call(Kafka.poll, NodeId.make(owner), { offsets: Object.fromEntries(entries) }).pipe(
                  Effect.map(({ msgs }) => msgs),
                  Effect.orElseSucceed(() => ({}))
                ),
          { concurrency: "unbounded" }
        )
        return { msgs: Logs.withinLimits(polled.flatMap(Object.entries<Logs.Records[string]>)) }
      })

      return {
        send: yield* Forwarding.make(ownerOf, (key, record) => sends.submit([key, record])),
        poll: ({ offsets }) => poll(offsets),
        ...(yield* SharedOffsets.make)
      }
    })
  )

/**
 * Records that were stored together, each with the key of its log, in the order of their offsets. The name tells them
 * from the same records sent again, to a later incarnation of the node.
 */
const Segment = Schema.Struct({
  name: Schema.String,
  records: Schema.Array(Schema.Tuple([Schema.String, Schema.Json]))
})
type Segment = typeof Segment.Type

/** The most records in a segment. */
const segmentLimit = 256
