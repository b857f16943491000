/**
 * Replicates committed offsets, so that every node has a copy of all.
 *
 * A commit is acknowledged when this node knows of it, and told to the others in batches; all merge what they hear by
 * maximum. A node that has not heard of a commit yet tells a lower offset, from which a consumer sees some records
 * twice and skips none.
 */
import { Effect, Schema } from "effect"
import { Offset } from "../../protocol/Kafka.ts"
import * as Flush from "../../replication/Flush.ts"
import * as Replication from "../../replication/Replication.ts"
import * as Topology from "../../replication/Topology.ts"
import * as CommittedOffsets from "./CommittedOffsets.ts"

/** Starts with none, and keeps them in step with the other nodes' until the scope closes. */
export const make = Effect.gen(function* () {
  const committed = CommittedOffsets.make()
  const replication = yield* Replication.make({
    name: "committed offsets",
    item: Schema.Record(Schema.String, Offset),
    topology: Topology.direct,
    flush: Flush.after("100 millis"),
    deliver: committed.commit,
    snapshots: {
      element: Schema.Record(Schema.String, Offset),
      take: committed.entries,
      merge: (offsets) => offsets.forEach(committed.commit)
    }
  })
  return CommittedOffsets.handlers(committed, replication)
})
