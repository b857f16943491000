/**
 * Committed offsets in `lin-kv`: one value a node, the offsets that were committed at it.
 *
 * Commits that come in while the last are being stored are stored together. Nobody else writes the value, but an
 * earlier incarnation's last write may arrive late; a compare-and-set that does not hold reads the value anew, and
 * offsets only grow, so that it may also be repeated when it goes unanswered. A list reads the values of all nodes.
 */
import { Effect, Option, Schema } from "effect"
import { Offsets } from "../../protocol/Kafka.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import * as GroupCommit from "../../services/GroupCommit.ts"
import { LinKv } from "../../services/Kv.ts"
import { Node } from "../../services/Node.ts"
import * as Policy from "../../services/Policy.ts"
import type { Handlers } from "./CommittedOffsets.ts"
import { highest } from "./HighestOffsets.ts"

/** The handlers. An acknowledged commit is in the store, and in every list that begins later. */
export const make = Effect.gen(function* () {
  const node = yield* Node
  const committed = (yield* LinKv).collection({ key: CommitsOf, value: Offsets })
  const commits = yield* GroupCommit.make({
    run: (batch: ReadonlyArray<Offsets>) =>
      Effect.as(
        Policy.retryForever(
          committed.update(["committed", node.id], (current) =>
            highest([Option.getOrElse(current, () => ({})), ...batch])
          )
        ),
        batch
      )
  })
  const handlers: Handlers = {
    commit_offsets: ({ offsets }) => Effect.as(commits.submit(offsets), {}),
    list_committed_offsets: Effect.fnUntraced(function* ({ keys }) {
      const all = yield* Effect.forEach(node.nodeIds, (id) => committed.readOption(["committed", id]), {
        concurrency: "unbounded"
      })
      const offsets = Object.entries(highest(all.map(Option.getOrElse(() => ({})))))
      const asked = new Set(keys)
      return { offsets: Object.fromEntries(offsets.filter(([key]) => asked.has(key))) }
    })
  }
  return handlers
})

const CommitsOf = Schema.Tuple([Schema.Literal("committed"), NodeId])
