/**
 * How many operations ended in which way.
 */
import type { History } from "../history/Operation.ts"
import { completions, type ClientOperation } from "../history/History.ts"
import type { Verdict } from "./Verdict.ts"

/**
 * Counts completions, in all and by function.
 *
 * A history is valid if every function succeeded at least once: a function that never does was not tested. Crashes
 * (`crash`) and requests for debug information (`debug-topic-partitions`) never succeed and do not count here.
 *
 * After `jepsen.checker/stats`, as wrapped by `jepsen.tests.kafka/stats-checker`.
 */
export const check = (history: History): Verdict => {
  const ended = completions(history)
  const byFunction = Map.groupBy(ended, (operation) => operation.f)
  const functions = [...byFunction.keys()].toSorted()
  const futile = functions.filter((f) => !neverSucceed.has(f) && !succeeded(byFunction.get(f) ?? []))
  return {
    valid: futile.length === 0,
    results: {
      ...counts(ended),
      "valid?": futile.length === 0,
      "by-f": Object.fromEntries(functions.map((f) => [f, counts(byFunction.get(f) ?? [])]))
    },
    anomalies: futile.map((f) => ({
      name: "never-succeeded",
      message: `No ${f} operation succeeded.`,
      operations: byFunction.get(f) ?? []
    })),
    warnings: []
  }
}

const neverSucceed: ReadonlySet<string> = new Set(["crash", "debug-topic-partitions"])

const succeeded = (operations: ReadonlyArray<ClientOperation>): boolean =>
  operations.some((operation) => operation.type === "ok")

const counts = (operations: ReadonlyArray<ClientOperation>) => {
  const count = { ok: 0, fail: 0, info: 0, invoke: 0 }
  for (const operation of operations) {
    count[operation.type]++
  }
  return {
    "valid?": count.ok > 0,
    count: operations.length,
    "ok-count": count.ok,
    "fail-count": count.fail,
    "info-count": count.info
  }
}
