import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as LogTotals from "../../../src/challenges/counter/LogTotals.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"

const log = (node: number, incarnation = 1) => ({ node: NodeId.make(`n${node}`), incarnation })

const Addition = Schema.Struct({
  node: Schema.Literals([0, 1]),
  incarnation: Schema.Literals([1, 2]),
  delta: Schema.Int.check(Schema.isBetween({ minimum: -9, maximum: 9 }))
})

describe("LogTotals", () => {
  it("keeps a total for each incarnation of a node, and sums them up", () => {
    const totals = LogTotals.make()
    totals.add(log(0), (total) => total + 5n)
    totals.add(log(0), (total) => total + 2n)
    totals.add(log(0, 2), () => 1n)
    totals.add(log(1), () => 10n)
    assert.deepStrictEqual([totals.of(log(0)), totals.of(log(0, 2)), totals.of(log(2))], [7n, 1n, 0n])
    assert.strictEqual(totals.sum(), 18n)
  })

  it("tells a newer total from a greater one", () => {
    const [old, now] = [LogTotals.make(), LogTotals.make()]
    for (const totals of [old, now]) {
      totals.add(log(0), () => 9n)
    }
    now.add(log(0), () => 4n)
    now.merge(old.take())
    assert.strictEqual(now.sum(), 4n)
    old.merge(now.take())
    assert.strictEqual(old.sum(), 4n)
  })

  it.effect.prop(
    "sums up what either of two knows, however often they merge, beyond what JSON's numbers hold",
    [Schema.Array(Addition), Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 }))],
    ([additions, behind]) =>
      Effect.sync(() => {
        const [ahead, late] = [LogTotals.make(), LogTotals.make()]
        const element = Schema.Array(ahead.element)
        const take = (totals: LogTotals.LogTotals) =>
          Schema.decodeSync(element)(Schema.encodeSync(element)(totals.take()))
        let sum = 0n
        for (const [index, { delta, incarnation, node }] of additions.entries()) {
          const large = BigInt(delta) * 2n ** 60n
          sum += large
          for (const totals of index < additions.length - behind ? [ahead, late] : [ahead]) {
            totals.add(log(node, incarnation), (total) => total + large)
          }
        }
        late.merge(take(ahead))
        ahead.merge(take(late))
        late.merge(take(ahead))
        assert.deepStrictEqual([ahead.sum(), late.sum()], [sum, sum])
      })
  )
})
