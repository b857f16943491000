import { assert, describe, it } from "@effect/vitest"
import * as Latency from "../../../src/workbench/checkers/Latency.ts"
import { quantiles } from "../../../src/workbench/checkers/Quantiles.ts"
import { tinyHistory } from "../history/tinyHistory.ts"

const distribution = (latency: number) => ({
  minimum: latency,
  median: latency,
  p95: latency,
  p99: latency,
  maximum: latency
})

describe("Latency", () => {
  it("gives latencies in milliseconds and rates per second, by function, outcome and time", () => {
    const history = tinyHistory(
      [0, "invoke", "read"],
      [0, "ok", "read"],
      [1, "invoke", "read"],
      ["nemesis", "info", "start"],
      [1, "info", "read"],
      [2, "invoke", "add"]
    )
    assert.deepStrictEqual(Latency.check(history, { latency: 2, rate: 4 }).results, {
      validity: true,
      latencyGraph: {
        validity: true,
        byF: {
          read: {
            outcomes: { ok: distribution(1000), info: distribution(2000) },
            windows: [
              [1, distribution(1000)],
              [3, distribution(2000)]
            ]
          }
        }
      },
      rateGraph: {
        validity: true,
        byF: {
          read: { ok: [[2, 0.25]], info: [[6, 0.25]] }
        }
      }
    })
  })
})

describe("quantiles", () => {
  it("are values of the sample at the nearest rank", () => {
    const sample = [9, 1, 8, 2, 7, 3, 6, 4, 5, 10]
    assert.deepStrictEqual(quantiles(sample), { minimum: 1, median: 6, p95: 10, p99: 10, maximum: 10 })
  })
})
