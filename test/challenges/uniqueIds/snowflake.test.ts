import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import { epochMillis, layer } from "../../../src/challenges/uniqueIds/snowflake.ts"
import * as TestNode from "../../services/TestNode.ts"

const nodeIds = Array.from({ length: 5 }, (_, i) => `n${i}`)

/** An id taken apart: milliseconds since the epoch, index of the node, number within the millisecond. */
const parts = (id: bigint) => ({
  millis: Number(id >> 22n),
  node: Number((id >> 12n) & 0x3ffn),
  sequence: Number(id & 0xfffn)
})

const generate = (node: TestNode.TestNode<unknown>, count: number) =>
  Effect.forEach(Array.from({ length: count }), () =>
    Effect.map(node.ask({ type: "generate" }), ({ id }) => {
      assert.match(String(id), /^\d+$/)
      assert.isString(id)
      return BigInt(String(id))
    })
  )

const increasing = (ids: ReadonlyArray<bigint>) =>
  ids.slice(1).forEach((id, i) => assert.isTrue(id > ids[i]!, `${id} after ${ids[i]}`))

/** A clock's readings: forward, standing still and back. */
const Readings = Arbitrary.schema(
  Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 }))).check(Schema.isMinLength(1))
)

describe("unique ids by snowflake", () => {
  it.effect("are made of the time, the node and a sequence", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer, { id: "n3", nodeIds })
      yield* TestClock.setTime(epochMillis + 123_456)
      const ids = yield* generate(node, 3)
      assert.deepStrictEqual(ids.map(parts), [
        { millis: 123_456, node: 3, sequence: 0 },
        { millis: 123_456, node: 3, sequence: 1 },
        { millis: 123_456, node: 3, sequence: 2 }
      ])
      yield* TestClock.setTime(epochMillis + 123_457)
      assert.deepStrictEqual((yield* generate(node, 1)).map(parts), [{ millis: 123_457, node: 3, sequence: 0 }])
    })
  )

  it.effect("fit into 63 bits until 2089", () =>
    Effect.gen(function* () {
      const last = Array.from({ length: 1024 }, (_, i) => `n${i}`)
      const node = yield* TestNode.start(layer, { id: "n1023", nodeIds: last })
      yield* TestClock.setTime(Date.UTC(2089, 0, 1))
      const [id] = yield* generate(node, 1)
      assert.isTrue(id! < 2n ** 63n)
      assert.deepStrictEqual(parts(id!), { millis: Date.UTC(2089, 0, 1) - epochMillis, node: 1023, sequence: 0 })
    })
  )

  it.effect("are refused to a node that there is no room for", () =>
    Effect.gen(function* () {
      const tooMany = Array.from({ length: 1025 }, (_, i) => `n${i}`)
      const node = yield* TestNode.run(layer, { id: "n1024", nodeIds: tooMany })
      const reply = yield* node.init
      assert.deepInclude(reply, { type: "error", code: 14 })
      assert.match(String(reply.text), /1024/)
    })
  )

  it.effect.prop(
    "are unique and increasing on each node, whatever its clock does",
    [Readings],
    ([readings]) =>
      Effect.gen(function* () {
        const nodes = yield* Effect.forEach(nodeIds.slice(0, 2), (id) => TestNode.start(layer, { id, nodeIds }))
        const ids = nodes.map((): Array<bigint> => [])
        for (const reading of readings) {
          yield* TestClock.setTime(epochMillis + 1000 + reading)
          for (const [i, node] of nodes.entries()) {
            ids[i]!.push(...(yield* generate(node, 1 + (reading % 3))))
          }
        }
        for (const [i, own] of ids.entries()) {
          increasing(own)
          assert.isTrue(own.every((id) => parts(id).node === i))
        }
        assert.strictEqual(new Set(ids.flat()).size, ids.flat().length)
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 50 } }
  )

  it.effect("stay unique and increasing when the clock steps back far, and follow it again later", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer, { id: "n1", nodeIds })
      yield* TestClock.setTime(epochMillis + 10_000)
      const before = yield* generate(node, 10)
      yield* TestClock.setTime(epochMillis - 10_000)
      const during = yield* generate(node, 10)
      yield* TestClock.setTime(epochMillis + 20_000)
      const after = yield* generate(node, 10)
      increasing([...before, ...during, ...after])
      assert.deepStrictEqual(parts(after[0]!), { millis: 20_000, node: 1, sequence: 0 })
    })
  )

  it.effect("go on into the next millisecond when there are more than 4096 in one", () =>
    Effect.gen(function* () {
      const node = yield* TestNode.start(layer, { id: "n1", nodeIds })
      yield* TestClock.setTime(epochMillis + 5)
      const ids = yield* generate(node, 4096 + 10)
      increasing(ids)
      assert.deepStrictEqual(parts(ids[4095]!), { millis: 5, node: 1, sequence: 4095 })
      assert.deepStrictEqual(parts(ids[4096]!), { millis: 6, node: 1, sequence: 0 })
      yield* TestClock.setTime(epochMillis + 6)
      const next = yield* generate(node, 4096)
      increasing([...ids, ...next])
    })
  )
})
