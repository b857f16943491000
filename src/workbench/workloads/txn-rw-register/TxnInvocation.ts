/**
 * The operation of the `txn-rw-register` workload: a transaction.
 */
import type { MicroOperation } from "../../../protocol/Txn.ts"
import type { Invocation } from "../Workload.ts"

export interface TxnInvocation extends Invocation {
  readonly f: "txn"
  readonly value: ReadonlyArray<MicroOperation>
}
