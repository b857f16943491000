/**
 * Append-only logs on the first node; all others pass on to it what they are asked.
 */
import { Effect, Layer, Schema } from "effect"
import type { NodeLayer } from "../../../../src/services/NodeProgram.ts"
import { CommitOffsets, ListCommittedOffsets, Poll, Send } from "../../../../src/protocol/Kafka.ts"
import type { Reply, Request } from "../../../../src/protocol/Rpc.ts"
import type { RpcError } from "../../../../src/protocol/RpcError.ts"
import { Node } from "../../../../src/services/Node.ts"

/** What clients ask of a node. */
export interface Broker {
  send(request: Request<typeof Send>): Effect.Effect<Reply<typeof Send>, RpcError>
  poll(request: Request<typeof Poll>): Effect.Effect<Reply<typeof Poll>, RpcError>
  commit(request: Request<typeof CommitOffsets>): Effect.Effect<{}, RpcError>
  committed(request: Request<typeof ListCommittedOffsets>): Effect.Effect<Reply<typeof ListCommittedOffsets>, RpcError>
}

/**
 * A node that keeps what the protocol promises, unless `alter` sees to something else, or `alterOthers` where it passes
 * on.
 */
export const make = (
  alter: (broker: Broker, logs: Logs) => Broker = (broker) => broker,
  alterOthers: (broker: Broker) => Broker = (broker) => broker
): NodeLayer =>
  Layer.unwrap(
    Effect.gen(function* () {
      const node = yield* Node
      const first = node.nodeIds[0]!
      const logs: Logs = new Map()
      const broker: Broker =
        node.id === first
          ? alter(inMemory(logs), logs)
          : alterOthers({
              send: (request) => node.call(Send, first, request),
              poll: (request) => node.call(Poll, first, request),
              commit: (request) => node.call(CommitOffsets, first, request),
              committed: (request) => node.call(ListCommittedOffsets, first, request)
            })
      return Layer.mergeAll(
        Node.serve(Send, broker.send),
        Node.serve(Poll, broker.poll),
        Node.serve(CommitOffsets, broker.commit),
        Node.serve(ListCommittedOffsets, broker.committed)
      )
    })
  )

export const layer = make()

/** The records of each log; a record's offset is its place. */
export type Logs = Map<string, Array<Schema.Json>>

/** Appends a record to a log and returns its offset. */
const append = (logs: Logs, key: string, record: Schema.Json): number => {
  const log = logs.get(key) ?? []
  logs.set(key, log)
  return log.push(record) - 1
}

/** The most records of a log that one poll returns. */
const batch = 5

const inMemory = (logs: Logs): Broker => {
  const committed = new Map<string, number>()
  return {
    send: ({ key, msg }) => Effect.sync(() => ({ offset: append(logs, key, msg) })),
    poll: ({ offsets }) =>
      Effect.sync(() => ({
        msgs: Object.fromEntries(
          Object.entries(offsets).map(([key, from]) => {
            const records = (logs.get(key) ?? []).slice(from, from + batch)
            return [key, records.map((record, index) => [from + index, record] as const)]
          })
        )
      })),
    commit: ({ offsets }) =>
      Effect.sync(() => {
        for (const [key, offset] of Object.entries(offsets)) {
          committed.set(key, Math.max(committed.get(key) ?? 0, offset))
        }
        return {}
      }),
    committed: ({ keys }) =>
      Effect.sync(() => ({
        offsets: Object.fromEntries(
          keys.flatMap((key) => (committed.has(key) ? [[key, committed.get(key)!] as const] : []))
        )
      }))
  }
}
