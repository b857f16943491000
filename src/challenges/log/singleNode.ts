/**
 * Challenge 5a: logs on one node. A record is acknowledged when the node has it, as safe as `Durability` says.
 */
import { Effect, Schema } from "effect"
import { Kafka, Offset } from "../../protocol/Kafka.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as WriteAheadLog from "../../services/WriteAheadLog.ts"
import * as CommittedOffsets from "./CommittedOffsets.ts"
import * as Logs from "./Logs.ts"

/** The node of 5a. It survives a crash if what it acknowledges is synced. */
export const layer: NodeLayer = Kafka.toLayer(
  Effect.gen(function* () {
    const logs = Logs.make()
    const committed = CommittedOffsets.make()
    const log = yield* WriteAheadLog.open("log", Change, (change) => {
      if (isRecord(change)) {
        logs.append(...change)
      } else {
        committed.commit(change)
      }
    })
    return {
      send: ({ key, msg }) =>
        Effect.suspend(() => {
          const offset = logs.append(key, msg)
          log.append([key, msg])
          return Effect.as(log.durable, { offset })
        }),
      poll: Logs.pollHandler(logs, log.durable),
      ...CommittedOffsets.handlers(committed, {
        append: (offsets) => Effect.sync(() => log.append(offsets)),
        durable: log.durable
      })
    }
  })
)

/** A record with its key, or offsets that were committed. */
const Change = Schema.Union([Schema.Tuple([Schema.String, Schema.Json]), Schema.Record(Schema.String, Offset)])
type Change = typeof Change.Type

const isRecord = (change: Change): change is readonly [string, Schema.Json] => Array.isArray(change)
