/**
 * Challenge 5a: logs on one node. A record is acknowledged when the node has it.
 */
import { Effect, Layer } from "effect"
import * as Kafka from "../../protocol/Kafka.ts"
import { Node } from "../../services/Node.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as CommittedOffsets from "./CommittedOffsets.ts"
import * as Logs from "./Logs.ts"

export const layer: NodeLayer = Layer.suspend(() => {
  const logs = Logs.make()
  const committed = CommittedOffsets.make()
  return Layer.mergeAll(
    Node.serve(Kafka.Send, ({ key, msg }) => Effect.sync(() => ({ offset: logs.append(key, msg) }))),
    Node.serve(Kafka.Poll, ({ offsets }) => Effect.sync(() => ({ msgs: logs.poll(Object.entries(offsets)) }))),
    CommittedOffsets.serve(committed, () => Effect.void)
  )
})
