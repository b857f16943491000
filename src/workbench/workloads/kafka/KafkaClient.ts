/**
 * A client of the `kafka` workload: a producer and a consumer in one, which keeps its positions itself.
 *
 * After the client of `maelstrom.workload.kafka`.
 */
import { Effect } from "effect"
import type { CallError, Connection } from "../../clients/Connection.ts"
import * as Replies from "../../clients/Replies.ts"
import * as Integer from "../../json/Integer.ts"
import type { Completion, WorkloadClient } from "../Workload.ts"
import type { Assign, KafkaInvocation, Send } from "./KafkaInvocation.ts"

/** Starts without any assigned keys. */
export const make = (connection: Connection): WorkloadClient<KafkaInvocation> => {
  /** The assigned keys, each with the offset that the next poll asks for. */
  let positions = new Map<string, Integer.Integer>()

  const send = Effect.fnUntraced(function* ([[, key, message]]: Send["value"]): Result {
    const { offset } = yield* connection.call(Replies.Kafka.send, { key, msg: message })
    return { type: "ok", value: [["send", key, [offset, message]]] }
  })

  const poll = Effect.fnUntraced(function* (): Result {
    const reply = yield* connection.call(Replies.Kafka.poll, { offsets: toJson(positions) })
    const msgs = Object.fromEntries(Object.entries(reply.msgs).map(([key, records]) => [key, records ?? []] as const))
    const polled = Object.entries(msgs).map(([key, records]) => [key, highestOffset(records)] as const)
    const processed = polled.filter(([key]) => msgs[key]!.length > 0)
    if (processed.length > 0) {
      yield* connection.call(Replies.Kafka.commitOffsets, {
        offsets: toJson(processed.map(([key, offset]) => [key, Integer.max(offset, 0)]))
      })
    }
    // Maelstrom moves on before it commits. Should the node refuse that, the poll counts as one that never took place,
    // and the next one seems to have skipped its records.
    for (const [key, offset] of polled) {
      const next = Integer.plus(offset, 1)
      positions.set(key, Integer.max(positions.get(key) ?? next, next))
    }
    return { type: "ok", value: [["poll", msgs]] }
  })

  // Maelstrom looks for the committed offsets in the reply's body instead of in its `offsets`, finds none, and begins
  // at 0 whatever the node says. Ours begins where Maelstrom's documentation says, and records what it was told, so
  // that `committed` shows a node that skips records.
  const assign = Effect.fnUntraced(function* (keys: Assign["value"]): Result {
    const { offsets } = yield* connection.call(Replies.Kafka.listCommittedOffsets, { keys })
    positions = new Map(keys.map((key) => [key, positions.get(key) ?? Integer.fromJson(offsets[key] ?? 0)]))
    return { type: "ok", committed: offsets }
  })

  const seekToBeginning = Effect.fnUntraced(function* ({ final, value: keys }: Assign): Effect.fn.Return<Completion> {
    positions = new Map(keys.map((key) => [key, 0]))
    if (final === undefined) {
      return { type: "ok" }
    }
    const { offsets } = yield* connection
      .call(Replies.Kafka.listCommittedOffsets, { keys })
      .pipe(Effect.orElseSucceed(() => ({ offsets: null })))
    return { type: "ok", committed: offsets }
  })

  return {
    invoke: (operation) => {
      switch (operation.f) {
        case "send":
          return send(operation.value)
        case "poll":
          return poll()
        case "assign":
          return operation["seek-to-beginning"] === true ? seekToBeginning(operation) : assign(operation.value)
        case "crash":
          return Effect.succeed({ type: "info" })
      }
    }
  }
}

/** Of no records, and of negative offsets, Maelstrom takes -1 for the highest, so that it goes on from 0. */
const highestOffset = (records: ReadonlyArray<readonly [offset: Integer.Json, message: unknown]>): Integer.Integer =>
  records.reduce<Integer.Integer>((highest, [offset]) => Integer.max(highest, Integer.fromJson(offset)), -1)

const toJson = (offsets: Iterable<readonly [string, Integer.Integer]>) =>
  Object.fromEntries([...offsets].map(([key, offset]) => [key, Integer.toJson(offset)]))

type Result = Effect.fn.Return<Completion, CallError>
