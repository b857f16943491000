/**
 * Diverged replicas: nodes that do not hold the same in the end, when faults are healed and they had time to agree.
 *
 * No consistency model here says when a write has to be seen elsewhere, so that Maelstrom lets this pass. A strict
 * judge does not: replicas that never agree are none (Terry et al., "Session Guarantees for Weakly Consistent
 * Replicated Data", 1994, call what is missing eventual consistency: total propagation and consistent ordering).
 *
 * - `final-reads-disagree`: two nodes say different things of a key.
 * - `unheard-writes`: where a node disagrees, and nothing that any other node had acknowledged was ever seen there.
 */
import type { Anomaly } from "../../checkers/Verdict.ts"
import { writersOf } from "../../elle/DependencyGraph.ts"
import { entries, name, state } from "../../elle/Explanation.ts"
import { keyName, type Transaction, type TransactionHistory, valueName } from "../../elle/Transaction.ts"
import { type ClientBinding, nodeName } from "../../history/ClientBinding.ts"
import { isClientOperation } from "../../history/History.ts"

/** What the final reads of a history tell of nodes that diverge; nothing without final reads. */
export const divergence = (history: TransactionHistory, binding: ClientBinding): ReadonlyArray<Anomaly> => {
  const nodeOf = ({ invocation }: Transaction): string =>
    isClientOperation(invocation) ? nodeName(invocation, binding) : ""
  const final = history.transactions.filter(({ invocation, status }) => invocation.final === true && status === "ok")
  const byKey = Map.groupBy(
    final.flatMap((reader) => Array.from(reader.externalReads, ([key, value]) => ({ reader, key, value }))),
    ({ key }) => key
  )
  const disputed = [...byKey].filter(([, reads]) => new Set(reads.map(({ value }) => value)).size > 1)
  const [first] = disputed
  if (first === undefined) {
    return []
  }
  const [key, reads] = first
  const said = reads.map(({ reader, value }) => `${nodeOf(reader)} says ${valueName(history, value)}`)
  return [
    {
      name: "final-reads-disagree",
      message:
        `The final reads disagree on ${disputed.length} of ${byKey.size} keys: ` +
        `of key ${keyName(history, key)}, ${said.join(", ")}.`,
      operations: entries(reads.map(({ reader }) => reader))
    },
    ...unheardWrites(
      history,
      disputed.flatMap(([, reads]) => reads),
      nodeOf
    )
  ]
}

/** A final read of a key of which nodes say different things. */
interface Disputed {
  readonly reader: Transaction
  readonly key: number
  readonly value: number
}

const unheardWrites = (
  history: TransactionHistory,
  disputed: ReadonlyArray<Disputed>,
  nodeOf: (transaction: Transaction) => string
): ReadonlyArray<Anomaly> => {
  const { writers } = writersOf(history)
  const hearing = new Set<string>()
  for (const reader of history.transactions) {
    for (const [key, value] of reader.externalReads) {
      const writer = writers.get(key)?.get(value)
      if (writer !== undefined && nodeOf(writer) !== nodeOf(reader)) {
        hearing.add(nodeOf(reader))
      }
    }
  }
  const found: Array<Anomaly> = []
  for (const { key, reader, value } of disputed) {
    const node = nodeOf(reader)
    const unheard = [...(writers.get(key) ?? [])].find(([, writer]) => nodeOf(writer) !== node)
    if (unheard !== undefined && !hearing.has(node)) {
      hearing.add(node)
      const [other, writer] = unheard
      found.push({
        name: "unheard-writes",
        message:
          `No read at ${node} ever showed what another node wrote: ${name(1, writer)} wrote ` +
          `${state(history, key, other)} at ${nodeOf(writer)}, and in the end ${name(2, reader)} read ` +
          `${valueName(history, value)} there.`,
        operations: entries([writer, reader])
      })
    }
  }
  return found
}
