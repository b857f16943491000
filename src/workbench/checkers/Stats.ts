/**
 * Counts operations by function and outcome.
 */
import { Schema } from "effect"
import type { History } from "../history/Operation.ts"
import { completions, type ClientOperation } from "../history/History.ts"
import * as JepsenKeys from "../json/JepsenKeys.ts"
import { Validity } from "./Validity.ts"
import * as Verdict from "./Verdict.ts"

const countFields = {
  validity: Validity,
  count: Schema.Int,
  okCount: Schema.Int,
  failCount: Schema.Int,
  infoCount: Schema.Int
}

/** How many operations ended how, in all and by function. */
export const Results = JepsenKeys.struct({
  ...countFields,
  byF: Schema.Record(Schema.String, JepsenKeys.struct(countFields))
})
export interface Results extends Schema.Schema.Type<typeof Results> {}

/**
 * Counts completions, in all and by function.
 *
 * A history is valid if every function succeeded at least once: a function that never does was not tested. Those that
 * `neverSucceed` by their nature do not count here.
 *
 * After `jepsen.checker/stats`, as wrapped by `jepsen.tests.kafka/stats-checker`.
 */
export const check = (history: History, neverSucceed: ReadonlyArray<string> = []): Verdict.Verdict<Results> => {
  const ended = completions(history)
  const byFunction = Map.groupBy(ended, (operation) => operation.f)
  const functions = [...byFunction.keys()].toSorted()
  const futile = functions.filter((f) => !neverSucceed.includes(f) && !succeeded(byFunction.get(f) ?? []))
  return Verdict.make(
    {
      ...counts(ended),
      validity: futile.length === 0,
      byF: Object.fromEntries(functions.map((f) => [f, counts(byFunction.get(f) ?? [])]))
    },
    {
      anomalies: futile.map((f) => ({
        name: "never-succeeded",
        message: `No ${f} operation succeeded.`,
        operations: byFunction.get(f) ?? []
      }))
    }
  )
}

const succeeded = (operations: ReadonlyArray<ClientOperation>): boolean =>
  operations.some((operation) => operation.type === "ok")

const counts = (operations: ReadonlyArray<ClientOperation>) => {
  const count = { ok: 0, fail: 0, info: 0, invoke: 0 }
  for (const operation of operations) {
    count[operation.type]++
  }
  return {
    validity: count.ok > 0,
    count: operations.length,
    okCount: count.ok,
    failCount: count.fail,
    infoCount: count.info
  }
}
