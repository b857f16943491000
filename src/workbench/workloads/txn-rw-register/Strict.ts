/**
 * Bugs of transactional registers that Maelstrom lets through.
 *
 * - `changed-transaction`: a reply has other micro-operations than its request.
 * - `changed-write`: a write came back with another value.
 * - `garbage-read`: a read returned a value that nobody ever wrote.
 * - `future-read`: a read returned a value before anybody had begun to write it, or that its own transaction wrote only
 *   after the read.
 * - `internal`: a key that a transaction had found to be null had a value later in the same transaction, though the
 *   consistency models forbid it.
 * - `G0`: transactions overwrote each other's writes, as their readers saw.
 * - `final-reads-disagree`, `unheard-writes`: nodes that hold different things in the end: see `Divergence.ts`.
 * - `unanswered-final-read`: a final read that did not succeed.
 */
import type { ClientBinding } from "../../history/ClientBinding.ts"
import { canonical } from "../../json/JsonValue.ts"
import type { Anomaly } from "../../checkers/Verdict.ts"
import type { AnomalyName } from "../../elle/Anomaly.ts"
import { type ChangedTransaction, changedTransactions } from "../../elle/ChangedTransaction.ts"
import { type DirtyWrite, dirtyWrites } from "../../elle/DirtyWrite.ts"
import { entries, explainInternal, name, state } from "../../elle/Explanation.ts"
import { type ImpossibleRead, impossibleReads } from "../../elle/ImpossibleRead.ts"
import { internalInconsistencies } from "../../elle/InternalConsistency.ts"
import { entryOf, keyName, type TransactionHistory, valueName } from "../../elle/Transaction.ts"
import { divergence } from "./Divergence.ts"

/**
 * The bugs that Maelstrom lets through, given the anomalies that the consistency models forbid and, if known, which
 * node each client talks to.
 */
export const warnings = (
  history: TransactionHistory,
  forbidden: ReadonlySet<AnomalyName>,
  binding: ClientBinding | undefined
): ReadonlyArray<Anomaly> => [
  ...changedTransactions(history).map(explainChange),
  ...impossibleReads(history).map((found) => explainImpossibleRead(history, found)),
  ...(forbidden.has("internal") ? internalInconsistencies(history, { afterInitial: true }) : [])
    .filter(({ expected }) => expected.value === history.initial)
    .map((found) => explainInternal(history, found)),
  ...(forbidden.has("G0") ? dirtyWrites(history, binding) : []).map((found) => explainDirtyWrite(history, found)),
  ...(binding === undefined ? [] : divergence(history, binding))
]

const explainChange = ({ transaction, change }: ChangedTransaction): Anomaly => {
  const { invocation } = transaction
  const reply = entryOf(transaction)
  return {
    name: change === "write" ? "changed-write" : "changed-transaction",
    message:
      `${name(1, transaction)} was asked for as ${canonical(invocation.value)} ` +
      `and came back as ${canonical(reply.value)}.`,
    operations: [invocation, reply]
  }
}

const explainImpossibleRead = (history: TransactionHistory, { reader, read, writer }: ImpossibleRead): Anomaly => {
  const observed = `${name(1, reader)} read ${state(history, read.key, read.value)}`
  if (writer === undefined) {
    return {
      name: "garbage-read",
      message: `${observed}, a value that nobody ever wrote there.`,
      operations: entries([reader])
    }
  }
  return {
    name: "future-read",
    message:
      writer === reader
        ? `${observed} before it wrote this value itself.`
        : `${observed} before ${name(2, writer)}, the first to write this value, had begun.`,
    operations: entries([reader], [writer.invocation])
  }
}

const explainDirtyWrite = (history: TransactionHistory, cycle: DirtyWrite): Anomaly => {
  const numbers = new Map(cycle.map(({ from }, index) => [from, index + 1]))
  const introduced = cycle.map(({ from }, index) => name(index + 1, from)).join(", ")
  const steps = cycle.map(
    ({ from, to, key, value, next, placed, current }) =>
      `key ${keyName(history, key)} went from T${numbers.get(from)}'s ${valueName(history, value)}, in place at entry ` +
      `${placed.index}, to T${numbers.get(to)}'s ${valueName(history, next)}, current at entry ${current.index}`
  )
  return {
    name: "G0",
    message: `${introduced}: ${steps.join("; ")}; so their writes were interleaved.`,
    operations: entries(
      cycle.map(({ from }) => from),
      cycle.flatMap(({ placed, current }) => [placed, current])
    )
  }
}
