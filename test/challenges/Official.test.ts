import { assert, describe, it } from "@effect/vitest"
import { type Flags, flagArguments, official } from "../../src/challenges/Official.ts"

/** What the challenges are run with, as their pages give it. */
const commands: { readonly [id in keyof typeof official]: string } = {
  "1": "-w echo --node-count 1 --time-limit 10",
  "2": "-w unique-ids --time-limit 30 --rate 1000 --node-count 3 --availability total --nemesis partition",
  "3a": "-w broadcast --node-count 1 --time-limit 20 --rate 10",
  "3b": "-w broadcast --node-count 5 --time-limit 20 --rate 10",
  "3c": "-w broadcast --node-count 5 --time-limit 20 --rate 10 --nemesis partition",
  "3d": "-w broadcast --node-count 25 --time-limit 20 --rate 100 --latency 100",
  "3e": "-w broadcast --node-count 25 --time-limit 20 --rate 100 --latency 100",
  "4": "-w g-counter --node-count 3 --rate 100 --time-limit 20 --nemesis partition",
  "5a": "-w kafka --node-count 1 --concurrency 2n --time-limit 20 --rate 1000",
  "5b": "-w kafka --node-count 2 --concurrency 2n --time-limit 20 --rate 1000",
  "5c": "-w kafka --node-count 2 --concurrency 2n --time-limit 20 --rate 1000",
  "6a":
    "-w txn-rw-register --node-count 1 --time-limit 20 --rate 1000 --concurrency 2n " +
    "--consistency-models read-uncommitted --availability total",
  "6b":
    "-w txn-rw-register --node-count 2 --concurrency 2n --time-limit 20 --rate 1000 " +
    "--consistency-models read-uncommitted --availability total --nemesis partition",
  "6c":
    "-w txn-rw-register --node-count 2 --concurrency 2n --time-limit 20 --rate 1000 " +
    "--consistency-models read-committed --availability total --nemesis partition"
}

/** Flags with their values, in no order. */
const flagSet = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  assert.strictEqual(words.length % 2, 0)
  return words.flatMap((word, i) => (i % 2 === 0 ? [`${word} ${words[i + 1]}`] : [])).toSorted()
}

describe("official", () => {
  it("has all fourteen challenges", () => {
    assert.deepStrictEqual(Object.keys(official).toSorted(), Object.keys(commands).toSorted())
    assert.lengthOf(Object.keys(official), 14)
  })

  for (const [id, { flags, workload }] of Object.entries(official)) {
    it(`runs ${id} with its official flags`, () => {
      assert.deepStrictEqual(
        flagSet(["-w", workload, ...flagArguments(flags as Flags)]),
        flagSet(commands[id as keyof typeof official].split(" "))
      )
    })
  }

  it("limits messages and latency of 3d and 3e, and of no other", () => {
    assert.deepStrictEqual(
      Object.entries(official).flatMap(([id, challenge]) => ("limits" in challenge ? [[id, challenge.limits]] : [])),
      [
        ["3d", { serverMessagesPerOperation: 30, medianLatencyMillis: 400, maximumLatencyMillis: 600 }],
        ["3e", { serverMessagesPerOperation: 20, medianLatencyMillis: 1000, maximumLatencyMillis: 2000 }]
      ]
    )
  })
})
