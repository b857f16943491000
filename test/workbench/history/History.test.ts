import { assert, describe, it } from "@effect/vitest"
import { nodeName } from "../../../src/workbench/history/ClientBinding.ts"
import { calls, clientOperations, completions, pairs } from "../../../src/workbench/history/History.ts"
import { tinyHistory } from "./tinyHistory.ts"

const history = tinyHistory(
  [0, "invoke", "echo", "a"],
  ["nemesis", "info", "start-partition"],
  [1, "invoke", "echo", "b"],
  [1, "ok", "echo", "b"],
  [0, "info", "echo", "a"],
  ["nemesis", "info", "start-partition"],
  [2, "invoke", "echo", "c"]
)

describe("History", () => {
  it("completes an invocation by the next entry of the same process", () => {
    assert.deepStrictEqual(
      calls(history).map(({ invocation, completion }) => [invocation.index, completion?.index]),
      [
        [0, 4],
        [2, 3],
        [6, undefined]
      ]
    )
  })

  it("finds the counterpart of an entry in both directions", () => {
    const counterparts = pairs(history)
    const [invocation, completion] = [history[0]!, history[4]!]
    assert.strictEqual(counterparts.get(invocation), completion)
    assert.strictEqual(counterparts.get(completion), invocation)
    assert.isUndefined(counterparts.get(history[1]!))
  })

  it("leaves a completion without an invocation alone", () => {
    assert.strictEqual(pairs(tinyHistory([0, "ok", "echo"], [0, "invoke", "echo"])).size, 0)
    const twice = tinyHistory([0, "invoke", "echo"], [0, "ok", "echo"], [0, "ok", "echo"])
    assert.strictEqual(pairs(twice).get(twice[0]!), twice[1])
    assert.isUndefined(pairs(twice).get(twice[2]!))
  })

  it("tells clients from the nemesis", () => {
    assert.deepStrictEqual(
      clientOperations(history).map(({ index }) => index),
      [0, 2, 3, 4, 6]
    )
    assert.deepStrictEqual(
      completions(history).map(({ index }) => index),
      [3, 4]
    )
  })

  it("binds a process and its successors to the node of their thread", () => {
    const binding = { concurrency: 6, nodeCount: 3 }
    const nodes = clientOperations(tinyHistory([1, "invoke", "read"], [7, "invoke", "read"], [5, "invoke", "read"]))
    assert.deepStrictEqual(
      nodes.map((operation) => nodeName(operation, binding)),
      ["n1", "n1", "n2"]
    )
  })
})
