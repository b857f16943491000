/**
 * Transactions in one order for the whole cluster, through one value in `lin-kv`: the root, which names the newest
 * batch of transactions. A batch is a value of its own that never changes: what its transactions wrote, and which batch
 * came before.
 *
 * A node runs its transactions on its copy of the registers, stores what they wrote, and replaces the root by
 * compare-and-set. That holds only if nobody came in between; otherwise the node catches up and runs them again. So
 * transactions are strictly serializable: each takes place at the moment of its compare-and-set, and those that only
 * read at the moment when the root is read. It needs the store, and all transactions of the cluster pass through one
 * key: each node therefore has one attempt under way at most, with all the transactions that have gathered meanwhile.
 *
 * The design is that of the Datomic chapter in Maelstrom's guide.
 */
import { Effect, Option, Schedule, Schema } from "effect"
import type { RpcError } from "../../protocol/RpcError.ts"
import { type MicroOperation, Txn } from "../../protocol/Txn.ts"
import * as GroupCommit from "../../services/GroupCommit.ts"
import { LinKv } from "../../services/Kv.ts"
import * as IdGenerator from "../../services/IdGenerator.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import { mayAbort } from "./AbortRate.ts"
import * as Registers from "./Registers.ts"

/** The node: strictly serializable, and unavailable where `lin-kv` cannot be reached. */
export const layer: NodeLayer = Txn.toLayer(
  Effect.gen(function* () {
    const kv = yield* LinKv
    const roots = kv.collection({ key: Schema.String, value: Schema.String })
    const batches = kv.collection({ key: Schema.String, value: Batch })

    const registers = Registers.make<number>((a, b) => a - b)
    let head = noBatch
    let applied = 0
    const nextId = yield* IdGenerator.make

    const apply = (batch: string, writes: Registers.Writes) => {
      registers.apply(writes, ++applied)
      head = batch
    }

    /** Applies all batches up to the newest; their names. */
    const catchUp = Effect.gen(function* () {
      const missing: Array<readonly [string, Registers.Writes]> = []
      let name = Option.getOrElse(yield* roots.readOption(root), () => noBatch)
      while (name !== head) {
        const { previous, writes } = yield* batches.read(name)
        missing.push([name, writes])
        name = previous
      }
      for (const [name, writes] of missing.toReversed()) {
        apply(name, writes)
      }
      return missing.map(([name]) => name)
    })

    const attempt = Effect.fnUntraced(function* (txns: ReadonlyArray<ReadonlyArray<MicroOperation>>) {
      const { completed, writes } = registers.execute(txns)
      if (writes.length === 0) {
        const before = head
        yield* catchUp
        return before === head ? completed : registers.execute(txns).completed
      }
      const name = nextId()
      yield* batches.write(name, { previous: head, writes })
      yield* (head === noBatch ? roots.createIfNotExists(root, name) : roots.cas(root, head, name)).pipe(
        Effect.andThen(Effect.sync(() => apply(name, writes))),
        // What is refused has taken place nevertheless if the network brought it to the store twice.
        Effect.catchTag(["PreconditionFailed", "KeyAlreadyExists"], (error) =>
          Effect.flatMap(catchUp, (names) => (names.includes(name) ? Effect.void : Effect.fail(error)))
        )
      )
      return completed
    })

    const transactions = yield* GroupCommit.make({
      run: (txns: ReadonlyArray<ReadonlyArray<MicroOperation>>) => Effect.retry(attempt(txns), soon)
    })

    return {
      txn: Effect.fnUntraced(function* ({ txn }) {
        if (txn.some(([f]) => f === "w")) {
          yield* mayAbort
        }
        return { txn: yield* transactions.submit(txn) }
      })
    }
  })
)

/** What the transactions of a batch wrote, and the name of the batch before it. */
const Batch = Schema.Struct({ previous: Schema.String, writes: Registers.Writes })

/** The key of the root. */
const root = "root"

/** What comes before the first batch. */
const noBatch = ""

/**
 * When to try again after another node was first: at once or nearly so, since the other will be back within
 * milliseconds, and who backs off as others would starves.
 */
const soon = Schedule.spaced("1 millis").pipe(
  Schedule.jittered,
  Schedule.upTo({ duration: "4 seconds" }),
  Schedule.setInputType<RpcError>(),
  Schedule.while(({ input }) => input._tag === "PreconditionFailed" || input._tag === "KeyAlreadyExists")
)
