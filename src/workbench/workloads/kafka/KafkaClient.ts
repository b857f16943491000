/**
 * A client of the `kafka` workload: a producer and a consumer in one, which keeps its positions itself.
 *
 * After the client of `maelstrom.workload.kafka`.
 */
import { Effect } from "effect"
import * as Protocol from "../../../protocol/Kafka.ts"
import type { CallError, Connection } from "../../clients/Connection.ts"
import type { Completion, WorkloadClient } from "../Workload.ts"
import type { Assign, KafkaInvocation, Send } from "./KafkaInvocation.ts"

/** Starts without any assigned keys. */
export const make = (connection: Connection): WorkloadClient<KafkaInvocation> => {
  /** The assigned keys, each with the offset that the next poll asks for. */
  let positions = new Map<string, number>()

  const send = Effect.fnUntraced(function* ([[, key, message]]: Send["value"]): Result {
    const { offset } = yield* connection.call(Protocol.Send, { key, msg: message })
    return { type: "ok", value: [["send", key, [offset, message]]] }
  })

  const poll = Effect.fnUntraced(function* (): Result {
    const { msgs } = yield* connection.call(Protocol.Poll, { offsets: Object.fromEntries(positions) })
    const polled = Object.entries(msgs).flatMap(([key, records]) =>
      records.length === 0 ? [] : [[key, records.reduce((highest, [offset]) => Math.max(highest, offset), 0)] as const]
    )
    if (polled.length > 0) {
      yield* connection.call(Protocol.CommitOffsets, { offsets: Object.fromEntries(polled) })
    }
    // Maelstrom moves on before it commits. Should the node refuse that, the poll counts as one that never took place,
    // and the next one seems to have skipped its records.
    for (const [key, offset] of polled) {
      positions.set(key, Math.max(positions.get(key) ?? 0, offset + 1))
    }
    return { type: "ok", value: [["poll", msgs]] }
  })

  // Maelstrom looks for the committed offsets in the reply's body instead of in its `offsets`, finds none, and begins at
  // 0 whatever the node says. Ours begins where Maelstrom's documentation says, and records what it was told, so that
  // `committed` shows a node that skips records.
  const assign = Effect.fnUntraced(function* (keys: Assign["value"]): Result {
    const { offsets } = yield* connection.call(Protocol.ListCommittedOffsets, { keys })
    positions = new Map(keys.map((key) => [key, positions.get(key) ?? offsets[key] ?? 0]))
    return { type: "ok", committed: offsets }
  })

  const seekToBeginning = Effect.fnUntraced(function* ({ final, value: keys }: Assign): Effect.fn.Return<Completion> {
    positions = new Map(keys.map((key) => [key, 0]))
    if (final === undefined) {
      return { type: "ok" }
    }
    const { offsets } = yield* connection
      .call(Protocol.ListCommittedOffsets, { keys })
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

type Result = Effect.fn.Return<Completion, CallError>
