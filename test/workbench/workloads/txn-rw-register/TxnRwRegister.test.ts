import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { NodeId } from "../../../../src/protocol/NodeId.ts"
import { TxnConflict } from "../../../../src/protocol/RpcError.ts"
import { type CompletedMicroOperation, type MicroOperation, Txn } from "../../../../src/protocol/Txn.ts"
import { check } from "../../../../src/workbench/workloads/Workloads.ts"
import { workload } from "../../../../src/workbench/workloads/txn-rw-register/TxnRwRegister.ts"
import { loadRun } from "../../history/recordedRuns.ts"
import { answering, invokeAll, run, take, testNode } from "../testRun.ts"

const registerNode = () => {
  const registers = new Map<unknown, (typeof CompletedMicroOperation.Type)[2]>()
  return testNode(
    answering(Txn.txn, ({ txn }) =>
      Effect.sync(() => ({
        txn: txn.map((operation): CompletedMicroOperation => {
          const [f, key, value] = operation
          if (f === "r") {
            return [f, key, registers.get(key) ?? null]
          }
          registers.set(key, value)
          return operation
        })
      }))
    )
  )
}

type Transactions = ReadonlyArray<ReadonlyArray<MicroOperation>>

/** What a sequence of transactions looks like as a whole. */
const figures = (transactions: Transactions) => {
  const all = transactions.flat()
  const keys = all.map(([, key]) => Number(key))
  const writes = all.filter(([f]) => f === "w")
  const windows = Array.from({ length: Math.floor(keys.length / 50) }, (_, index) =>
    keys.slice(50 * index, 50 * index + 50)
  )
  return {
    lengths: new Set(transactions.map((transaction) => transaction.length)),
    meanLength: all.length / transactions.length,
    writeShare: writes.length / all.length,
    largestValue: Math.max(...writes.map(([, , value]) => Number(value))),
    writesForNewKey: writes.length / Math.max(...keys),
    keysInWindow: windows.reduce((sum, window) => sum + new Set(window).size, 0) / windows.length
  }
}

const transactionsOf = (operations: ReadonlyArray<{ readonly value: unknown }>) =>
  operations.map(({ value }) => value as ReadonlyArray<MicroOperation>)

const longest = (maxTxnLength: number) =>
  Math.max(...transactionsOf(take(workload, 500, { maxTxnLength })).map(({ length }) => length))

describe("TxnRwRegister", () => {
  it.effect.each([
    { name: "rw-ok-strict-1", settings: { keyCount: 5 } },
    { name: "rw-ok-goA6c-1", settings: {} },
    { name: "rw-writeskew-si-1", settings: { keyCount: 4 } }
  ])("asks for transactions like those of $name", ({ name, settings }) =>
    Effect.gen(function* () {
      const { history } = yield* loadRun(name)
      const recorded = transactionsOf(history.filter(({ f, type }) => f === "txn" && type === "invoke"))
      const theirs = figures(recorded)
      const ours = figures(transactionsOf(take(workload, recorded.length, settings)))
      assert.deepStrictEqual([...ours.lengths].toSorted(), [1, 2, 3, 4])
      assert.deepStrictEqual(ours.lengths.size, theirs.lengths.size)
      assert.strictEqual(ours.largestValue, theirs.largestValue)
      assert.closeTo(ours.meanLength, theirs.meanLength, 0.2)
      assert.closeTo(ours.writeShare, theirs.writeShare, 0.05)
      assert.closeTo(ours.writesForNewKey / theirs.writesForNewKey, 1, 0.15)
      assert.closeTo(ours.keysInWindow / theirs.keysInWindow, 1, 0.1)
    })
  )

  it("keeps to the longest transaction that it is allowed", () => {
    assert.strictEqual(longest(1), 1)
    assert.strictEqual(longest(8), 8)
  })

  it.effect("completes with what the node answers", () =>
    Effect.gen(function* () {
      const { history } = yield* run({ workload, connection: registerNode().connection, operations: 500 })
      const value = [
        ["r", 1, null],
        ["w", 1, 7],
        ["r", 1, null]
      ]
      assert.deepStrictEqual(yield* invokeAll(workload, registerNode().connection, [{ f: "txn", value }]), [
        {
          type: "ok",
          value: [
            ["r", 1, null],
            ["w", 1, 7],
            ["r", 1, 7]
          ]
        }
      ])
      assert.strictEqual(history.length, 1000)
      assert.isTrue(check("txn-rw-register", history, { concurrency: 4, nodeCount: 1 }).validity)
    })
  )

  it.effect("reads all that was written at every node in the end, if asked to", () =>
    Effect.gen(function* () {
      const settings = { nodeIds: [NodeId.make("n0"), NodeId.make("n1")], finalReads: true }
      const { connection } = registerNode()
      const { final, main } = yield* run({ workload, connection, operations: 100, settings })
      const written = transactionsOf(main).flatMap((txn) => txn.flatMap(([f, key]) => (f === "w" ? [key] : [])))
      const read = transactionsOf(final.filter(({ process, type }) => type === "ok" && process === 1)).flat()
      assert.deepStrictEqual(new Set(final.map(({ process }) => process)), new Set([0, 1]))
      assert.isTrue(final.every((operation) => operation.final === true))
      assert.sameMembers(
        read.map(([, key]) => key),
        [...new Set(written)]
      )
      assert.isTrue(read.every(([f, , value]) => f === "r" && value !== null))
      assert.isAtMost(Math.max(...transactionsOf(final).map(({ length }) => length)), 4)
      assert.isEmpty((yield* run({ workload, connection, operations: 100 })).final)
    })
  )

  it.effect("gives up reading in the end where a node does not answer", () =>
    Effect.gen(function* () {
      const { connection } = testNode(answering(Txn.txn, () => Effect.fail(new TxnConflict({ text: "sorry" }))))
      const { final } = yield* run({ workload, connection, operations: 100, settings: { finalReads: true } })
      assert.strictEqual(final.length, 2)
    })
  )

  it.effect("fails when the node gives the transaction up", () =>
    Effect.gen(function* () {
      const node = testNode(answering(Txn.txn, () => Effect.fail(new TxnConflict({ text: "sorry" }))))
      assert.deepStrictEqual(yield* invokeAll(workload, node.connection, take(workload, 1)), [
        { type: "fail", error: ["txn-conflict", "sorry"] }
      ])
    })
  )
})
