/**
 * Evidence: the smallest proof of each kind of anomaly, with the faults that were in force meanwhile and the messages
 * that went between the nodes concerned.
 */
import { Schema } from "effect"
import { Anomaly } from "../checkers/Verdict.ts"
import { type ClientBinding, nodeName } from "../history/ClientBinding.ts"
import { type Call, type ClientOperation, isClientOperation, pairs } from "../history/History.ts"
import type { History, Operation } from "../history/Operation.ts"
import type { Journal } from "../network/Journal.ts"
import * as FaultsInForce from "../nemesis/FaultsInForce.ts"
import * as Transfers from "./Transfers.ts"

/**
 * The proof of one kind of anomaly.
 *
 * - `count`: how many anomalies of this kind there are. This is the one with the fewest operations.
 * - `faults`: what was in force at some time from the begin of the first operation to the end of the last, or before,
 *   if all are of the final phase. It may or may not be the cause. Those that struck a node concerned go first where
 *   there are many. Absent where there was none.
 * - `faultsLeftOut`: how many more there were.
 * - `messages`: what went over the network meanwhile, see `Transfers`.
 * - `messagesLeftOut`: how many more messages there were.
 */
export const Evidence = Schema.Struct({
  ...Anomaly.fields,
  count: Schema.Int,
  faults: Schema.optionalKey(Schema.Array(FaultsInForce.FaultInForce)),
  faultsLeftOut: Schema.optionalKey(Schema.Int),
  messages: Schema.Array(Transfers.Transfer),
  messagesLeftOut: Schema.Int
})
export interface Evidence extends Schema.Schema.Type<typeof Evidence> {}

/** The test that the anomalies are from. Of a history that was saved nobody knows the messages. */
export interface Setting extends ClientBinding {
  readonly history: History
  readonly journal?: Journal
  /** The journal's time at which the history begins. */
  readonly originNanos?: number
  /** The type of the request that nodes are prepared with besides `init`, which is of no operation. */
  readonly setup?: string | undefined
}

/** The most faults that are told of one proof. */
const faultLimit = 6

/** The most operations between which messages are shown. */
const operationLimit = 10

/** The smallest proof of every kind of anomaly. */
export const select = (anomalies: ReadonlyArray<Anomaly>, setting: Setting): ReadonlyArray<Evidence> => {
  if (anomalies.length === 0) {
    return []
  }
  const { history, journal, originNanos = 0 } = setting
  const counterparts = pairs(history)
  const faultsIn = FaultsInForce.make(history)

  const proofOf = (alike: ReadonlyArray<Anomaly>): Evidence => {
    const smallest = alike.reduce((least, next) => (next.operations.length < least.operations.length ? next : least))
    const operations = smallest.operations.filter(isClientOperation)
    const calls = callsOf(operations, counterparts)
    const span = spanOf(calls)
    const nodes = new Set(operations.map((operation) => nodeName(operation, setting)))
    // A single operation is a proof alone, and the messages between many tell nothing.
    const isTold = operations.length > 1 && operations.length <= operationLimit
    return {
      ...smallest,
      count: alike.length,
      ...(calls.length > 0 && mostRelevant(faultsIn({ ...sinceWhen(operations, span), nodes }), nodes)),
      ...(isTold && journal !== undefined
        ? Transfers.select(calls, span, { ...setting, journal, originNanos })
        : { messages: [], messagesLeftOut: 0 })
    }
  }
  return [...Map.groupBy(anomalies, ({ name }) => name).values()].map(proofOf)
}

const callsOf = (
  operations: ReadonlyArray<ClientOperation>,
  counterparts: ReadonlyMap<Operation, ClientOperation>
): ReadonlyArray<Partial<Call>> => {
  const calls = new Map<ClientOperation, Partial<Call>>()
  for (const operation of operations) {
    const other = counterparts.get(operation)
    const [invocation, completion] = operation.type === "invoke" ? [operation, other] : [other, operation]
    calls.set(invocation ?? operation, { ...(invocation && { invocation }), completion })
  }
  return [...calls.values()]
}

const spanOf = (calls: ReadonlyArray<Partial<Call>>): Transfers.Span => {
  const times = calls.flatMap(({ completion, invocation }) =>
    [invocation, completion].flatMap((operation) => operation?.time ?? [])
  )
  return { from: Math.min(...times), to: Math.max(...times) }
}

/** By the final phase all faults are healed: what it shows to be wrong may have happened at any time before. */
const sinceWhen = (operations: ReadonlyArray<ClientOperation>, span: Transfers.Span): Transfers.Span =>
  operations.every(({ final }) => final === true) ? { ...span, from: Number.NEGATIVE_INFINITY } : span

const mostRelevant = (
  faults: ReadonlyArray<FaultsInForce.FaultInForce>,
  nodes: ReadonlySet<string>
): Pick<Evidence, "faults" | "faultsLeftOut"> => {
  const concerns = (fault: FaultsInForce.FaultInForce) =>
    fault.nodes.length === 0 || fault.nodes.some((node) => nodes.has(node))
  const shown = [...faults.filter(concerns), ...faults.filter((fault) => !concerns(fault))]
    .slice(0, faultLimit)
    .toSorted((left, right) => left.from - right.from)
  return faults.length === 0 ? {} : { faults: shown, faultsLeftOut: faults.length - shown.length }
}
