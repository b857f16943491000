/**
 * The checker of the counter workloads, g-counter and pn-counter.
 */
import { nodeName } from "../../history/ClientBinding.ts"
import { type ClientOperation, clientOperations } from "../../history/History.ts"
import type { History } from "../../history/Operation.ts"
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import { counterWarnings, deltaOf } from "./Strict.ts"
import { isFinalRead } from "../../checkers/FinalReads.ts"
import * as IntegerRanges from "./IntegerRanges.ts"
import { jepsenOperation } from "../../checkers/JepsenOperation.ts"
import { canonical } from "../../json/JsonValue.ts"
import type { Anomaly, Verdict } from "../../checkers/Verdict.ts"

/**
 * Every final read must be the sum of all acknowledged additions and any of those with unknown outcome.
 *
 * After Maelstrom's `workload/pn_counter.clj`. For what is found beyond that see `counterWarnings`.
 */
export const check = (history: History, options: CheckOptions): Verdict => {
  const operations = clientOperations(history)
  const acceptable = possibleSums(operations)
  const finalReads = operations.filter(isFinalRead)
  const errors = finalReads.filter(({ value }) => !IntegerRanges.contains(acceptable, value))
  return {
    valid: errors.length === 0,
    results: {
      "valid?": errors.length === 0,
      errors: errors.length === 0 ? null : errors.map((operation) => jepsenOperation(operation)),
      "final-reads": finalReads.map(({ value }) => value),
      acceptable
    },
    anomalies: errors.map((read) => unacceptable(read, acceptable, options)),
    warnings: counterWarnings(history, new Set(errors), options)
  }
}

const possibleSums = (operations: ReadonlyArray<ClientOperation>): IntegerRanges.IntegerRanges => {
  const acknowledged = operations.filter(({ type }) => type === "ok").reduce((sum, add) => sum + deltaOf(add), 0)
  return operations
    .filter(({ type }) => type === "info")
    .reduce((sums, add) => IntegerRanges.withShifted(sums, deltaOf(add)), IntegerRanges.of(acknowledged))
}

// The proof is all additions together; the read alone says what is wrong with them.
const unacceptable = (
  read: ClientOperation,
  acceptable: IntegerRanges.IntegerRanges,
  options: CheckOptions
): Anomaly => ({
  name: "final-read-unacceptable",
  message: `The final read of ${nodeName(read, options)} is ${canonical(read.value)}, where ${described(acceptable)} is right.`,
  operations: [read]
})

const described = (ranges: IntegerRanges.IntegerRanges): string =>
  ranges.map(([lower, upper]) => (lower === upper ? `${lower}` : `${lower} to ${upper}`)).join(" or ")
