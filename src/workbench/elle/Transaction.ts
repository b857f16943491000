/**
 * Transactions over registers, as a history shows them.
 */
import { getOrInsert } from "../collections/MultiMap.ts"
import { calls } from "../history/History.ts"
import type { History, Operation } from "../history/Operation.ts"
import { label } from "../json/JsonValue.ts"
import { ValueIndex } from "../json/ValueIndex.ts"

/**
 * One transaction.
 *
 * - `index`: its index in `TransactionHistory.transactions`.
 * - `status`: committed (`ok`), aborted (`fail`), or either of the two (`info`).
 * - `completion`: the entry that ended it. A transaction that never ended is an `info` one without it.
 * - `requested`: the micro-operations as the client asked for them.
 * - `microOperations`: as the completion has them, so that reads carry values only if the status is `ok`.
 * - `externalReads`: by key, the value of the first access to the key, if that is a read.
 * - `externalWrites`: by key, the value of the last write. Others see only this one if isolation is kept.
 */
export interface Transaction {
  readonly index: number
  readonly status: "ok" | "fail" | "info"
  readonly invocation: Operation
  readonly completion: Operation | undefined
  readonly requested: ReadonlyArray<MicroOperation>
  readonly microOperations: ReadonlyArray<MicroOperation>
  readonly externalReads: ReadonlyMap<number, number>
  readonly externalWrites: ReadonlyMap<number, number>
}

/** A read or write of one register. Keys and values are numbers of `TransactionHistory.keys` and `values`. */
export interface MicroOperation {
  readonly kind: "r" | "w"
  readonly key: number
  readonly value: number
}

/**
 * The transactions of a history in the order of their completions.
 *
 * - `keys`, `values`: what the numbers in transactions stand for.
 * - `initial`: the value of a register that was never written (null).
 */
export interface TransactionHistory {
  readonly transactions: ReadonlyArray<Transaction>
  readonly keys: ValueIndex
  readonly values: ValueIndex
  readonly initial: number
}

/** Reads the transactions of a history. Micro-operations of another form than `[f, key, value]` are left out. */
export const transactionHistory = (history: History): TransactionHistory => {
  const keys = new ValueIndex()
  const values = new ValueIndex()
  const initial = values.add(null)
  const transactions = calls(history)
    .toSorted((left, right) => endOf(left) - endOf(right))
    .map(({ invocation, completion }, index) => {
      const status = completion === undefined || completion.type === "invoke" ? "info" : completion.type
      const requested = microOperationsOf(invocation.value, keys, values)
      const microOperations = completion === undefined ? requested : microOperationsOf(completion.value, keys, values)
      return {
        index,
        status,
        invocation,
        completion,
        requested,
        microOperations,
        externalReads: status === "ok" ? externalReads(microOperations) : none,
        externalWrites: externalWrites(microOperations)
      } satisfies Transaction
    })
  return { transactions, keys, values, initial }
}

/** Which of a transaction's reads and writes count. */
export interface Accesses {
  readonly reads: (transaction: Transaction) => KeyValues
  readonly writes: (transaction: Transaction) => KeyValues
}

type KeyValues = Iterable<readonly [key: number, value: number]>

/** What others can see of a transaction that is isolated from them: all that Elle looks at. */
export const externalAccesses: Accesses = {
  reads: ({ externalReads }) => externalReads,
  writes: ({ externalWrites }) => externalWrites
}

/** Every write, intermediate ones too, and every read of what others wrote. */
export const allAccesses: Accesses = {
  reads: ({ microOperations, status }) => {
    const own = new Map<number, Set<number>>()
    const reads: Array<readonly [number, number]> = []
    for (const { kind, key, value } of status === "ok" ? microOperations : []) {
      if (kind === "w") {
        getOrInsert(own, key, () => new Set()).add(value)
      } else if (own.get(key)?.has(value) !== true) {
        reads.push([key, value])
      }
    }
    return reads
  },
  writes: ({ microOperations }) =>
    microOperations.flatMap(({ kind, key, value }) => (kind === "w" ? [[key, value] as const] : []))
}

/** The entry that says most of a transaction: its completion, or its invocation if it never ended. */
export const entryOf = (transaction: Transaction): Operation => transaction.completion ?? transaction.invocation

/** What a key is called in messages. */
export const keyName = (history: TransactionHistory, key: number): string => label(history.keys.values[key])

/** What a value is called in messages. */
export const valueName = (history: TransactionHistory, value: number): string => label(history.values.values[value])

/** A micro-operation in the form that clients use. */
export const plain = (history: TransactionHistory, { kind, key, value }: MicroOperation): ReadonlyArray<unknown> => [
  kind,
  history.keys.values[key],
  history.values.values[value]
]

const none: ReadonlyMap<number, number> = new Map()

const endOf = ({ completion }: { readonly completion: Operation | undefined }): number => completion?.index ?? Infinity

const microOperationsOf = (value: unknown, keys: ValueIndex, values: ValueIndex): ReadonlyArray<MicroOperation> => {
  const microOperations: Array<MicroOperation> = []
  for (const element of Array.isArray(value) ? value : []) {
    if (Array.isArray(element) && (element[0] === "r" || element[0] === "w")) {
      microOperations.push({ kind: element[0], key: keys.add(element[1]), value: values.add(element[2] ?? null) })
    }
  }
  return microOperations
}

const externalReads = (microOperations: ReadonlyArray<MicroOperation>): ReadonlyMap<number, number> => {
  const reads = new Map<number, number>()
  const accessed = new Set<number>()
  for (const { kind, key, value } of microOperations) {
    if (kind === "r" && !accessed.has(key)) {
      reads.set(key, value)
    }
    accessed.add(key)
  }
  return reads
}

const externalWrites = (microOperations: ReadonlyArray<MicroOperation>): ReadonlyMap<number, number> => {
  const writes = new Map<number, number>()
  for (const { kind, key, value } of microOperations) {
    if (kind === "w") {
      writes.set(key, value)
    }
  }
  return writes
}
