import { assert, describe, it } from "@effect/vitest"
import type { History } from "../../../../src/workbench/history/Operation.ts"
import { check } from "../../../../src/workbench/workloads/txn-rw-register/Checker.ts"
import { indices, registerHistory } from "../../elle/registerHistory.ts"

const binding = { concurrency: 4, nodeCount: 2 }

/** Transactions, and then final ones: processes 0 and 1 are clients of n0 and n1. */
const ending = (transactions: ReadonlyArray<string>, reads: ReadonlyArray<string>): History => {
  const main = registerHistory(...transactions)
  return registerHistory(...transactions, ...reads).map((operation, index) =>
    Object.assign({}, operation, index < main.length ? {} : { final: true })
  )
}

const judged = (history: History) => {
  const { validity, warnings } = check(history, { consistencyModels: ["read-uncommitted"], ...binding })
  assert.isTrue(validity)
  return warnings
}

const found = (transactions: ReadonlyArray<string>, reads: ReadonlyArray<string>) =>
  judged(ending(transactions, reads)).map(({ name, operations }) => [name, indices(operations)])

const heard = ["0 runs w x 1", "1 runs r x 1, w y 1", "0 runs r y 1"]

describe("final reads of registers", () => {
  it("are right if all nodes say the same", () => {
    assert.deepStrictEqual(found([...heard, "0 runs w x 2"], ["0 runs r x 2, r y 1", "1 runs r x 2, r y 1"]), [])
  })

  it("may show that nodes never come to agree", () => {
    const history = ending(
      [...heard, "0 runs w x 2", "1 runs w x 3"],
      ["0 runs r x 2", "1 runs r x 3", "0 runs r y 1", "1 runs r y 1"]
    )
    const [warning, ...others] = judged(history)
    assert.deepStrictEqual(others, [])
    assert.deepInclude(warning, {
      name: "final-reads-disagree",
      message: "The final reads disagree on 1 of 2 keys: of key x, n0 says 2, n1 says 3."
    })
    assert.deepStrictEqual(indices(warning!.operations), [11, 13])
  })

  it("may show a node that never hears of what others write", () => {
    const transactions = ["0 runs w x 1", "1 runs w y 1", "0 runs r y 1"]
    const history = ending(transactions, ["0 runs r x 1, r y 1", "1 runs r x _, r y 1"])
    const warnings = judged(history)
    assert.deepStrictEqual(
      warnings.map(({ name, operations }) => [name, indices(operations)]),
      [
        ["final-reads-disagree", [7, 9]],
        ["unheard-writes", [1, 9]]
      ]
    )
    assert.strictEqual(
      warnings[1]?.message,
      "No read at n1 ever showed what another node wrote: T1 (entry 1) wrote key x = 1 at n0, and in the end " +
        "T2 (entry 9) read null there."
    )
  })

  it("say nothing of a node whose writes came last", () => {
    assert.deepStrictEqual(found(["0 runs w x 1", "1 runs w x 2"], ["0 runs r x 2", "1 runs r x 2"]), [])
  })

  it("are missing where a node does not answer", () => {
    const [warning] = judged(ending(["0 runs w x 1"], ["1 begins r x", "1 crashes r x", "0 runs r x 1"]))
    assert.deepInclude(warning, { name: "unanswered-final-read", message: "The final read of n1 did not succeed." })
  })

  it("are not what is read before the end", () => {
    assert.deepStrictEqual(judged(registerHistory(...heard, "0 runs w x 2", "1 runs r x 1", "0 runs r x 2")), [])
  })
})
