/**
 * The `txn-rw-register` workload: transactions of reads and writes, whose interleavings the checker looks into.
 *
 * After `maelstrom.workload.txn-rw-register` and `elle.rw-register/gen`.
 */
import { Effect } from "effect"
import { type MicroOperation, Txn } from "../../../protocol/Txn.ts"
import * as Replies from "../../clients/Replies.ts"
import { withErrors } from "../Completions.ts"
import * as Draw from "../../simulation/Draw.ts"
import * as UniqueWrites from "../UniqueWrites.ts"
import type { Completion, Generator, Workload } from "../Workload.ts"
import { check, Results } from "./Checker.ts"
import { finalReads } from "./FinalReads.ts"
import type { TxnInvocation } from "./TxnInvocation.ts"

/** Generates transactions, and tells the keys that they write. */
export interface TxnGenerator extends Generator<TxnInvocation> {
  readonly writtenKeys: ReadonlySet<number>
}

/**
 * `txn`: its value is the list of micro-operations, from one to `maxTxnLength`, each length as likely. It completes
 * with the list that the node answers, where reads have their values. Keys and values are integers. With `finalReads`
 * every node is asked for all keys in the end.
 */
export const workload: Workload<TxnInvocation, TxnGenerator, Results> = {
  name: "txn-rw-register",
  rpcs: Txn,
  functions: ["txn"],
  microOperations: ["r", "w"],
  check,
  results: Results,

  generator: (options, random) => {
    const operations = UniqueWrites.make(random, options)
    const writtenKeys = new Set<number>()
    const microOperation = (): MicroOperation => {
      const operation = operations.next()
      if (operation.f === "r") {
        return ["r", operation.key, null]
      }
      writtenKeys.add(operation.key)
      return ["w", operation.key, operation.value]
    }
    return {
      writtenKeys,
      next: () => ({
        f: "txn",
        value: Array.from({ length: 1 + Draw.integerBelow(random, options.maxTxnLength) }, microOperation)
      })
    }
  },

  finalGenerator: (options, { writtenKeys }) => (options.finalReads ? finalReads(options, writtenKeys) : undefined),

  client: (connection) => ({
    invoke: ({ value }) =>
      Effect.map(connection.call(Replies.Txn.txn, { txn: value }), ({ txn }): Completion => ({
        type: "ok",
        value: txn ?? []
      }))
  }),

  onError: withErrors(new Set())
}
