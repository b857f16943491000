/**
 * The `txn-rw-register` workload: transactions of reads and writes, whose interleavings the checker looks into.
 *
 * After `maelstrom.workload.txn-rw-register` and `elle.rw-register/gen`.
 */
import { Effect } from "effect"
import { type MicroOperation, Txn } from "../../../protocol/Txn.ts"
import { withErrors } from "../Completions.ts"
import * as Draw from "../../simulation/Draw.ts"
import * as UniqueWrites from "../UniqueWrites.ts"
import type { Completion, Generator, Invocation, Workload } from "../Workload.ts"
import { check, Results } from "./Checker.ts"

export interface TxnInvocation extends Invocation {
  readonly f: "txn"
  readonly value: ReadonlyArray<MicroOperation>
}

/**
 * `txn`: its value is the list of micro-operations, from one to `maxTxnLength`, each length as likely. It completes
 * with the list that the node answers, where reads have their values. Keys and values are integers.
 */
export const workload: Workload<TxnInvocation, Generator<TxnInvocation>, Results> = {
  name: "txn-rw-register",
  rpcs: Txn,
  functions: ["txn"],
  transactional: true,
  check,
  results: Results,

  generator: (options, random) => {
    const operations = UniqueWrites.make(random, options)
    return {
      next: () => ({
        f: "txn",
        value: Array.from({ length: 1 + Draw.integerBelow(random, options.maxTxnLength) }, () =>
          microOperation(operations.next())
        )
      })
    }
  },

  client: (connection) => ({
    invoke: ({ value }) =>
      Effect.map(connection.call(Txn.txn, { txn: value }), ({ txn }): Completion => ({ type: "ok", value: txn }))
  }),

  onError: withErrors(new Set())
}

const microOperation = (operation: UniqueWrites.ReadOrWrite): MicroOperation =>
  operation.f === "r" ? ["r", operation.key, null] : ["w", operation.key, operation.value]
