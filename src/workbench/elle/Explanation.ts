/**
 * Explains anomalies in plain words. Transactions are called T1, T2, … with the index of their last entry.
 */
import type { Operation } from "../history/Operation.ts"
import type { Anomaly } from "../checkers/Verdict.ts"
import { friendlyName } from "./ConsistencyModel.ts"
import type { ExistingCycle } from "./CycleExistence.ts"
import type { Cycle } from "./Cycles.ts"
import type { AmbiguousVersion, Dependency } from "./DependencyGraph.ts"
import type { DirtyRead } from "./DirtyRead.ts"
import type { InternalInconsistency } from "./InternalConsistency.ts"
import type { LostUpdate } from "./LostUpdate.ts"
import { entryOf, keyName, type Transaction, type TransactionHistory, valueName } from "./Transaction.ts"
import type { CyclicVersions } from "./VersionOrder.ts"

/** Who read from an aborted transaction. */
export const explainAbortedRead = (history: TransactionHistory, { reader, read, writer }: DirtyRead): Anomaly => ({
  name: "G1a",
  message:
    `${name(1, writer)} wrote ${state(history, read.key, read.value)} and was aborted, ` +
    `but ${name(2, reader)} read this value.`,
  operations: entries([writer, reader])
})

/** Who read a value that its writer replaced. */
export const explainIntermediateRead = (history: TransactionHistory, { reader, read, writer }: DirtyRead): Anomaly => ({
  name: "G1b",
  message:
    `${name(1, writer)} wrote ${state(history, read.key, read.value)} and then replaced it by ` +
    `${written(history, writer, read.key)}, but ${name(2, reader)} read the intermediate value.`,
  operations: entries([writer, reader])
})

/** Where a transaction contradicts itself. */
export const explainInternal = (
  history: TransactionHistory,
  { transaction, read, expected }: InternalInconsistency
): Anomaly => ({
  name: "internal",
  message:
    `${name(1, transaction)} ${expected.kind === "w" ? "wrote" : "read"} ` +
    `${state(history, expected.key, expected.value)}, but then read ${valueName(history, read.value)} there.`,
  operations: entries([transaction])
})

/** Which two transactions replaced the same version, and by what. */
export const explainLostUpdate = (history: TransactionHistory, { key, value, transactions }: LostUpdate): Anomaly => {
  const [first, second] = transactions as readonly [Transaction, Transaction]
  return {
    name: "lost-update",
    message:
      `${name(1, first)} and ${name(2, second)} both read ${state(history, key, value)} and replaced it, ` +
      `by ${written(history, first, key)} and ${written(history, second, key)}, ` +
      `so that one of them did not see the other's update.`,
    operations: entries([first, second])
  }
}

/** Which versions of a key have no order, and who read or wrote them. */
export const explainCyclicVersions = (
  history: TransactionHistory,
  { key, versions, sources }: CyclicVersions
): Anomaly => {
  const concerned = new Set<number | undefined>(versions)
  return {
    name: "cyclic-versions",
    message:
      `The values ${versions.map((version) => valueName(history, version)).join(", ")} of key ` +
      `${keyName(history, key)} would each have to come before the others (as told by ${sources.join(", ")}).`,
    operations: entries(
      history.transactions.filter(
        ({ status, externalReads, externalWrites }) =>
          status === "ok" && (concerned.has(externalReads.get(key)) || concerned.has(externalWrites.get(key)))
      )
    )
  }
}

/** The steps of a cycle, one by one. */
export const explainCycle = (history: TransactionHistory, { anomaly, steps }: Cycle): Anomaly => {
  const introduced = steps.map(({ from }, index) => name(index + 1, from)).join(", ")
  const reasons = steps.map((step, index) =>
    reason(history, step, `T${index + 1}`, `T${((index + 1) % steps.length) + 1}`)
  )
  return {
    name: anomaly,
    message: `${introduced}: ${reasons.join("; ")}; so each of them would have to come before itself.`,
    operations: entries(
      steps.map(({ from }) => from),
      // That a transaction began after another one had ended is shown by its invocation alone.
      steps.flatMap(({ relation, to }) => (relation === "realtime" ? [to.invocation] : []))
    )
  }
}

/** How many transactions depend on each other, where no cycle among them has a name. */
export const explainExistingCycle = (
  history: TransactionHistory,
  { anomaly, model, vertices }: ExistingCycle
): Anomaly => ({
  name: anomaly,
  message: `${vertices.length} transactions depend on each other in a cycle that ${friendlyName(model)} does not allow.`,
  operations: entries(vertices.map((vertex) => history.transactions[vertex]!))
})

/** Who wrote the same value. */
export const explainAmbiguousVersion = (
  history: TransactionHistory,
  { key, value, writers: [first, second] }: AmbiguousVersion
): Anomaly => ({
  name: "duplicate-write",
  message:
    `${name(1, first)} and ${name(2, second)} both claim to have written ${state(history, key, value)}, ` +
    "so that nobody can tell whose write was read.",
  operations: entries([first, second])
})

/** What a transaction is called in a message: T1, T2, … with the index of its last entry. */
export const name = (number: number, transaction: Transaction): string =>
  `T${number} (entry ${entryOf(transaction).index})`

/** What a register holds, in words. */
export const state = (history: TransactionHistory, key: number, value: number): string =>
  `key ${keyName(history, key)} = ${valueName(history, value)}`

/** The last entries of transactions, and further ones, in history order. */
export const entries = (
  transactions: ReadonlyArray<Transaction>,
  further: ReadonlyArray<Operation> = []
): ReadonlyArray<Operation> =>
  [...new Set([...transactions.map(entryOf), ...further])].toSorted((left, right) => left.index - right.index)

const written = (history: TransactionHistory, writer: Transaction, key: number): string =>
  valueName(history, writer.externalWrites.get(key) ?? history.initial)

const reason = (history: TransactionHistory, step: Dependency, first: string, second: string): string => {
  const { relation, from, key, value, next } = step
  if (key === undefined || value === undefined) {
    return relation === "realtime"
      ? `${first} had ended before ${second} began`
      : `process ${entryOf(from).process} ran ${first} before ${second}`
  }
  if (relation === "wr") {
    return `${first} wrote ${state(history, key, value)}, which ${second} read`
  }
  const verb = relation === "ww" ? "wrote" : "read"
  return (
    `${first} ${verb} ${state(history, key, value)} ` +
    `before ${second} replaced it by ${valueName(history, next ?? history.initial)}`
  )
}
