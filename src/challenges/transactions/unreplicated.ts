/**
 * Transactions on one node's own copy, which it tells nobody about.
 *
 * On a single node that is all there is to do: transactions run one after another, in one step each, and so are
 * strictly serializable. On several nodes it is the shortcut of published solutions: the models that challenges 6b and
 * 6c ask for do not say that a write must ever be seen elsewhere, and Maelstrom finds nothing wrong.
 */
import { Effect } from "effect"
import { Txn } from "../../protocol/Txn.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as WriteAheadLog from "../../services/WriteAheadLog.ts"
import { mayAbort } from "./AbortRate.ts"
import * as Registers from "./Registers.ts"

/** The node of 6a; of several, each is a world of its own. It survives a crash if what it acknowledges is synced. */
export const layer: NodeLayer = Txn.toLayer(
  Effect.gen(function* () {
    const registers = Registers.make<number>((a, b) => a - b)
    let version = 0
    const log = yield* WriteAheadLog.open("writes", Registers.Writes, (writes) => registers.apply(writes, ++version))

    return {
      txn: Effect.fnUntraced(function* ({ txn }) {
        const abort = yield* Effect.result(mayAbort)
        const { completed, writes } = registers.execute([txn])
        if (writes.length > 0) {
          yield* Effect.fromResult(abort)
          registers.apply(writes, ++version)
          log.append(writes)
        }
        yield* log.durable
        return { txn: completed[0]! }
      })
    }
  })
)
