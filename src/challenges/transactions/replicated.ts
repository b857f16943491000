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
 * never interleave, and once all nodes have heard of everything, they agree. Clocks that are off by less than an hour
 * change who wins and nothing else.
 *
 * That is causal consistency with atomic visibility, about the strongest that can be had without waiting for others:
 * Bailis et al., "Highly Available Transactions: Virtues and Limitations" (2013). Two nodes may still read the same
 * value and both replace it.
 *
 * A transaction is acknowledged when it is as safe as `Durability` says. With `memory`, a node that crashes takes with
 * it what it had not told yet. One that starts again with empty memory gets the registers with their versions from
 * another node, and goes on; until then, its clients may read what is older than they have seen.
 */
import { Effect, Schema } from "effect"
import { Txn } from "../../protocol/Txn.ts"
import * as HybridLogicalClock from "../../replication/HybridLogicalClock.ts"
import { Node } from "../../services/Node.ts"
import * as Flush from "../../replication/Flush.ts"
import * as Replication from "../../replication/Replication.ts"
import * as Topology from "../../replication/Topology.ts"
import { Incarnation } from "../../services/Incarnation.ts"
import { Count } from "../../replication/VersionVector.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import { mayAbort } from "./AbortRate.ts"
import * as CausalOrder from "../../replication/CausalOrder.ts"
import * as Registers from "./Registers.ts"

/** The node: causal, atomic, and available under partitions. */
export const layer: NodeLayer = Txn.toLayer(
  Effect.gen(function* () {
    const node = yield* Node
    const self = node.nodeIds.indexOf(node.id)
    const clock = yield* HybridLogicalClock.make
    const registers = Registers.make<Version>(compareVersions)

    const causal = CausalOrder.make<WriteSet>(({ at, writes }, origin) =>
      registers.apply(writes, [at, node.nodeIds.indexOf(origin.node), origin.incarnation])
    )
    const replication = yield* Replication.make({
      name: "transactions",
      item: WriteSet,
      topology: Topology.direct,
      flush: Flush.after("40 millis"),
      deliver: (writeSet, origin) => {
        const isPossible = clock.observe(writeSet.at)
        causal.receive(isPossible ? writeSet : { ...writeSet, writes: [] }, origin)
        return isPossible ? undefined : "its timestamp is hours ahead"
      },
      retire: causal.retire,
      snapshots: {
        element: Element,
        take: () => [...registers.entries(), ...causal.take()],
        merge: (elements) => {
          for (const [key, value, version] of elements.filter(isRegister)) {
            clock.observe(version[0])
            registers.apply([[key, value]], version)
          }
          causal.merge(elements.filter(isOfOrder))
        }
      }
    })

    return {
      txn: Effect.fnUntraced(function* ({ txn }) {
        if (txn.every(([f]) => f === "r")) {
          const read = registers.execute([txn]).completed[0]!
          yield* replication.durable
          return { txn: read }
        }
        yield* mayAbort
        let done: ReturnType<typeof registers.execute>["completed"][number] = []
        yield* replication.appendWith((origin) => {
          const { completed, writes } = registers.execute([txn])
          const at = clock.now()
          done = completed[0]!
          registers.apply(writes, [at, self, origin.incarnation])
          return { at, after: causal.commit(origin), writes }
        })
        yield* replication.durable
        return { txn: done }
      })
    }
  })
)

/** What a transaction wrote, when, and what it comes after. */
const WriteSet = Schema.Struct({
  at: HybridLogicalClock.Timestamp,
  after: CausalOrder.After,
  writes: Registers.Writes
})
type WriteSet = typeof WriteSet.Type

/** Orders transactions: when, at which node, in which incarnation. No two have the same. */
const Version = Schema.Tuple([HybridLogicalClock.Timestamp, Count, Incarnation])
type Version = typeof Version.Type

const compareVersions = (a: Version, b: Version): number =>
  HybridLogicalClock.compare(a[0], b[0]) || a[1] - b[1] || a[2] - b[2]

/**
 * What a node tells one that starts anew: registers with their versions, and how far it has come in the causal order.
 */
const Register = Schema.Tuple([Schema.Json, Schema.Json, Version])
const Element = Schema.Union([Register, CausalOrder.Element(WriteSet)])

type Element = typeof Element.Type

const isRegister = (element: Element): element is typeof Register.Type => Array.isArray(element)

const isOfOrder = (element: Element): element is Exclude<Element, typeof Register.Type> => !Array.isArray(element)
