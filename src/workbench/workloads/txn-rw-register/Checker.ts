/**
 * Checks the `txn-rw-register` workload: whether transactions over registers satisfy a consistency model.
 *
 * It does what Elle's rw-register checker does the way Maelstrom calls it (Kingsbury, Alvaro, "Elle: Inferring
 * Isolation Anomalies from Experimental Observations", 2020). Writes are unique per key, so that a read tells whose
 * write it saw. Where a transaction read a key and then wrote it, the value it wrote is taken to follow the one it
 * read; and every value follows null. From this come the dependencies between transactions, and a cycle among these
 * is an anomaly that some consistency models allow and others do not.
 */
import { Schema } from "effect"
import type { ClientBinding } from "../../history/ClientBinding.ts"
import type { History } from "../../history/Operation.ts"
import { anomaliesOf, type AnomalyCase } from "../../elle/Elle.ts"
import { type AnomalyName, specialCases } from "../../elle/Anomaly.ts"
import { type CanonicalModelName, type ConsistencyModelName, weakerModels } from "../../elle/ConsistencyModel.ts"
import { boundary, forbiddenAnomalies, impossibleModels, visibilityPromised } from "../../elle/ForbiddenAnomalies.ts"
import { acyclicParts, nameOf } from "../../elle/CycleExistence.ts"
import { type AdditionalOrder, readersOf, writersOf } from "../../elle/DependencyGraph.ts"
import { explainAmbiguousVersion } from "../../elle/Explanation.ts"
import { visibilityAnomalies } from "../../elle/Visibility.ts"
import * as Strict from "./Strict.ts"
import { unansweredFinalReads } from "../../checkers/FinalReads.ts"
import { Validity } from "../../checkers/Validity.ts"
import * as JepsenKeys from "../../json/JepsenKeys.ts"
import { allAccesses, externalAccesses, type TransactionHistory, transactionHistory } from "../../elle/Transaction.ts"
import { versionOrder, type VersionOrderOptions } from "../../elle/VersionOrder.ts"
import * as Verdict from "../../checkers/Verdict.ts"
import type { Anomaly } from "../../checkers/Verdict.ts"

/**
 * - `anomalyTypes`: the names of the anomalies.
 * - `anomalies`: the cases of each, in Elle's own form. Of a cycle, one for every strongly connected component that has
 *   one.
 * - `not`, `alsoNot`: the models that the anomalies rule out, unless the history is valid.
 * - `error`: why there is no verdict, instead of all these.
 */
export const Results = JepsenKeys.struct({
  validity: Validity,
  anomalyTypes: Schema.optionalKey(Schema.Array(Schema.String)),
  anomalies: Schema.optionalKey(Schema.Record(Schema.String, Schema.Array(Schema.Unknown))),
  not: Schema.optionalKey(Schema.Array(Schema.String)),
  alsoNot: Schema.optionalKey(Schema.Array(Schema.String)),
  error: Schema.optionalKey(Schema.Unknown)
})
export interface Results extends Schema.Schema.Type<typeof Results> {}

/**
 * What to check for.
 *
 * - `consistencyModels`: what the system promises; see `elle/ConsistencyModel.ts` for the names. An unknown one is a
 *   `RangeError`.
 * - `anomalies`: further anomalies that it must not show. None by default.
 * - `writesFollowReads`, `sequentialKeys`, `linearizableKeys`: what tells the order of versions; see
 *   `elle/VersionOrder.ts`. Only the first is set by default, as in Maelstrom.
 * - `concurrency`, `nodeCount`: which node a client talks to. If absent, nothing is taken to be seen through one node.
 */
export interface TxnRwRegisterOptions extends Partial<ClientBinding> {
  readonly consistencyModels: ReadonlyArray<ConsistencyModelName>
  readonly anomalies?: ReadonlyArray<AnomalyName>
  readonly writesFollowReads?: boolean
  readonly sequentialKeys?: boolean
  readonly linearizableKeys?: boolean
}

/**
 * Whether the transactions satisfy the consistency models.
 *
 * Two committed transactions that wrote the same value, if somebody read it, leave Elle without a verdict
 * (`"unknown"`), and so the history is not valid.
 *
 * For the warnings see `Strict.ts`.
 */
export const check = (history: History, options: TxnRwRegisterOptions): Verdict.Verdict<Results> => {
  const transactions = transactionHistory(history)
  const { ambiguous } = writersOf(transactions)
  const readers = readersOf(transactions)
  const unclear = ambiguous.find(({ key, value }) => readers.get(key)?.has(value) === true)
  const forbidden = new Set<AnomalyName>([
    ...forbiddenAnomalies(options.consistencyModels),
    ...specialCases(options.anomalies ?? []),
    "empty-transaction-graph"
  ])
  const binding = bindingOf(options)
  const overlooked = [
    ...Strict.warnings(transactions, forbidden, binding),
    ...(binding === undefined ? [] : unansweredFinalReads(history, binding))
  ]
  if (unclear !== undefined) {
    const anomaly = explainAmbiguousVersion(transactions, unclear)
    return Verdict.make({ validity: "unknown", error: anomaly.message }, { anomalies: [anomaly], warnings: overlooked })
  }
  const asMaelstrom = {
    accesses: externalAccesses,
    writesFollowReads: options.writesFollowReads ?? true,
    sequentialKeys: options.sequentialKeys ?? false,
    linearizableKeys: options.linearizableKeys ?? false
  }
  const promised = visibilityPromised(options.consistencyModels)
  const { byAnomaly, reported } = casesOf(transactions, forbidden, asMaelstrom, promised)
  if (reported.length === 0) {
    const warnings = [...overlooked, ...further(transactions, forbidden, options.consistencyModels, overlooked)]
    return Verdict.make({ validity: true, anomalyTypes: [], anomalies: {} }, { warnings })
  }
  const types = reported.map(([type]) => type)
  const { not, alsoNot } = boundary(byAnomaly.keys())
  return Verdict.make(
    {
      validity: false,
      anomalyTypes: types,
      anomalies: Object.fromEntries(reported.map(([type, ofType]) => [type, ofType.map(({ record }) => record)])),
      not,
      alsoNot
    },
    { anomalies: reported.flatMap(([, ofType]) => explained(ofType)), warnings: overlooked }
  )
}

const casesOf = (
  history: TransactionHistory,
  forbidden: ReadonlySet<AnomalyName>,
  options: VersionOrderOptions,
  visibility: ReadonlySet<AnomalyName>
): {
  readonly byAnomaly: ReadonlyMap<AnomalyName, ReadonlyArray<AnomalyCase>>
  /** What is forbidden of it, in the order of its names. */
  readonly reported: ReadonlyArray<readonly [AnomalyName, ReadonlyArray<AnomalyCase>]>
} => {
  const { accesses } = options
  const versions = versionOrder(history, options)
  const { writers } = writersOf(history, accesses)
  const order = additionalOrder(forbidden)
  const cases = [
    ...anomaliesOf({ history, accesses, versions: versions.graphs, writers, order }, versions.cyclic),
    ...visibilityAnomalies(history, visibility)
  ]
  const byAnomaly = Map.groupBy(cases, ({ anomaly }) => anomaly)
  const types = withoutRedundant([...byAnomaly.keys()].filter((anomaly) => forbidden.has(anomaly))).toSorted()
  return { byAnomaly, reported: types.map((type) => [type, byAnomaly.get(type) ?? []]) }
}

/** What more there is if everything that can be inferred is, and nothing of it is known yet. */
const further = (
  history: TransactionHistory,
  forbidden: ReadonlySet<AnomalyName>,
  models: ReadonlyArray<ConsistencyModelName>,
  overlooked: ReadonlyArray<Anomaly>
): ReadonlyArray<Anomaly> => {
  const known = new Set(overlooked.map(({ name }) => name))
  const promised = visibilityPromised(models)
  const visibility = new Set([...forbidden].filter((anomaly) => !promised.has(anomaly)))
  // A transaction that contradicts itself tells no order.
  return known.has("internal")
    ? []
    : casesOf(history, forbidden, inferringAll(models), visibility)
        .reported.flatMap(([, ofType]) => explained(ofType).map(withUsualName))
        .filter(({ name }) => !known.has(name))
}

/**
 * The order of versions from all that a transaction sees and does, and from that of transactions where the models
 * promise it: snapshots that keep the order of a session, or real time, show the versions of each key in that order.
 */
const inferringAll = (models: ReadonlyArray<ConsistencyModelName>): VersionOrderOptions => {
  const promised = weakerModels(models)
  return {
    accesses: allAccesses,
    writesFollowReads: true,
    sequentialKeys: promised.has("strong-session-snapshot-isolation"),
    linearizableKeys: promised.has("strong-snapshot-isolation")
  }
}

const bindingOf = ({ concurrency, nodeCount, ...options }: TxnRwRegisterOptions): ClientBinding | undefined =>
  concurrency === undefined || nodeCount === undefined ? undefined : { ...options, concurrency, nodeCount }

const additionalOrder = (forbidden: ReadonlySet<AnomalyName>): AdditionalOrder => {
  const names = [...forbidden]
  if (names.some((anomaly) => anomaly.endsWith("-realtime"))) {
    return "realtime"
  }
  return names.some((anomaly) => anomaly.endsWith("-process")) ? "process" : "none"
}

// That some cycle exists says nothing new where a named anomaly rules out the same model.
const withoutRedundant = (types: ReadonlyArray<AnomalyName>): ReadonlyArray<AnomalyName> => {
  const unnamed = new Map<AnomalyName, CanonicalModelName>(acyclicParts.map(({ model }) => [nameOf(model), model]))
  const impossible = impossibleModels(types.filter((type) => !unnamed.has(type)))
  return types.filter((type) => {
    const model = unnamed.get(type)
    return model === undefined || !impossible.has(model)
  })
}

// A cycle of nothing but overwritten writes is a G0 (Adya), though Elle prefers to explain it by the reads among them.
const withUsualName = (anomaly: Anomaly): Anomaly =>
  anomaly.name === "PL-1-cycle-exists" ? { ...anomaly, name: "G0" } : anomaly

// The smallest case, in words.
const explained = (cases: ReadonlyArray<AnomalyCase>): ReadonlyArray<Anomaly> =>
  cases
    .toSorted((left, right) => left.size - right.size)
    .slice(0, 1)
    .map((smallest) => smallest.explain())
