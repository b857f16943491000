/**
 * Ids that are unique because each node counts in a space of its own: `n1-42`. No messages, no clock, available in any
 * partition. A node that restarts with empty memory counts from 1 again: use `snowflake` there.
 */
import { Effect } from "effect"
import { UniqueIds } from "../../protocol/UniqueIds.ts"
import { Node } from "../../services/Node.ts"

/** The node. Ids repeat after a crash, since the count is in memory. */
export const layer = UniqueIds.toLayer(
  Effect.gen(function* () {
    const node = yield* Node
    let count = 0
    return { generate: () => Effect.sync(() => ({ id: `${node.id}-${++count}` })) }
  })
)
