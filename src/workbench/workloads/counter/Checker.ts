/**
 * Checks the counter workloads: every final read must be a sum of what was added.
 */
import { Schema } from "effect"
import { nodeName } from "../../history/ClientBinding.ts"
import { type ClientOperation, clientOperations } from "../../history/History.ts"
import type { History } from "../../history/Operation.ts"
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import * as Strict from "./Strict.ts"
import { Validity } from "../../checkers/Validity.ts"
import { isFinalRead } from "../../checkers/FinalReads.ts"
import * as IntegerRanges from "./IntegerRanges.ts"
import { JepsenOperation } from "../../checkers/JepsenOperation.ts"
import * as JepsenKeys from "../../json/JepsenKeys.ts"
import { canonical } from "../../json/JsonValue.ts"
import * as Verdict from "../../checkers/Verdict.ts"

/** `acceptable`: the sums that are right, as ranges with both ends included. */
export const Results = JepsenKeys.struct({
  validity: Validity,
  errors: Schema.NullOr(Schema.Array(JepsenOperation)),
  finalReads: Schema.Array(Schema.Unknown),
  acceptable: Schema.Array(Schema.Tuple([Schema.Number, Schema.Number]))
})
export interface Results extends Schema.Schema.Type<typeof Results> {}

/**
 * Every final read must be the sum of all acknowledged additions and any of those with unknown outcome.
 *
 * After Maelstrom's `workload/pn_counter.clj`. For the warnings see `Strict.ts`.
 */
export const check = (history: History, options: CheckOptions): Verdict.Verdict<Results> => {
  const operations = clientOperations(history)
  const acceptable = possibleSums(operations)
  const finalReads = operations.filter(isFinalRead)
  const errors = finalReads.filter(({ value }) => !IntegerRanges.contains(acceptable, value))
  return Verdict.make(
    {
      validity: errors.length === 0,
      errors: errors.length === 0 ? null : errors,
      finalReads: finalReads.map(({ value }) => value),
      acceptable
    },
    {
      anomalies: errors.map((read) => unacceptable(read, acceptable, options)),
      warnings: Strict.warnings(history, new Set(errors), options)
    }
  )
}

const possibleSums = (operations: ReadonlyArray<ClientOperation>): IntegerRanges.IntegerRanges => {
  const acknowledged = operations.filter(({ type }) => type === "ok").reduce((sum, add) => sum + Strict.deltaOf(add), 0)
  return operations
    .filter(({ type }) => type === "info")
    .reduce((sums, add) => IntegerRanges.withShifted(sums, Strict.deltaOf(add)), IntegerRanges.of(acknowledged))
}

// The proof is all additions together; the read alone says what is wrong with them.
const unacceptable = (
  read: ClientOperation,
  acceptable: IntegerRanges.IntegerRanges,
  options: CheckOptions
): Verdict.Anomaly => ({
  name: "final-read-unacceptable",
  message: `The final read of ${nodeName(read, options)} is ${canonical(read.value)}, where ${described(acceptable)} is right.`,
  operations: [read]
})

const described = (ranges: IntegerRanges.IntegerRanges): string =>
  ranges.map(([lower, upper]) => (lower === upper ? `${lower}` : `${lower} to ${upper}`)).join(" or ")
