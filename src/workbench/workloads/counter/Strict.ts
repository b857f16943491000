/**
 * Bugs of counters that the acceptable sums do not show.
 */
import { Predicate } from "effect"
import { nodeName } from "../../history/ClientBinding.ts"
import { type ClientOperation, clientOperations, invocations, pairs } from "../../history/History.ts"
import type { History, Operation } from "../../history/Operation.ts"
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import { isFinalRead, unansweredFinalReads } from "../../checkers/FinalReads.ts"
import * as IntegerRanges from "./IntegerRanges.ts"
import { canonical } from "../../json/JsonValue.ts"
import type { Anomaly } from "../../checkers/Verdict.ts"

/**
 * - `impossible-read`: a value that no selection of the additions begun so far sums up to.
 * - `went-back`: a node whose counter only grows returns less than it did before.
 * - `final-reads-disagree`: final reads that are acceptable, but not the same.
 * - `unanswered-final-read`: a final read that did not succeed.
 *
 * Reads in `known`, of which the verdict already says that they are wrong, are not reported again.
 */
export const warnings = (
  history: History,
  known: ReadonlySet<ClientOperation>,
  options: CheckOptions
): ReadonlyArray<Anomaly> => {
  const onlyGrows = invocations(history).every((operation) => deltaOf(operation) >= 0)
  return [
    ...impossibleReads(history, known, options),
    ...(onlyGrows ? setbacks(history, known, options) : []),
    ...disagreements(history, known, options),
    ...unansweredFinalReads(history, options)
  ]
}

/** What an operation adds to the counter; nothing if it is not an addition. */
export const deltaOf = ({ f, value }: ClientOperation): number => (f === "add" && Predicate.isNumber(value) ? value : 0)

/** More ranges than this are taken for one, which can only hide a bug, so that odd additions cost no time. */
const rangeLimit = 1000

const impossibleReads = (
  history: History,
  known: ReadonlySet<ClientOperation>,
  options: CheckOptions
): ReadonlyArray<Anomaly> => {
  const counterparts = pairs(history)
  const found: Array<Anomaly> = []
  let possible = IntegerRanges.of(0)
  for (const operation of clientOperations(history)) {
    if (operation.type === "invoke" && counterparts.get(operation)?.type !== "fail") {
      possible = coarsened(IntegerRanges.withShifted(possible, deltaOf(operation)))
    } else if (operation.f === "read" && operation.type === "ok" && !known.has(operation)) {
      if (!IntegerRanges.contains(possible, operation.value)) {
        const message = `${nodeName(operation, options)} returned ${canonical(operation.value)}, which no additions begun until then sum up to.`
        found.push({ name: "impossible-read", message, operations: [operation] })
      }
    }
  }
  return found
}

const coarsened = (ranges: IntegerRanges.IntegerRanges): IntegerRanges.IntegerRanges => {
  const [first, last] = [ranges[0], ranges.at(-1)]
  return ranges.length > rangeLimit && first !== undefined && last !== undefined ? [[first[0], last[1]]] : ranges
}

// A read that began after another had ended must not return less, whatever the two returned in between.
const setbacks = (
  history: History,
  known: ReadonlySet<ClientOperation>,
  options: CheckOptions
): ReadonlyArray<Anomaly> => {
  const counterparts = pairs(history)
  const greatest = new Map<string, NumericRead>()
  const before = new Map<Operation, NumericRead>()
  const found = new Map<NumericRead, Anomaly>()
  for (const operation of clientOperations(history).filter(({ f }) => f === "read")) {
    const node = nodeName(operation, options)
    const highest = greatest.get(node)
    if (operation.type === "invoke" && highest !== undefined) {
      before.set(operation, highest)
    }
    if (!isNumericRead(operation) || known.has(operation)) {
      continue
    }
    const invocation = counterparts.get(operation)
    const earlier = invocation && before.get(invocation)
    if (invocation !== undefined && earlier !== undefined && operation.value < earlier.value && !found.has(earlier)) {
      found.set(earlier, {
        name: "went-back",
        message: `${node} returned ${operation.value} after it had returned ${earlier.value}, though nothing was subtracted.`,
        operations: [earlier, invocation, operation]
      })
    }
    if (highest === undefined || operation.value > highest.value) {
      greatest.set(node, operation)
    }
  }
  return [...found.values()]
}

type NumericRead = ClientOperation & { readonly value: number }

const isNumericRead = (operation: ClientOperation): operation is NumericRead =>
  operation.f === "read" && operation.type === "ok" && Predicate.isNumber(operation.value)

const disagreements = (
  history: History,
  known: ReadonlySet<ClientOperation>,
  options: CheckOptions
): ReadonlyArray<Anomaly> => {
  const reads = clientOperations(history).filter((operation) => isFinalRead(operation) && !known.has(operation))
  const byValue = [...Map.groupBy(reads, ({ value }) => canonical(value)).values()]
  const operations = byValue.flatMap((equal) => equal.slice(0, 1))
  const said = operations.map((read) => `${nodeName(read, options)} says ${canonical(read.value)}`)
  return operations.length < 2
    ? []
    : [{ name: "final-reads-disagree", message: `The final reads disagree: ${said.join(", ")}.`, operations }]
}
