/**
 * Challenge 5b: logs in `lin-kv`, each usually in the charge of one node.
 *
 * Each node has a write-ahead log in the store (`StoredLog.ts`). The owner of a log gives its records their offsets by
 * storing them there before it acknowledges them: all that have gathered while the last ones were being stored,
 * together. Sends and polls for logs of others are passed on to their owners, who answer polls from memory.
 *
 * That a log has an owner saves messages, and nothing depends on it: when an owner does not answer, the node that asked
 * it appends to the owner's log itself, or replays it and answers the poll. A send that both append is there once,
 * since its name is stored with it. So requests are answered as long as the store is, also while nodes cannot talk, and
 * when one stays away for good.
 *
 * An acknowledged commit is in the log of the node that took it; its records, which it stores anyway, take it along. A
 * node that is asked for committed offsets asks all others, and reads the logs of those that do not answer.
 */
import { Effect, Schema } from "effect"
import { Kafka, Offset, Offsets } from "../../protocol/Kafka.ts"
import type { NodeId } from "../../protocol/NodeId.ts"
import * as Rpc from "../../protocol/Rpc.ts"
import type { RpcError } from "../../protocol/RpcError.ts"
import * as IdGenerator from "../../services/IdGenerator.ts"
import { Node } from "../../services/Node.ts"
import * as Policy from "../../services/Policy.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import { highest } from "./HighestOffsets.ts"
import * as Logs from "./Logs.ts"
import type { Ownership } from "./Ownership.ts"
import { NamedRecord } from "./Segment.ts"
import * as StoredLog from "./StoredLog.ts"

/**
 * The node, where `ownership` says who usually appends to which log. What it has acknowledged, records and commits, is
 * in the store.
 */
export const layer = (ownership: (nodeIds: ReadonlyArray<NodeId>) => Ownership): NodeLayer =>
  Kafka.toLayer(
    Effect.gen(function* () {
      const node = yield* Node
      const ownerOf = ownership(node.nodeIds)
      const nextId = yield* IdGenerator.make
      const own = yield* StoredLog.make(node.id)
      const others = new Map(
        yield* Effect.forEach(node.peers, (peer) => Effect.map(StoredLog.make(peer), (log) => [peer, log] as const))
      )
      yield* own.catchUp
      yield* own.keep

      /** Nodes that have not answered since they let somebody wait. */
      const silent = new Set<NodeId>()

      /**
       * What a node answers, or what its log in the store says, whichever comes first. The store is asked when the node
       * fails to answer for a while, and at once after that until it answers again.
       */
      const askOr = <A>(
        peer: NodeId,
        asked: Effect.Effect<A, RpcError>,
        read: (log: StoredLog.StoredLog) => Effect.Effect<A, RpcError>
      ): Effect.Effect<A, RpcError> =>
        Effect.suspend(() => {
          const reading = Effect.suspend(() => {
            silent.add(peer)
            return read(others.get(peer)!)
          })
          const answered = Effect.tap(Policy.idempotent(asked), () => Effect.sync(() => silent.delete(peer)))
          return Effect.raceFirst(
            Effect.catch(answered, () => reading),
            silent.has(peer) ? reading : Effect.delay(reading, patience)
          )
        })

      yield* node.handle(Forward, ({ record }) => Effect.map(own.append(record), (offset) => ({ offset })))
      yield* node.handle(ListOwnCommits, ({ keys }) => Effect.sync(() => ({ offsets: own.committed.list(keys) })))

      return {
        send: Effect.fnUntraced(function* ({ key, msg }) {
          const owner = ownerOf(key)
          const record: NamedRecord = [key, msg, nextId()]
          const offset = yield* owner === node.id
            ? own.append(record)
            : askOr(
                owner,
                Effect.map(node.call(Forward, owner, { record }), ({ offset }) => offset),
                (log) => log.append(record)
              )
          return { offset }
        }),

        poll: Effect.fnUntraced(function* ({ offsets }) {
          const byOwner = Map.groupBy(Object.entries(offsets), ([key]) => ownerOf(key))
          const polled = yield* Effect.forEach(
            byOwner,
            ([owner, entries]) =>
              owner === node.id
                ? Effect.sync(() => own.logs.poll(entries))
                : askOr(
                    owner,
                    Effect.map(
                      node.call(Kafka.poll, owner, { offsets: Object.fromEntries(entries) }),
                      ({ msgs }): Logs.Records => msgs
                    ),
                    (log) => Effect.map(log.catchUp, () => log.logs.poll(entries))
                  ),
            { concurrency: "unbounded" }
          )
          return { msgs: Logs.withinLimits(polled.flatMap(Object.entries<Logs.Records[string]>)) }
        }),

        commit_offsets: ({ offsets }) => Effect.as(own.commit(offsets), {}),

        list_committed_offsets: Effect.fnUntraced(function* ({ keys }) {
          const listed = yield* Effect.forEach(
            others,
            ([peer, log]) =>
              askOr(
                peer,
                Effect.map(node.call(ListOwnCommits, peer, { keys }), ({ offsets }) => offsets),
                () => Effect.map(log.catchUp, () => log.committed.list(keys))
              ),
            { concurrency: "unbounded" }
          )
          return { offsets: highest([own.committed.list(keys), ...listed]) }
        })
      }
    })
  )

/** A send that was passed on to the owner of its log. */
const Forward = Rpc.make("forward_send", { request: { record: NamedRecord }, reply: { offset: Offset } })

/** Asks a node for the offsets that were committed at it. */
const ListOwnCommits = Rpc.make("list_own_commits", {
  request: { keys: Schema.Array(Schema.String) },
  reply: { offsets: Offsets }
})

/** How long a node may take to answer before its log is read as well. */
const patience = "1 second"
