/**
 * Visibility anomalies: what breaks session guarantees, causal order, or atomic visibility, of which Elle finds
 * nothing.
 */
import { jepsenOperation } from "../checkers/JepsenOperation.ts"
import type { Anomaly } from "../checkers/Verdict.ts"
import type { AnomalyName } from "./Anomaly.ts"
import { type FracturedRead, fracturedReads } from "./AtomicVisibility.ts"
import type { AnomalyCase } from "./Elle.ts"
import { entries, name, state } from "./Explanation.ts"
import { type BrokenSession, brokenSessions, type SessionGuarantees, type Succession } from "./SessionVisibility.ts"
import { entryOf, keyName, type Transaction, type TransactionHistory, valueName } from "./Transaction.ts"

/** The cases of the given anomalies that are about visibility, each under its mildest name. */
export const visibilityAnomalies = (
  history: TransactionHistory,
  anomalies: ReadonlySet<AnomalyName>
): ReadonlyArray<AnomalyCase> => {
  const fractured = atomicity
    .filter(([anomaly]) => anomalies.has(anomaly))
    .map(([anomaly, extent]) => fracturedReads(history, extent).map((found) => fracturedCase(history, anomaly, found)))
    .find((cases) => cases.length > 0)
  return [...(fractured ?? []), ...sessionCases(history, anomalies)]
}

// Where several guarantees hold together, each of them does.
const sessionCases = (history: TransactionHistory, anomalies: ReadonlySet<AnomalyName>): ReadonlyArray<AnomalyCase> => {
  const cases = ([anomaly, guarantees]: readonly [AnomalyName, Partial<SessionGuarantees>]) =>
    brokenSessions(history, { ...none, ...guarantees }).map((found) => brokenCase(history, anomaly, found))
  const [strongest, ...weaker] = together.filter(([anomaly]) => anomalies.has(anomaly))
  const all = strongest && cases(strongest)
  if (all?.length === 0) {
    return []
  }
  const each = single.filter(([anomaly]) => anomalies.has(anomaly)).flatMap(cases)
  return each.length > 0 ? each : (weaker.map(cases).find((found) => found.length > 0) ?? all ?? [])
}

// From mild to strong.
const atomicity = [
  ["observed-transaction-vanishes", "thereafter"],
  ["fractured-read", "throughout"],
  ["causal-cerone-violation", "transitively"]
] as const

const none = { readYourWrites: false, monotonicReads: false, monotonicWrites: false, writesFollowReads: false }

const single = [
  ["missing-your-writes", { readYourWrites: true }],
  ["non-monotonic-reads", { monotonicReads: true }],
  ["non-monotonic-writes", { monotonicWrites: true }],
  ["missing-read-write-dependency", { writesFollowReads: true }]
] as const

const pram = { readYourWrites: true, monotonicReads: true, monotonicWrites: true }

// From strong to mild.
const together = [
  ["causal-violation", { ...pram, writesFollowReads: true }],
  ["PRAM-violation", pram]
] as const

const fracturedCase = (
  history: TransactionHistory,
  anomaly: AnomalyName,
  { missed, transactions }: FracturedRead
): AnomalyCase =>
  visibilityCase(anomaly, transactions, (numbers) =>
    missed.map(({ key, through, value, written }) => {
      const [seen, reader] = [through[0], through.at(-1)!]
      const detour = through.slice(1, -1).map((transaction) => numbers.get(transaction))
      return (
        `${numbers.get(reader)} saw what ${numbers.get(seen)} wrote` +
        `${detour.length > 0 ? `, through ${detour.join(", ")},` : ""} but read ${state(history, key, value)} and not ` +
        `its ${valueName(history, written)}`
      )
    })
  )

const brokenCase = (
  history: TransactionHistory,
  anomaly: AnomalyName,
  { successions, transactions }: BrokenSession
): AnomalyCase =>
  visibilityCase(anomaly, transactions, (numbers) =>
    successions.length === 0
      ? [`each of ${transactions.map((transaction) => numbers.get(transaction)).join(", ")} read what came of it`]
      : successions.map((succession) => successionText(history, numbers, succession))
  )

const successionText = (
  history: TransactionHistory,
  numbers: ReadonlyMap<Transaction, string>,
  { after, before, key, kind, through }: Succession
): string => {
  const [writer, last] = [through[0]!, through.at(-1)!]
  const detour = through.slice(1, -1).map((transaction) => numbers.get(transaction))
  return (
    `${numbers.get(last)} ${kind === "r" ? "read" : "wrote"} ${state(history, key, after)} where ` +
    `${numbers.get(writer)}'s ${valueName(history, before)} of key ${keyName(history, key)} was to be seen` +
    (detour.length > 0 ? `, through ${detour.join(", ")}` : "")
  )
}

/** Transactions are called T1, T2, … in the order of the history. */
const visibilityCase = (
  anomaly: AnomalyName,
  unordered: ReadonlyArray<Transaction>,
  reasons: (numbers: ReadonlyMap<Transaction, string>) => ReadonlyArray<string>
): AnomalyCase => {
  const transactions = [...new Set(unordered)].toSorted((left, right) => left.index - right.index)
  return {
    anomaly,
    size: transactions.length,
    record: { type: anomaly, txns: transactions.map((transaction) => jepsenOperation(entryOf(transaction))) },
    explain: (): Anomaly => ({
      name: anomaly,
      message:
        `${transactions.map((transaction, index) => name(index + 1, transaction)).join(", ")}: ` +
        `${reasons(new Map(transactions.map((transaction, index) => [transaction, `T${index + 1}`]))).join("; ")}.`,
      operations: entries(transactions)
    })
  }
}
