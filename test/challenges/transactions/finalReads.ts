import type { Schema } from "effect"
import type { MicroOperation } from "../../../src/protocol/Txn.ts"
import type { AnyWorkload, Generator } from "../../../src/workbench/workloads/Workload.ts"
import {
  type TxnInvocation,
  workload as registers
} from "../../../src/workbench/workloads/txn-rw-register/TxnRwRegister.ts"

/** A register and its value. */
export type Register = readonly [key: Schema.Json, value: Schema.Json]

/** The workload of transactions, with one that reads all keys by every client in the end. */
export const withFinalReads = (): {
  readonly workload: AnyWorkload
  /** What each client has read in the end, in the order of the keys. */
  readonly copies: () => ReadonlyArray<ReadonlyArray<Register>>
} => {
  const keys = new Set<Schema.Json>()
  const copies: Array<ReadonlyArray<Register>> = []

  const generator: typeof registers.generator = (options, random) => {
    const main = registers.generator(options, random)
    return {
      next: (thread) => {
        const operation = main.next(thread)
        for (const [, key] of operation?.value ?? []) {
          keys.add(key)
        }
        return operation
      }
    }
  }

  const finalGenerator = (): ((thread: number) => Generator<TxnInvocation>) => () => {
    let isDone = false
    return {
      next: () => {
        if (isDone) {
          return undefined
        }
        isDone = true
        return { f: "txn", final: true, value: [...keys].toSorted(byNumber).map((key) => ["r", key, null]) }
      },
      observe: ({ type, value }) => {
        if (type !== "ok") {
          return
        }
        copies.push((value as ReadonlyArray<MicroOperation>).map(([, key, read]) => [key, read] as const))
      }
    }
  }

  return { workload: { ...registers, generator, finalGenerator }, copies: () => copies }
}

const byNumber = (a: Schema.Json, b: Schema.Json) => Number(a) - Number(b)
