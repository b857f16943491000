/**
 * Transactions that are always available: every node runs them on its own copy, and tells the others what they wrote.
 *
 * A transaction runs in one step of its node, against what the node knows at that moment, and becomes visible in one
 * step: here when it commits, at other nodes when they hear of it. So no transaction sees another half done, or its
 * intermediate values, or one that was aborted, and reads within it agree with each other. A client that stays with its
 * node sees its own writes and never goes back in time.
 *
 * Write sets are applied in causal order: a node waits with one until it has applied all that the transaction's node
 * had applied before. Of concurrent transactions that write the same key, the one with the later timestamp wins, by
 * hybrid logical clock and then by node, in the same way for all keys and at all nodes: writes of two transactions
 * never interleave, and once all nodes have heard of everything, they agree. Clocks that are off by seconds change who
 * wins and nothing else.
 *
 * That is causal consistency with atomic visibility, about the strongest that can be had without waiting for others:
 * Bailis et al., "Highly Available Transactions: Virtues and Limitations" (2013). Two nodes may still read the same
 * value and both replace it.
 *
 * Copies are in memory alone. A node that crashes takes with it what it had not told yet; one that starts again with
 * empty memory waits for causes that no other node keeps any longer, and so sees nothing but what it writes itself.
 */
import { Effect, Schema } from "effect"
import { Txn } from "../../protocol/Txn.ts"
import * as HybridLogicalClock from "../../replication/HybridLogicalClock.ts"
import { Node } from "../../services/Node.ts"
import * as Flush from "../../replication/Flush.ts"
import * as Replication from "../../replication/Replication.ts"
import * as Topology from "../../replication/Topology.ts"
import { VersionVector } from "../../replication/VersionVector.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import { mayAbort } from "./AbortRate.ts"
import * as CausalOrder from "../../replication/CausalOrder.ts"
import * as Registers from "./Registers.ts"

/** The node: causal, atomic, and available under partitions. */
export const layer: NodeLayer = Txn.toLayer(
  Effect.gen(function* () {
    const node = yield* Node
    const self = node.nodeIds.indexOf(node.id)
    const clock = HybridLogicalClock.make()
    const registers = Registers.make<Version>(compareVersions)

    const causal = CausalOrder.make<WriteSet>(node.nodeIds.length, ({ at, writes }, origin) => {
      clock.observe(at)
      registers.apply(writes, { at, node: origin })
    })
    const replication = yield* Replication.make({
      name: "transactions",
      item: WriteSet,
      topology: Topology.direct,
      flush: Flush.after("40 millis"),
      deliver: (writeSet, origin) => causal.receive(writeSet, node.nodeIds.indexOf(origin))
    })

    return {
      txn: Effect.fnUntraced(function* ({ txn }) {
        const at = yield* clock.now
        const abort = yield* Effect.result(mayAbort)
        // From here to the end of `commit` nothing else runs on this node.
        const { completed, writes } = registers.execute([txn])
        if (writes.length === 0) {
          return { txn: completed[0]! }
        }
        yield* Effect.fromResult(abort)
        registers.apply(writes, { at, node: self })
        const writeSet = { at, after: causal.commit(self), writes }
        yield* replication.append(writeSet)
        return { txn: completed[0]! }
      })
    }
  })
)

/** What a transaction wrote, when, and after how many transactions of each node. */
const WriteSet = Schema.Struct({
  at: HybridLogicalClock.Timestamp,
  after: VersionVector,
  writes: Registers.Writes
})
type WriteSet = typeof WriteSet.Type

/** Orders transactions: no two have the same. */
interface Version {
  readonly at: HybridLogicalClock.Timestamp
  readonly node: number
}

const compareVersions = (a: Version, b: Version): number => HybridLogicalClock.compare(a.at, b.at) || a.node - b.node
