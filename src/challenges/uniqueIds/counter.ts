/**
 * Ids that are unique because each node counts in a space of its own, anew in each of its incarnations:
 * `n1-1a2b3c4d5e-42`. No messages, no store, available in any partition.
 *
 * A node that restarts with empty memory counts from 1 again, under another incarnation: the time of its start with
 * random bits behind it, which tell two starts apart that a clock which stepped back takes for the same.
 */
import { Effect } from "effect"
import { UniqueIds } from "../../protocol/UniqueIds.ts"
import * as IdGenerator from "../../services/IdGenerator.ts"

/** The node. Ids are unique over restarts of any number of nodes, also while their clocks step. */
export const layer = UniqueIds.toLayer(
  Effect.map(IdGenerator.make, (nextId) => ({ generate: () => Effect.sync(() => ({ id: nextId() })) }))
)
