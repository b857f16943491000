/**
 * Challenge 5a: logs on one node. A record is acknowledged when the node has it.
 */
import { Effect } from "effect"
import { Kafka } from "../../protocol/Kafka.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as CommittedOffsets from "./CommittedOffsets.ts"
import * as Logs from "./Logs.ts"

/** The node of 5a. It does not survive a crash. */
export const layer: NodeLayer = Kafka.toLayer(
  Effect.sync(() => {
    const logs = Logs.make()
    const committed = CommittedOffsets.make()
    return {
      send: ({ key, msg }) => Effect.sync(() => ({ offset: logs.append(key, msg) })),
      poll: ({ offsets }) => Effect.sync(() => ({ msgs: logs.poll(Object.entries(offsets)) })),
      ...CommittedOffsets.handlers(committed, { append: () => Effect.succeed(0), durable: Effect.void })
    }
  })
)
