import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { frontier } from "../../../src/cli/compare/ParetoFrontier.ts"

const point = (messages: number, latency: number) => ({ messages, latency })

const Points = Schema.Array(
  Schema.Struct({
    messages: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 })),
    latency: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))
  })
)

describe("ParetoFrontier", () => {
  it("has those that are best in one figure, and what lies between them", () => {
    const [frugal, fast, between] = [point(1, 400), point(12, 90), point(3, 200)]
    assert.deepStrictEqual(frontier([point(24, 380), frugal, fast, point(12, 91), between]), [frugal, fast, between])
  })

  it("has one alone, and none of none", () => {
    assert.deepStrictEqual(frontier([point(5, 5)]), [point(5, 5)])
    assert.deepStrictEqual(frontier([]), [])
  })

  it("has both of two that are the same, and only the better of two that are the same in one figure", () => {
    assert.deepStrictEqual(frontier([point(1, 2), point(1, 2)]), [point(1, 2), point(1, 2)])
    assert.deepStrictEqual(frontier([point(1, 3), point(1, 2), point(2, 2)]), [point(1, 2)])
  })

  it.effect.prop(
    "gets better in one figure as it gets worse in the other, and leaves out what is beaten",
    [Points],
    ([points]) =>
      Effect.sync(() => {
        const best = frontier(points)
        const sorted = best.toSorted((a, b) => a.messages - b.messages || a.latency - b.latency)
        for (const [index, next] of sorted.entries()) {
          const last = sorted[index - 1]
          const same = last?.messages === next.messages && last.latency === next.latency
          if (last !== undefined && !same) {
            assert.isBelow(next.latency, last.latency)
          }
        }
        for (const left of points.filter((point) => !best.includes(point))) {
          assert.isTrue(best.some(({ latency, messages }) => messages <= left.messages && latency <= left.latency))
        }
      })
  )
})
